"""Watching representations while a model is trained."""

from fastshesha.monitor.alarms import Alarm
from fastshesha.monitor.plots import (
    plot_history,
    plot_rdm,
    plot_similarity_matrix,
    plot_tradeoff,
    plot_training_dynamics,
)
from fastshesha.monitor.report import MonitorReport
from fastshesha.monitor.signals import SIGNALS, MonitorWarning
from fastshesha.monitor.training_monitor import TrainingMonitor
from fastshesha.monitor.tutorial import monitor_training, should_stop_early

__all__ = [
    "SIGNALS",
    "Alarm",
    "MonitorReport",
    "MonitorWarning",
    "TrainingMonitor",
    "monitor_training",
    "plot_history",
    "plot_rdm",
    "plot_similarity_matrix",
    "plot_tradeoff",
    "plot_training_dynamics",
    "should_stop_early",
]
