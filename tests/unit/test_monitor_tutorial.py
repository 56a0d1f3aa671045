"""The tutorial's two functions in `fastshesha.monitor`."""

from __future__ import annotations

import math

import numpy as np
import pytest

import fastshesha
from fastshesha.monitor import monitor_training, should_stop_early

LABELS = np.repeat([0, 1], 10)


def matrices(n_epochs: int) -> list[np.ndarray]:
    return list(np.random.default_rng(1).standard_normal((n_epochs, 20, 8)))


def test_each_epoch_is_scored_by_the_three_metrics() -> None:
    history = matrices(3)
    assert monitor_training(iter(history), LABELS) == {
        "stability": [fastshesha.feature_split(X, seed=320) for X in history],
        "alignment": [fastshesha.supervised_alignment(X, LABELS, seed=320) for X in history],
        "var_ratio": [fastshesha.variance_ratio(X, LABELS) for X in history],
    }


def test_the_seed_reaches_the_partitions() -> None:
    history = matrices(1)
    first, second = (monitor_training(history, LABELS, seed=seed) for seed in (1, 2))
    assert first["stability"] != second["stability"]
    assert first["var_ratio"] == second["var_ratio"]


def test_progress_counts_the_epochs_done() -> None:
    seen: list[int] = []
    monitor_training(matrices(3), LABELS, on_epoch=seen.append)
    assert seen == [1, 2, 3]


def test_an_epoch_that_is_a_batch_is_refused() -> None:
    with pytest.raises(TypeError, match="embeddings_history must hold one array per epoch"):
        monitor_training([matrices(2)], LABELS)


@pytest.mark.parametrize(
    ("stability", "expected"),
    [
        ([0.1, 0.1], False),
        ([0.1, 0.1, 0.1], True),
        ([0.9, 0.1, 0.1, 0.1], True),
        ([0.1, 0.1, 0.1, 0.2], False),
        ([0.1, math.nan, 0.1], False),
        ([], False),
    ],
)
def test_the_rule_looks_at_the_last_three_epochs(stability: list[float], expected: bool) -> None:
    assert should_stop_early({"stability": stability}) is expected


def test_patience_and_threshold_can_be_set() -> None:
    metrics = {"stability": [0.9, 0.4, 0.4]}
    assert should_stop_early(metrics, patience=2, stability_threshold=0.5)
    assert not should_stop_early(metrics, 3, 0.5)


@pytest.mark.parametrize("patience", [0, -1])
def test_a_patience_below_one_is_refused(patience: int) -> None:
    with pytest.raises(ValueError, match=rf"patience must be .* at least 1; got {patience}"):
        should_stop_early({"stability": [0.1]}, patience=patience)
