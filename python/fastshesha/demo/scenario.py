"""One simulated run from its embeddings to its diagnosis."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from fastshesha.demo.early_stopping import early_stopping_epoch
from fastshesha.demo.simulation import DEFAULT_SEED, simulate_training
from fastshesha.monitor import TrainingMonitor

TITLES = {
    "healthy": "Healthy Training",
    "collapse": "Representation Collapse",
    "divergence": "Divergence (Noisy)",
    "overfit": "Overfitting",
}
N_EPOCHS = 20


# As many feature partitions as feature_split takes by itself: the curves are the tutorial's.
_N_SPLITS = 30
_CURVES = ("stability", "alignment", "var_ratio")


@dataclass(frozen=True)
class ScenarioReport:
    """What the demo found out about one simulated run.

    `alarm_epoch` is where the monitor's alarm came, `early_stop_epoch` where the tutorial's rule
    would have ended the run; None where neither did.
    """

    scenario: str
    curves: dict[str, list[float]]
    diagnosis: str
    reason: str
    alarm_epoch: int | None
    early_stop_epoch: int | None
    metric_seconds: float

    @property
    def title(self) -> str:
        return TITLES[self.scenario]


def run_scenario(scenario: str, on_epoch: Callable[[int], None] | None = None) -> ScenarioReport:
    """Simulate one scenario and monitor it.

    Parameters
    ----------
    scenario : {'healthy', 'collapse', 'divergence', 'overfit'}
        The run to simulate.
    on_epoch : callable, optional
        Called as ``on_epoch(n_done)`` after each epoch.
    """
    history, labels = simulate_training(n_epochs=N_EPOCHS, scenario=scenario)
    monitor = TrainingMonitor(seed=DEFAULT_SEED, n_splits=_N_SPLITS, strict=True)
    started = time.perf_counter()
    for n_done, embeddings in enumerate(history, start=1):
        monitor.update(embeddings, labels)
        if on_epoch is not None:
            on_epoch(n_done)
    metric_seconds = time.perf_counter() - started
    curves = {name: monitor.history[name] for name in _CURVES}
    alarm = next((alarm for alarm in monitor.alarms if alarm.is_failure), None)
    return ScenarioReport(
        scenario=scenario,
        curves=curves,
        diagnosis=monitor.diagnosis,
        reason="no alarm" if alarm is None else alarm.reason,
        alarm_epoch=None if alarm is None else alarm.epoch,
        early_stop_epoch=early_stopping_epoch(curves),
        metric_seconds=metric_seconds,
    )
