"""Watching representations while a model is trained."""

from fastshesha.monitor.tutorial import monitor_training, should_stop_early

__all__ = ["monitor_training", "should_stop_early"]
