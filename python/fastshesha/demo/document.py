"""The demo's results as one plain document, ready to be written as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastshesha import __version__
from fastshesha.demo.scenario import ScenarioReport
from fastshesha.demo.simulation import DEFAULT_SEED


def training_dynamics(reports: Sequence[ScenarioReport]) -> dict[str, Any]:
    """Curves, diagnosis, epochs of alarm and early stopping, metric seconds of every scenario."""
    return {
        "version": __version__,
        "seed": DEFAULT_SEED,
        "metric_seconds": sum(report.metric_seconds for report in reports),
        "scenarios": {report.scenario: _scenario_entry(report) for report in reports},
    }


def _scenario_entry(report: ScenarioReport) -> dict[str, Any]:
    return {
        "title": report.title,
        "curves": report.curves,
        "diagnosis": report.diagnosis,
        "reason": report.reason,
        "alarm_epoch": report.alarm_epoch,
        "early_stop_epoch": report.early_stop_epoch,
        "metric_seconds": report.metric_seconds,
    }
