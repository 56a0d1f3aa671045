"""Pearson's correlation of RDMs by algebra, against that of all distances."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import fastshesha
from scale.families import ADVERSE, FREE_OF_TIES, WITH_TIES

FAMILIES = FREE_OF_TIES | WITH_TIES | ADVERSE
METRICS = ("cosine", "correlation", "euclidean")


def both(X: Any, Y: Any, **options: Any) -> tuple[Any, Any]:
    """The value by algebra, and that of all distances."""
    with fastshesha.config(exact_pairs=1000):
        by_algebra = fastshesha.rdm_similarity(X, Y, method="pearson", **options)
    return by_algebra, fastshesha.rdm_similarity(X, Y, method="pearson", **options)


def partner(X: Any, rng: np.random.Generator) -> Any:
    spread = np.sqrt(np.mean(X.std(axis=0) ** 2))
    return X[:, ::2] + 0.5 * spread * rng.standard_normal((X.shape[0], X[:, ::2].shape[1]))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.filterwarnings("ignore:.*undefined:UserWarning")
def test_the_value_is_that_of_all_distances(family: str, metric: str) -> None:
    rng = np.random.default_rng(3)
    X = FAMILIES[family](rng, 600, 32)
    Y = partner(X, rng)
    found, expected = both(X, Y, metric=metric, nan_policy="omit")
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("metric", ["cosine", "correlation"])
@pytest.mark.parametrize("offset", [10.0, 1e3, 1e5])
def test_a_common_direction_costs_no_digits_of_its_own(metric: str, offset: float) -> None:
    rng = np.random.default_rng(4)
    X = rng.standard_normal((500, 20)) + offset * np.linspace(1.0, 2.0, 20)
    Y = X + rng.standard_normal(X.shape)
    found, expected = both(X, Y, metric=metric)
    # Distances themselves are of rounding: about eps of 1 against variances near 1 / offset^2.
    assert found == pytest.approx(expected, abs=1e-14 * max(100.0, offset**2))


@pytest.mark.parametrize("nan_policy", ["omit", "replace", "propagate"])
@pytest.mark.parametrize("metric", ["cosine", "correlation"])
@pytest.mark.filterwarnings("ignore:.*undefined:UserWarning")
def test_undefined_rows_follow_the_policy(metric: str, nan_policy: str) -> None:
    rng = np.random.default_rng(5)
    X, Y = rng.standard_normal((2, 200, 9))
    X[[3, 50]] = 0.0
    Y[[50, 120]] = 0.0
    options: dict[str, Any] = {"metric": metric, "nan_policy": nan_policy}
    found, expected = both(X, Y, **options)
    assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)
    results: list[Any] = []
    for exact_pairs in (1000, 10**9):
        with fastshesha.config(exact_pairs=exact_pairs):
            results.append(
                fastshesha.replicate_stability(
                    X, Y, method="pearson", return_type="result", **options
                )
            )
    assert results[0].estimate == pytest.approx(results[1].estimate, abs=1e-12, nan_ok=True)
    assert results[0].metadata.get("n_pairs") == results[1].metadata.get("n_pairs")
    with pytest.raises(ValueError, match="Undefined distances: 594"):
        both(X, Y, metric=metric)


@pytest.mark.parametrize("metric", ["cosine", "correlation", "euclidean"])
def test_equal_distances_have_no_correlation(metric: Any) -> None:
    rng = np.random.default_rng(6)
    X, Y = np.eye(100), rng.standard_normal((100, 5))
    with fastshesha.config(exact_pairs=1000):
        assert fastshesha.rdm_similarity(X, Y, "pearson", metric) == 0.0
        assert fastshesha.rdm_drift(X, Y, "pearson", metric) == 1.0
        score = fastshesha.replicate_stability(X, Y, metric=metric, method="pearson")
    assert math.isnan(score)


def test_results_tell_the_pairs_and_overflow_is_refused() -> None:
    rng = np.random.default_rng(7)
    X, Y = rng.standard_normal((2, 300, 6))
    with fastshesha.config(exact_pairs=1000):
        result: Any = fastshesha.rdm_drift(X, Y, method="pearson", return_type="result")
        with pytest.raises(ValueError, match="Squared distances overflow; scale X and Y down"):
            fastshesha.rdm_drift(1e200 * X, Y, method="pearson", metric="euclidean")
    assert result.metadata["n_pairs"] == 300 * 299 // 2
    assert result.estimate == pytest.approx(fastshesha.rdm_drift(X, Y, "pearson"), abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_blocks_and_threads_change_nothing_that_matters(
    metric: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(8)
    X, Y = rng.standard_normal((2, 700, 12)).astype(np.float32)
    found, expected = both(X, Y, metric=metric)
    monkeypatch.setattr("fastshesha.scale.pearson_algebra._VALUES_PER_BLOCK", 500)
    monkeypatch.setattr("fastshesha.scale.pair_plans._MOST_ROWS_OF_SQUARE", 37)
    again, _ = both(X, Y, metric=metric)
    assert found == pytest.approx(expected, abs=1e-12)
    assert again == pytest.approx(expected, abs=1e-12)
