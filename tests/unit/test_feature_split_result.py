"""feature_split with return_type='result', and its convergence."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import fastshesha
from unit.plain import distances, spearman, split_score

X = np.random.default_rng(5).standard_normal((30, 13))
WITH_ZEROS = np.where((np.arange(30)[:, None] < 3) & (np.arange(13) < 11), 0.0, X)


def one_by_one(target: float, n_splits: int, limit: int, rng: np.random.Generator) -> list[float]:
    """Scores of splits drawn until the standard error meets the target."""
    scores: list[float] = []
    while len(scores) < limit:
        scores.append(split_score(X, rng.permutation(13), "cosine"))
        enough = len(scores) >= max(n_splits, 2)
        if enough and np.std(scores, ddof=1) / math.sqrt(len(scores)) <= target:
            break
    return scores


@pytest.mark.parametrize("target", [1.0, 0.05, 0.02, 0.008, 1e-9])
@pytest.mark.parametrize("n_splits", [1, 5])
def test_batches_stop_where_single_splits_would(target: float, n_splits: int) -> None:
    plain = np.random.default_rng(9)
    expected = one_by_one(target, n_splits, 60, plain)
    given = np.random.default_rng(9)
    options: dict[str, Any] = {"target_mc_se": target, "max_splits": 60, "return_type": "result"}
    result = fastshesha.feature_split(X, n_splits=n_splits, seed=given, **options)
    assert result.component_scores == pytest.approx(expected, abs=1e-12)
    assert result.metadata["n_partitions_drawn"] == len(expected)
    assert result.metadata["converged"] is (target > 1e-9)
    assert given.bit_generator.state == plain.bit_generator.state


def test_an_unmet_target() -> None:
    options: dict[str, Any] = {"seed": 1, "n_splits": 3, "target_mc_se": 1e-6, "max_splits": 8}
    with pytest.warns(UserWarning, match=r"did not reach target_mc_se=1e-06: .* after 8 splits"):
        score = fastshesha.feature_split(X, **options)
    result = fastshesha.feature_split(X, return_type="result", **options)
    assert result.estimate == score
    assert len(result.warnings) == 1
    assert result.warnings[0].startswith("feature_split did not reach target_mc_se=1e-06")
    assert result.metadata["converged"] is False


def test_too_small_for_a_target() -> None:
    tiny = X[:3]
    assert math.isnan(fastshesha.feature_split(tiny, target_mc_se=0.1))
    found = fastshesha.feature_split(tiny, target_mc_se=0.1, return_all_splits=True)
    assert math.isnan(found["mean"])
    assert found["split_scores"] == []


def test_fields_of_a_result() -> None:
    scores = fastshesha.feature_split(X, 6, seed=1, max_samples=20, return_all_splits=True)
    result = fastshesha.feature_split(X, 6, seed=1, max_samples=20, return_type="result")
    assert result.estimate == scores["mean"]
    assert result.component_scores == tuple(scores["split_scores"])
    assert result.n_valid_splits == 6
    assert result.partition_sd == float(np.std(scores["split_scores"], ddof=1))
    assert result.monte_carlo_se == result.partition_sd / math.sqrt(6)
    assert result.ci_level is None
    assert math.isnan(result.data_ci_low)
    unit = result.metadata.pop("bootstrap_unit")
    assert "partitions" in unit
    assert list(result.metadata.items()) == [
        ("estimator", "feature_split"),
        ("package_version", fastshesha.__version__),
        ("metric", "cosine"),
        ("nan_policy", "raise"),
        ("seed", 1),
        ("n_splits", 6),
        ("max_samples", 20),
        ("n_samples", 30),
        ("n_features", 13),
        ("n_samples_used", 20),
        ("n_partitions_drawn", 6),
    ]


def test_data_interval_keeps_splits_and_drops_self_pairs() -> None:
    rng = np.random.default_rng(4)
    halves = [rng.permutation(13) for _ in range(3)]
    rows_of = np.random.default_rng(np.random.SeedSequence(4).spawn(1)[0])
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    means = []
    for _ in range(5):
        rows = rows_of.choice(30, 30, replace=True)
        left, right = np.triu_indices(30, k=1)
        distinct = rows[left] != rows[right]
        scores = []
        for half in halves:
            a = distances(unit[rows][:, half[:6]], "cosine")[distinct]
            b = distances(unit[rows][:, half[6:12]], "cosine")[distinct]
            # Copies of a pair must tie exactly: rounding the plain formula makes them so.
            scores.append(spearman(a.round(12), b.round(12)))
        means.append(float(np.mean(scores)))
    result = fastshesha.feature_split(
        X, n_splits=3, seed=4, n_bootstrap_ci=5, ci=0.5, return_type="result"
    )
    assert (result.n_bootstraps, result.ci_level, result.warnings) == (5, 0.5, ())
    assert result.data_ci_low == pytest.approx(float(np.percentile(means, 25)), abs=1e-12)
    assert result.data_ci_high == pytest.approx(float(np.percentile(means, 75)), abs=1e-12)


def test_propagated() -> None:
    result = fastshesha.feature_split(
        WITH_ZEROS, n_splits=40, seed=0, nan_policy="propagate", return_type="result"
    )
    assert math.isnan(result.estimate)
    assert result.n_valid_splits is None
    assert result.component_scores == ()
    assert result.warnings == ("undefined distances make the result NaN (nan_policy='propagate')",)
    assert result.metadata["n_partitions_drawn"] < 40


def test_one_counted_warning_with_a_bootstrap() -> None:
    with pytest.warns(UserWarning, match="^Omitted .* undefined distances") as caught:
        result = fastshesha.feature_split(
            WITH_ZEROS, 4, seed=0, nan_policy="omit", n_bootstrap_ci=3, return_type="result"
        )
    assert len(caught) == 1
    assert result.n_bootstraps == 3
