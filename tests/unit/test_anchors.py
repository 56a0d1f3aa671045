"""anchor_stability and anchor_profile_stability."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha._kernels import condensed_distances, cross_distances, self_distances
from fastshesha._warnings import ConstantInputWarning
from unit.plain import average_ranks, spearman

RNG = np.random.default_rng(8)
X = RNG.standard_normal((60, 5))
Y = X + 0.5 * RNG.standard_normal((60, 5))
METRICS = ["cosine", "correlation", "euclidean"]
deprecated = pytest.mark.filterwarnings("ignore:anchor_stability correlates flattened")


def rectangle(A: Any, B: Any, metric: str) -> Any:
    """Distances of every row of A to every row of B, one pair at a time."""
    pairs = [[condensed_distances(np.stack([a, b]), metric)[0] for b in B] for a in A]
    return np.array(pairs).reshape(len(A), len(B))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(("k", "m"), [(1, 1), (1, 150), (7, 53), (70, 3), (0, 4), (4, 0)])
def test_cross_distances_are_those_of_single_pairs(metric: str, k: int, m: int) -> None:
    rows = np.random.default_rng(k).integers(-3, 4, (k + m, 5)) + 0.1
    found = cross_distances(rows[:k], rows[k:], metric)
    np.testing.assert_array_equal(found, rectangle(rows[:k], rows[k:], metric))


@pytest.mark.parametrize("metric", METRICS)
def test_self_distances(metric: str) -> None:
    expected = [condensed_distances(np.stack([row, row]), metric)[0] for row in X]
    np.testing.assert_array_equal(self_distances(X, metric), expected)


@deprecated
@pytest.mark.parametrize("rank_normalize", [True, False])
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_definition_of_anchor_stability(metric: Any, rank_normalize: bool) -> None:
    rng = np.random.default_rng(4)
    anchors = rng.choice(60, 6, replace=False)
    others = np.setdiff1d(np.arange(60), anchors)
    expected = []
    for _ in range(3):
        order = rng.permutation(others)
        sides = [rectangle(X[anchors], X[part], metric) for part in (order[:20], order[20:40])]
        if rank_normalize:
            sides = [np.array([average_ranks(row) for row in side]) for side in sides]
        expected.append(spearman(*(side.ravel() for side in sides)))
    found = fastshesha.anchor_stability(
        X, 3, n_anchors=6, n_per_split=20, metric=metric, rank_normalize=rank_normalize, seed=4
    )
    assert found == pytest.approx(float(np.mean(expected)), abs=1e-12)


@deprecated
def test_scarce_samples_shrink_the_numbers() -> None:
    assert fastshesha.anchor_stability(X, 3, seed=1) == fastshesha.anchor_stability(
        X, 3, n_anchors=10, n_per_split=21, seed=1
    )
    assert math.isnan(fastshesha.anchor_stability(X[:49], 3, seed=1))


@deprecated
def test_undefined_distances_of_anchors() -> None:
    with_zeros = np.vstack([np.zeros((2, 5)), X])
    options: dict[str, Any] = {"n_anchors": 20, "n_per_split": 21, "seed": 0, "n_splits": 2}
    with pytest.raises(ValueError, match="distances"):
        fastshesha.anchor_stability(with_zeros, **options)
    assert math.isnan(fastshesha.anchor_stability(with_zeros, **options, nan_policy="propagate"))
    for policy in ("omit", "replace"):
        for ranks in (True, False):
            with pytest.warns(UserWarning, match=policy):
                fastshesha.anchor_stability(
                    with_zeros, **options, nan_policy=policy, rank_normalize=ranks
                )


def test_anchor_stability_warns() -> None:
    with pytest.warns(FutureWarning, match="anchor_profile_stability"):
        fastshesha.shesha(X, variant="anchor", n_splits=1)
    with pytest.warns(FutureWarning), pytest.warns(ConstantInputWarning):
        assert math.isnan(fastshesha.anchor_stability(np.ones((60, 5)), 1))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("method", ["spearman", "pearson"])
def test_definition_of_profiles(metric: Any, method: Any) -> None:
    anchors, probes = [3, 50, 7], [8, 1, 20, 30, 59]
    sides = [rectangle(side[anchors], side[probes], metric) for side in (X, Y)]
    correlate = spearman if method == "spearman" else lambda a, b: np.corrcoef(a, b)[0, 1]
    expected = [correlate(a, b) for a, b in zip(*sides, strict=True)]
    result = fastshesha.anchor_profile_stability(
        X, Y, anchors, probes, metric=metric, method=method, return_type="result"
    )
    assert result.component_scores == pytest.approx(expected, abs=1e-12)
    assert result.estimate == pytest.approx(float(np.mean(expected)), abs=1e-12)
    assert result.monte_carlo_se == 0.0


def test_probes_are_all_others_by_default() -> None:
    assert fastshesha.anchor_profile_stability(
        X, Y, range(5)
    ) == fastshesha.anchor_profile_stability(X, Y, range(5), range(5, 60))


def test_profiles_by_identifier() -> None:
    names = np.array([f"stimulus {row}" for row in range(60)])
    order = np.random.default_rng(1).permutation(60)
    by_name = fastshesha.anchor_profile_stability(
        X, Y[order], names[[4, 9]], names[20:30], ids_a=names, ids_b=names[order]
    )
    assert by_name == fastshesha.anchor_profile_stability(X, Y, [4, 9], np.arange(20, 30))


def test_bootstrap_over_probes() -> None:
    rng = np.random.default_rng(6)
    sides = [rectangle(side[:4], side[4:], "cosine") for side in (X, Y)]
    scores = []
    for _ in range(7):
        drawn = rng.choice(56, 56, replace=True)
        rows = zip(*(side[:, drawn] for side in sides), strict=True)
        scores.append(np.mean([spearman(a, b) for a, b in rows]))
    result = fastshesha.anchor_profile_stability(
        X, Y, range(4), n_bootstrap_ci=7, ci=0.8, seed=6, return_type="result"
    )
    expected = np.percentile(scores, [10, 90])
    assert [result.data_ci_low, result.data_ci_high] == pytest.approx(expected, abs=1e-12)
    assert (result.n_bootstraps, result.ci_level) == (7, 0.8)


def test_metadata_of_profiles() -> None:
    X_zero = np.vstack([X, np.zeros((1, 5))])
    Y_more = np.vstack([Y, np.ones((1, 5))])
    options: dict[str, Any] = {"anchor_ids": [0, 60], "seed": 2, "return_type": "result"}
    with pytest.warns(UserWarning, match="omit"):
        result = fastshesha.anchor_profile_stability(X_zero, Y_more, **options, nan_policy="omit")
    assert list(result.metadata) == [
        "estimator", "package_version", "metric", "method", "nan_policy", "seed", "n_samples",
        "n_features_a", "n_features_b", "n_anchors", "n_probes", "aligned_by_ids",
        "bootstrap_unit", "n_valid_anchors",
    ]  # fmt: skip
    assert (result.metadata["n_anchors"], result.metadata["n_valid_anchors"]) == (2, 1)
    assert math.isnan(result.component_scores[1])
    assert [note[:14] for note in result.warnings] == ["1 of 2 anchors"]
    result = fastshesha.anchor_profile_stability(
        X_zero, Y_more, **options, nan_policy="propagate", n_bootstrap_ci=3
    )
    assert math.isnan(result.estimate)
    assert (result.component_scores, len(result.warnings)) == ((), 2)
    assert "n_valid_anchors" not in result.metadata


WRONG_CHOICES: list[tuple[dict[str, Any], str]] = [
    ({"anchor_ids": []}, "anchor_ids must be a non-empty 1-dimensional sequence, got shape (0,)"),
    ({"anchor_ids": 3}, "anchor_ids must be a non-empty 1-dimensional sequence, got shape ()"),
    ({"anchor_ids": [0, 0]}, "anchor_ids must not hold duplicates, got 1 more than once"),
    ({"anchor_ids": [60]}, "anchor_ids must lie in [0, 60), got 60"),
    ({"anchor_ids": [-1]}, "anchor_ids must lie in [0, 60), got -1"),
    (
        {"anchor_ids": [0.0]},
        "anchor_ids must hold integer row indices where ids_a and ids_b are not given, got float64",
    ),
    (
        {"anchor_ids": [0], "probe_ids": [0, 1, 2]},
        "anchor_ids and probe_ids must be disjoint, got 1 in common",
    ),
    (
        {"anchor_ids": [0], "probe_ids": [1, 2]},
        "anchor_profile_stability needs at least 3 probe observations, got 2",
    ),
    (
        {"anchor_ids": ["a", "b"], "ids_a": range(60), "ids_b": range(60)},
        "anchor_ids must hold identifiers of ids_a, got 2 unknown identifier(s): 'a', 'b'",
    ),
]


@pytest.mark.parametrize(("options", "message"), WRONG_CHOICES)
def test_wrong_choices(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        fastshesha.anchor_profile_stability(X, Y, **options)
    assert str(caught.value) == message
