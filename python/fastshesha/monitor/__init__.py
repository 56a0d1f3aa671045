"""Watching representations while a model is trained."""

from fastshesha.monitor.alarms import Alarm
from fastshesha.monitor.report import MonitorReport
from fastshesha.monitor.signals import SIGNALS
from fastshesha.monitor.training_monitor import MonitorWarning, TrainingMonitor
from fastshesha.monitor.tutorial import monitor_training, should_stop_early

__all__ = [
    "SIGNALS",
    "Alarm",
    "MonitorReport",
    "MonitorWarning",
    "TrainingMonitor",
    "monitor_training",
    "should_stop_early",
]
