"""class_separation_ratio and the sums of distances behind it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha._rows import unit_rows
from fastshesha._supervised import cosine_sums
from fastshesha._supervised.cosine_sums import CosineSums
from fastshesha._supervised.pair_sums import PairSums

LABELS = np.random.default_rng(1).permutation(np.arange(36) % 3)
X = np.random.default_rng(6).standard_normal((36, 7)) + LABELS[:, None] * [1, 0, 0, 2, 0, 0, 0]


def pair_distance(a: Any, b: Any, metric: str) -> float:
    if metric == "euclidean":
        return float(np.sqrt(((a - b) ** 2).sum()))
    return float(1.0 - a @ b / np.sqrt((a @ a) * (b @ b)))


def plain_ratio(rows: Any, labels: Any, metric: str) -> float | None:
    """Mean distance between classes over mean distance within, one pair at a time."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for i in range(len(rows)):
        for j in range(i):
            if labels[i] == labels[i] and labels[j] == labels[j]:
                distance = pair_distance(rows[i], rows[j], metric)
                found[bool(labels[i] == labels[j])].append(distance)
    if not found[True] or not found[False]:
        return None
    return float(np.mean(found[False]) / np.mean(found[True]))


def plain_score(rows: Any, labels: Any, n: int, fraction: float, metric: str, seed: int) -> float:
    rng = np.random.default_rng(seed)
    drawn = [rng.choice(len(rows), int(len(rows) * fraction), replace=False) for _ in range(n)]
    ratios = [plain_ratio(rows[chosen], labels[chosen], metric) for chosen in drawn]
    return float(np.mean([ratio for ratio in ratios if ratio is not None]))


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("fraction", [0.15, 0.5, 1.0])
def test_definition(metric: Any, fraction: float) -> None:
    expected = plain_score(X, LABELS, 6, fraction, metric, 3)
    found = fastshesha.class_separation_ratio(X, LABELS, 6, fraction, metric, 3)
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_small_subsamples_by_themselves(metric: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastshesha._supervised.separation._COST_OF_ONE", 0)
    expected = plain_score(X, LABELS, 6, 0.3, metric, 3)
    found = fastshesha.class_separation_ratio(X, LABELS, 6, 0.3, metric, 3)
    assert found == pytest.approx(expected, rel=1e-12)
    assert math.isnan(fastshesha.class_separation_ratio(X, LABELS, 6, 0.01, metric, 3))
    assert math.isnan(fastshesha.class_separation_ratio(X, LABELS, 6, 0.03, metric, 3))


def test_missing_labels_enter_no_distance() -> None:
    labels = np.where(LABELS == 1, np.nan, LABELS)
    expected = plain_score(X, labels, 6, 0.5, "euclidean", 3)
    found = fastshesha.class_separation_ratio(X, labels, 6, 0.5, seed=3)
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("labels", [LABELS, np.array(["a", "b", "c"])[LABELS]])
def test_dict_bootstrap_counts_repeated_rows(labels: Any) -> None:
    rng = np.random.default_rng(2)
    scores = []
    for _ in range(4):
        rows = rng.choice(36, 36, replace=True)
        scores.append(plain_score(X[rows], labels[rows], 5, 0.5, "cosine", 2))
    options: dict[str, Any] = {"n_bootstrap": 5, "metric": "cosine", "seed": 2}
    found = fastshesha.class_separation_ratio(X, labels, **options, n_bootstrap_ci=4)
    assert found["mean"] == pytest.approx(float(np.mean(scores)), rel=1e-12)
    result = fastshesha.class_separation_ratio(
        X, labels, **options, n_bootstrap_ci=4, return_type="result"
    )
    assert (result.data_ci_low, result.data_ci_high) == (found["ci_low"], found["ci_high"])


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_many_rows_are_bootstrapped_like_few(metric: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    options: dict[str, Any] = {"metric": metric, "seed": 2, "n_bootstrap_ci": 3}
    rows = np.asfortranarray(X)
    kept = fastshesha.class_separation_ratio(rows, LABELS, 5, **options)
    monkeypatch.setattr("fastshesha._supervised.separation._MOST_KEPT", 10)
    computed = fastshesha.class_separation_ratio(rows, LABELS, 5, **options)
    assert kept == pytest.approx(computed, rel=1e-13)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_sums_do_not_depend_on_the_tiles(metric: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = unit_rows(np.round(X))
    weights = np.random.default_rng(3).integers(0, 3, (36, 4)).astype(float)
    codes = np.where(LABELS == 2, -1, LABELS)
    whole = PairSums(rows, codes, metric)
    whole.prepare_repeated()
    monkeypatch.setattr("fastshesha._supervised.pair_sums._TILE_ROWS", 5)
    tiled = PairSums(rows, codes, metric)
    tiled.prepare_repeated()
    for found, expected in zip(tiled.over(weights), whole.over(weights), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-13)
    repeated = np.repeat(np.arange(36), weights[:, 0].astype(int))
    direct = PairSums(rows[repeated], codes[repeated], metric).over(np.ones((repeated.size, 1)))
    for found, expected in zip(direct, whole.over(weights), strict=True):
        assert found[0] == pytest.approx(expected[0], rel=1e-13)


def test_undefined_distances_count_only_where_they_are_drawn() -> None:
    rows = np.vstack([np.zeros((1, 7)), X])
    labels = np.concatenate([[0], LABELS])
    draws = np.random.default_rng(0)
    with_zero = [0 in draws.choice(37, 3, replace=False) for _ in range(8)]
    assert any(with_zero)
    options: dict[str, Any] = {"metric": "cosine", "subsample_frac": 0.1}
    assert math.isnan(fastshesha.class_separation_ratio(rows, labels, seed=0, **options))
    n_before = with_zero.index(True)
    found = fastshesha.class_separation_ratio(rows, labels, n_before, seed=0, **options)
    assert math.isfinite(found)
    with pytest.warns(RuntimeWarning, match="overflow in class_separation_ratio"):
        assert math.isnan(fastshesha.class_separation_ratio(X * 1e200, LABELS))


def test_without_a_ratio() -> None:
    assert math.isnan(fastshesha.class_separation_ratio(X, np.zeros(36)))
    assert math.isnan(fastshesha.class_separation_ratio(np.ones((36, 2)), LABELS))
    assert math.isnan(fastshesha.class_separation_ratio(X, LABELS, subsample_frac=0.01))


def test_result() -> None:
    result = fastshesha.class_separation_ratio(X, LABELS, seed=1, return_type="result")
    assert result.estimate == fastshesha.class_separation_ratio(X, LABELS, seed=1)
    assert math.isnan(result.monte_carlo_se)
    result.metadata.pop("bootstrap_unit")
    assert list(result.metadata.items()) == [
        ("estimator", "class_separation_ratio"),
        ("package_version", fastshesha.__version__),
        ("input_shapes", [[36, 7], [36]]),
        ("n_bootstrap", 50),
        ("subsample_frac", 0.5),
        ("metric", "euclidean"),
        ("seed", 1),
    ]


def test_options() -> None:
    with pytest.raises(ValueError, match=r"^subsample_frac must be a number in \(0, 1\], got 2$"):
        fastshesha.class_separation_ratio(X, LABELS, subsample_frac=2)
    with pytest.raises(ValueError, match=r"metric.*'correlation'"):
        fastshesha.class_separation_ratio(X, LABELS, metric="correlation")
    with pytest.raises(ValueError, match=r"^n_bootstrap must be an integer >= 1, got None$"):
        fastshesha.class_separation_ratio(X, LABELS, n_bootstrap=None)


@pytest.mark.parametrize("spread", [1.0, 1e-3, 1e-9])
@pytest.mark.parametrize("most", [1, 3])
def test_cosine_sums_from_class_sums(spread: float, most: int) -> None:
    """Where classes are tight, rounding would show, and pairs are summed one by one."""
    rng = np.random.default_rng(8)
    codes = rng.integers(-1, 4, 60)
    rows = unit_rows(np.eye(5)[codes] + spread * rng.standard_normal((60, 5)))
    weights = rng.integers(0, most + 1, (60, 7)).astype(float)
    pairs = PairSums(rows, codes, "cosine")
    closed = CosineSums(rows, codes)
    for either in (pairs, closed):
        either.prepare_repeated()
    for found, expected in zip(closed.over(weights), pairs.over(weights), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_a_row_without_direction_has_no_cosine() -> None:
    rows, labels = np.vstack([X, np.zeros(7)]), np.append(LABELS, 0)
    assert math.isnan(fastshesha.class_separation_ratio(rows, labels, 3, 1.0, "cosine", 1))


def test_classes_are_summed_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(2).standard_normal((60, 9))
    labels = np.arange(60) % 7
    score = fastshesha.class_separation_ratio(rows, labels, metric="cosine", seed=3)
    monkeypatch.setattr(cosine_sums, "_MOST_SUMS", 1)
    assert fastshesha.class_separation_ratio(rows, labels, metric="cosine", seed=3) == score
