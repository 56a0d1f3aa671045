"""perturbation_effect_size."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from fastshesha.bio import perturbation_effect_size

RNG = np.random.default_rng(8)
CONTROL = RNG.standard_normal((30, 130))
PERTURBED = RNG.standard_normal((20, 130)) + 0.5


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("kind", ["f4", "f8", "i4"])
def test_definition(kind: str, order: Any) -> None:
    X, Y = (np.array(3 * rows, dtype=kind, order=order) for rows in (CONTROL, PERTURBED))
    distance = np.linalg.norm(Y.mean(axis=0, dtype=float) - X.mean(axis=0, dtype=float))
    assert perturbation_effect_size(X, Y) == pytest.approx(distance, rel=1e-14)
    pooled = (X.astype(float).var(axis=0, ddof=1) + Y.astype(float).var(axis=0, ddof=1)) / 2
    expected = distance / np.sqrt(pooled.mean())
    assert perturbation_effect_size(X, Y, "cohen") == pytest.approx(expected, rel=1e-11)


def test_one_feature_needs_no_second_axis() -> None:
    expected = abs(CONTROL[:, 0].mean() - PERTURBED[:, 0].mean())
    assert perturbation_effect_size(CONTROL[:, 0], PERTURBED[:, 0]) == pytest.approx(expected)
    assert perturbation_effect_size(CONTROL[:, 0], PERTURBED[:, :1]) == pytest.approx(expected)


def test_missing_values_go_through() -> None:
    control = CONTROL.copy()
    control[0, 0] = np.nan
    assert math.isnan(perturbation_effect_size(control, PERTURBED))
    replicates = perturbation_effect_size(control, PERTURBED, n_bootstrap_ci=5, seed=0)
    assert 0 < replicates["n_bootstraps"] < 5
    result: Any = perturbation_effect_size(
        control, PERTURBED, n_bootstrap_ci=5, seed=0, return_type="result"
    )
    assert math.isnan(result.estimate)
    assert (result.data_ci_low, result.n_bootstraps) == (
        replicates["ci_low"],
        replicates["n_bootstraps"],
    )
    assert list(result.metadata)[-2:] == ["metric", "seed"]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_too_few_rows() -> None:
    assert math.isnan(perturbation_effect_size(CONTROL[:0], PERTURBED))
    assert math.isnan(perturbation_effect_size(CONTROL[:1], PERTURBED, "cohen"))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"metric": "hedges"}, ValueError, "metric: must be one of 'euclidean', 'cohen'; got"),
        ({"n_bootstrap_ci": -1}, ValueError, "n_bootstrap_ci must be an integer >= 1, got -1"),
        ({"n_bootstrap_ci": "5"}, TypeError, "n_bootstrap_ci must be an integer >= 1, got '5'"),
        ({"n_bootstrap_ci": 2, "ci": 2}, ValueError, "ci must be a number from 0 to 1, got 2"),
        ({"n_bootstrap_ci": 2, "ci": "1"}, TypeError, "ci must be a number from 0 to 1, got '1'"),
        ({"X_control": CONTROL[:, :1]}, ValueError, "must have the same features, got shapes"),
        ({"X_control": 3.0}, ValueError, "X_control must have one sample per row"),
        ({"X_control": ["a"]}, ValueError, "X_control must be a rectangular array of numbers"),
    ],
)
def test_messages(arguments: dict[str, Any], error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        perturbation_effect_size(**{"X_control": CONTROL, "X_perturbed": PERTURBED, **arguments})
