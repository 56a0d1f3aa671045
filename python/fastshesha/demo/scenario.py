"""One simulated run from its embeddings to its diagnosis."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from fastshesha.demo.diagnosis import Diagnosis, diagnose
from fastshesha.demo.early_stopping import early_stopping_epoch
from fastshesha.demo.simulation import DEFAULT_SEED, simulate_training
from fastshesha.monitor import monitor_training

TITLES = {
    "healthy": "Healthy Training",
    "collapse": "Representation Collapse",
    "divergence": "Divergence (Noisy)",
    "overfit": "Overfitting",
}
N_EPOCHS = 20


@dataclass(frozen=True)
class ScenarioReport:
    """What the demo found out about one simulated run."""

    scenario: str
    curves: dict[str, list[float]]
    diagnosis: Diagnosis
    early_stop_epoch: int | None
    metric_seconds: float

    @property
    def title(self) -> str:
        return TITLES[self.scenario]


def run_scenario(scenario: str, on_epoch: Callable[[int], None] | None = None) -> ScenarioReport:
    """Simulate one scenario, score its epochs and judge the curves.

    Parameters
    ----------
    scenario : {'healthy', 'collapse', 'divergence', 'overfit'}
        The run to simulate.
    on_epoch : callable, optional
        Called as ``on_epoch(n_done)`` after each epoch.
    """
    history, labels = simulate_training(n_epochs=N_EPOCHS, scenario=scenario)
    started = time.perf_counter()
    curves = monitor_training(history, labels, seed=DEFAULT_SEED, on_epoch=on_epoch)
    metric_seconds = time.perf_counter() - started
    return ScenarioReport(
        scenario=scenario,
        curves=curves,
        diagnosis=diagnose(curves),
        early_stop_epoch=early_stopping_epoch(curves),
        metric_seconds=metric_seconds,
    )
