"""feature_split against its definition in plain numpy, and its rules."""

from __future__ import annotations

import logging
import math
import warnings
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha._resources.threads import resolve_threads
from unit.plain import split_score

X = np.random.default_rng(5).standard_normal((30, 13))
WITH_ZEROS = np.where((np.arange(30)[:, None] < 3) & (np.arange(13) < 11), 0.0, X)


def plain_scores(X: Any, seed: Any, n_splits: int, metric: str = "cosine") -> list[float]:
    rng = np.random.default_rng(seed)
    return [split_score(X, rng.permutation(X.shape[1]), metric) for _ in range(n_splits)]


@pytest.mark.parametrize("metric", ["cosine", "correlation"])
def test_definition(metric: Any) -> None:
    expected = plain_scores(X, 320, 7, metric)
    found = fastshesha.feature_split(X, 7, metric, 320, return_all_splits=True)
    assert found["split_scores"] == pytest.approx(expected, abs=1e-12)
    assert found["mean"] == fastshesha.feature_split(X, 7, metric, 320)
    assert found["mean"] == pytest.approx(float(np.mean(expected)), abs=1e-12)


def test_rows_are_drawn_before_splits() -> None:
    rng = np.random.default_rng(1)
    rows = X[rng.choice(30, 12, replace=False)]
    expected = [split_score(rows, rng.permutation(13), "cosine") for _ in range(3)]
    found = fastshesha.feature_split(X, n_splits=3, seed=1, max_samples=12)
    assert found == pytest.approx(float(np.mean(expected)), abs=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int8, np.bool_])
def test_narrow_types_score_as_float64(dtype: Any) -> None:
    narrow = (X * 3).round().astype(dtype)
    options = {"seed": 1, "n_splits": 4, "max_samples": 20, "nan_policy": "omit"}
    wide = fastshesha.feature_split(narrow.astype(np.float64), **options)
    assert fastshesha.feature_split(narrow, **options) == wide


def test_dict_bootstrap_seeds_every_replicate_anew() -> None:
    rng = np.random.default_rng(2)
    replicates = [rng.choice(30, 30, replace=True) for _ in range(4)]
    scores = [fastshesha.feature_split(X[rows], n_splits=3, seed=2) for rows in replicates]
    found = fastshesha.feature_split(X, n_splits=3, seed=2, n_bootstrap_ci=4, ci=0.8)
    assert found == {
        "mean": float(np.mean(scores)),
        "ci_low": float(np.percentile(scores, 100 * (1 - 0.8) / 2)),
        "ci_high": float(np.percentile(scores, 100 * (1 - (1 - 0.8) / 2))),
        "std": float(np.std(scores)),
        "n_bootstraps": 4,
        "ci_level": 0.8,
    }


@pytest.mark.parametrize("shape", [(3, 9), (9, 3), (0, 0)])
def test_too_small(shape: tuple[int, int]) -> None:
    small = np.ones(shape)
    assert math.isnan(fastshesha.feature_split(small))
    assert math.isnan(fastshesha.feature_split(small, return_all_splits=True))
    bootstrap = fastshesha.feature_split(small, n_bootstrap_ci=3)
    assert bootstrap["n_bootstraps"] == 0
    result = fastshesha.feature_split(small, return_type="result")
    assert math.isnan(result.estimate)
    assert result.warnings == (f"at least 4 samples and 4 features are needed, got shape {shape}",)


def test_a_list_is_a_batch() -> None:
    both = fastshesha.feature_split([X, X[:20]], n_splits=3, seed=1)
    assert both == [fastshesha.feature_split(part, n_splits=3, seed=1) for part in (X, X[:20])]
    assert fastshesha.feature_split([]) == []


def test_policies_for_undefined_distances() -> None:
    rng = np.random.default_rng(0)
    permutations = [rng.permutation(13) for _ in range(6)]
    # Three rows are zero on a half without columns 11 and 12: 84 of 435 pairs have no direction.
    n_affected = sum(max(p[:6]) < 11 or max(p[6:12]) < 11 for p in permutations)
    assert 0 < n_affected < 6
    counted = f"^%s {84 * n_affected} undefined distances.*; .* affected: {n_affected}$"

    def score(policy: Any) -> float:
        return fastshesha.feature_split(WITH_ZEROS, n_splits=6, seed=0, nan_policy=policy)

    assert math.isnan(score("propagate"))
    with pytest.warns(UserWarning, match=counted % "Omitted") as omitted:
        without = score("omit")
    with pytest.warns(UserWarning, match=counted % "Replaced") as replaced:
        filled = score("replace")
    assert len(omitted) == len(replaced) == 1
    assert without != filled


def test_equal_distances_are_skipped() -> None:
    with pytest.warns(UserWarning, match="^Omitted"):
        result = fastshesha.feature_split(
            np.eye(12)[:, :8], n_splits=5, seed=1, nan_policy="omit", return_type="result"
        )
    assert math.isnan(result.estimate)
    assert result.n_valid_splits == 0
    assert result.warnings == (
        "5 of 5 feature partitions were unestimable: they have no finite score.",
    )


def test_one_line_of_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="fastshesha"), fastshesha.config(threads=1):
        fastshesha.feature_split(X.astype(np.float32), n_splits=3)
        n_threads, source = resolve_threads()
    assert [record.getMessage() for record in caplog.records] == [
        f"feature_split: 30 x 13 float32, 3 splits, {n_threads} threads ({source})"
    ]


def test_threads_do_not_change_a_bit() -> None:
    scores = []
    for threads in (1, 2, 7):
        with fastshesha.config(threads=threads):
            scores.append(fastshesha.feature_split(X, seed=1, return_all_splits=True))
    assert scores[0] == scores[1] == scores[2]


@pytest.mark.parametrize("n_zero_rows", [0, 3])
@pytest.mark.parametrize("n_splits", [1, 2])
def test_few_splits_of_tied_data_share_the_threads(n_splits: int, n_zero_rows: int) -> None:
    tied = np.random.default_rng(3).integers(0, 3, (400, 61)).astype(float)
    tied[:n_zero_rows] = 0.0
    options: dict[str, Any] = {"n_splits": n_splits, "seed": 1, "return_all_splits": True}
    scores = []
    for threads in (1, 2, 3, 7):
        with fastshesha.config(threads=threads), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scores.append(fastshesha.feature_split(tied, **options, nan_policy="omit"))
    assert np.isfinite(scores[0]["split_scores"]).all()
    assert all(found == scores[0] for found in scores)
