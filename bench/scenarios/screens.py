"""Scores of perturbation screens, against the original."""

from __future__ import annotations

from bench.data import Data
from bench.scenario import ORIGINAL, Entry, Scenario, both
from bench.scenarios.feature_split import SEED


def _neighbours(data: Data) -> list[Entry]:
    arguments = tuple(data.matrix((5000, 50), seed=seed) for seed in range(2))
    options = {"max_samples": None, "seed": SEED}
    return both("bio.perturbation_coherence_knn", arguments, options)


def _annotated(data: Data) -> list[Entry]:
    screen = data.screen(100_000, 50, n_groups=2000)
    return both("bio.compute_coherence", (screen,), {"perturbation_key": "perturbation"})


SCENARIOS = (
    Scenario(
        "perturbation_coherence_knn/5000x50, 5000 controls", _neighbours, targets={ORIGINAL: 5.0}
    ),
    Scenario(
        "compute_coherence/100000x50, 2000 groups of an AnnData",
        _annotated,
        targets={ORIGINAL: 10.0},
    ),
)
