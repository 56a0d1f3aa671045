"""The demo's results as text."""

from __future__ import annotations

import math

from fastshesha.demo.scenario import ScenarioReport

_HEADER = f"{'epoch':>5}  {'stability':>9}  {'alignment':>9}  {'var ratio':>9}"


def scenario_table(report: ScenarioReport) -> str:
    """One line per epoch, then the monitor's diagnosis and what the tutorial's rule says."""
    curves = report.curves
    values = zip(curves["stability"], curves["alignment"], curves["var_ratio"], strict=True)
    rows = [
        f"{epoch:>5}" + "".join(f"  {_score(value):>9}" for value in epoch_values)
        for epoch, epoch_values in enumerate(values)
    ]
    return "\n".join(
        [
            f"{report.title} ({report.scenario})",
            _HEADER,
            *rows,
            f"diagnosis: {report.diagnosis} ({_alarm(report)})",
            f"the tutorial's early stopping: {_early_stopping(report.early_stop_epoch)}",
        ]
    )


def _score(value: float) -> str:
    # Adding zero turns -0.0 into 0.0.
    return "undefined" if math.isnan(value) else f"{round(value, 4) + 0.0:.4f}"


def _alarm(report: ScenarioReport) -> str:
    at = "" if report.alarm_epoch is None else f"alarm at epoch {report.alarm_epoch}: "
    return f"{at}{report.reason}"


def _early_stopping(epoch: int | None) -> str:
    return "not triggered" if epoch is None else f"stop at epoch {epoch}"
