"""rdm_similarity, rdm_drift and compute_rdm."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import sim
from unit.plain import distances, spearman

RNG = np.random.default_rng(3)
X = RNG.standard_normal((25, 9))
Y = X[:, :6] + 0.5 * RNG.standard_normal((25, 6))
X_WITH_ZERO = np.where(np.arange(25)[:, None] == 4, 0.0, X)
METRICS = ["cosine", "correlation", "euclidean"]


def correlation(a: Any, b: Any, method: str) -> float:
    return spearman(a, b) if method == "spearman" else float(np.corrcoef(a, b)[0, 1])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("method", ["spearman", "pearson"])
def test_definition(metric: Any, method: Any) -> None:
    expected = correlation(distances(X, metric), distances(Y, metric), method)
    similarity = fastshesha.rdm_similarity(X, Y, method, metric)
    assert similarity == pytest.approx(expected, abs=1e-12)
    assert sim.rdm_similarity(X, Y, metric, method) == similarity
    assert fastshesha.rdm_drift(X, Y, method, metric) == 1.0 - similarity


@pytest.mark.parametrize("metric", METRICS)
def test_compute_rdm(metric: Any) -> None:
    found = fastshesha.compute_rdm(X, metric)
    assert found.dtype == np.float64
    assert found == pytest.approx(distances(X, metric), abs=1e-12)


def test_normalizing_rows_changes_cosine_by_rounding_only() -> None:
    scaled = fastshesha.compute_rdm(X)
    plain = fastshesha.compute_rdm(X, normalize=False)
    assert scaled == pytest.approx(plain, abs=1e-15)
    assert not np.array_equal(scaled, plain)


def test_undefined_entries_of_an_rdm() -> None:
    kept = fastshesha.compute_rdm(X_WITH_ZERO, nan_policy="propagate")
    assert np.isnan(kept).sum() == 24
    with pytest.warns(UserWarning, match=r"^Replaced 24 undefined distances by 1.0") as caught:
        filled = fastshesha.compute_rdm(X_WITH_ZERO, nan_policy="replace")
    assert len(caught) == 1
    assert np.array_equal(filled, np.where(np.isnan(kept), 1.0, kept))
    assert len(fastshesha.compute_rdm(X[:1])) == len(fastshesha.compute_rdm(X[:0])) == 0


def test_policies_for_undefined_distances() -> None:
    a = fastshesha.compute_rdm(X_WITH_ZERO, nan_policy="propagate")
    b = fastshesha.compute_rdm(Y, normalize=False)
    defined = np.isfinite(a)
    assert math.isnan(fastshesha.rdm_similarity(X_WITH_ZERO, Y, nan_policy="propagate"))
    with pytest.warns(UserWarning, match=r"^Omitted 24 undefined distances"):
        found = fastshesha.rdm_similarity(X_WITH_ZERO, Y, nan_policy="omit")
    assert found == pytest.approx(spearman(a[defined], b[defined]), abs=1e-12)
    with pytest.warns(UserWarning, match=r"^Replaced 24 undefined distances by 1.0"):
        found = fastshesha.rdm_similarity(X_WITH_ZERO, Y, nan_policy="replace")
    assert found == pytest.approx(spearman(np.where(defined, a, 1.0), b), abs=1e-12)


@pytest.mark.parametrize(("n_samples", "expected"), [(0, math.nan), (2, math.nan)])
def test_too_few_samples(n_samples: int, expected: float) -> None:
    few = X[:n_samples], Y[:n_samples]
    assert fastshesha.rdm_similarity(*few) == pytest.approx(expected, nan_ok=True)
    assert fastshesha.rdm_drift(*few) == pytest.approx(expected, nan_ok=True)
    result = fastshesha.rdm_similarity(*few, n_bootstrap_ci=4, return_type="result")
    assert math.isnan(result.estimate)
    assert result.warnings == (
        "4 of 4 bootstrap resamples were unestimable: they have no finite score.",
    )


def test_equal_distances() -> None:
    assert fastshesha.rdm_similarity(np.eye(25), Y) == 0.0
    assert fastshesha.rdm_drift(np.eye(25), Y) == 1.0


def test_dict_bootstrap_keeps_self_pairs() -> None:
    rng = np.random.default_rng(8)
    scores = []
    for _ in range(4):
        rows = rng.choice(25, 25, replace=True)
        scores.append(fastshesha.rdm_similarity(X[rows], Y[rows], metric="euclidean"))
    found = fastshesha.rdm_similarity(X, Y, metric="euclidean", n_bootstrap_ci=4, seed=8)
    assert found["mean"] == float(np.mean(scores))
    assert found["std"] == float(np.std(scores))
    assert list(found) == ["mean", "ci_low", "ci_high", "std", "n_bootstraps", "ci_level"]
    drift = fastshesha.rdm_drift(X, Y, metric="euclidean", n_bootstrap_ci=4, seed=8)
    assert drift["mean"] == pytest.approx(1.0 - found["mean"], abs=1e-15)


@pytest.mark.parametrize("drift", [False, True])
@pytest.mark.parametrize("method", ["spearman", "pearson"])
def test_result_bootstrap_drops_self_pairs(method: Any, drift: bool) -> None:
    a, b = distances(X, "euclidean"), distances(Y, "euclidean")
    square = np.zeros((25, 25), dtype=int)
    square[np.triu_indices(25, k=1)] = np.arange(300)
    square += square.T
    rng = np.random.default_rng(8)
    left, right = np.triu_indices(25, k=1)
    scores = []
    for _ in range(5):
        rows = rng.choice(25, 25, replace=True)
        distinct = rows[left] != rows[right]
        pairs = square[rows[left][distinct], rows[right][distinct]]
        scores.append(correlation(a[pairs], b[pairs], method))
    function = fastshesha.rdm_drift if drift else fastshesha.rdm_similarity
    result = function(X, Y, method, "euclidean", 5, 0.5, 8, return_type="result")
    expected = np.percentile([1.0 - score for score in scores] if drift else scores, [25, 75])
    assert [result.data_ci_low, result.data_ci_high] == pytest.approx(list(expected), abs=1e-12)
    assert result.estimate == function(X, Y, method, "euclidean")
    assert (result.monte_carlo_se, result.n_valid_splits, result.n_bootstraps) == (0.0, None, 5)
    result.metadata.pop("bootstrap_unit")
    assert list(result.metadata.items()) == [
        ("estimator", "rdm_drift" if drift else "rdm_similarity"),
        ("package_version", fastshesha.__version__),
        ("metric", "euclidean"),
        ("method", method),
        ("nan_policy", "raise"),
        ("seed", 8),
        ("n_samples", 25),
        ("n_features_a", 9),
        ("n_features_b", 6),
    ]


@pytest.mark.parametrize(
    ("policy", "n_bootstraps"), [("propagate", 0), ("omit", 3), ("replace", 3)]
)
@pytest.mark.filterwarnings("ignore:.* 24 undefined distances:UserWarning")
def test_result_bootstrap_with_undefined_distances(policy: Any, n_bootstraps: int) -> None:
    result = fastshesha.rdm_similarity(
        X_WITH_ZERO, Y, n_bootstrap_ci=3, seed=1, nan_policy=policy, return_type="result"
    )
    assert result.n_bootstraps == n_bootstraps
    assert math.isnan(result.estimate) == (policy == "propagate")
