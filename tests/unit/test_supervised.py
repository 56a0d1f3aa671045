"""supervised_alignment and variance_ratio."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import _core
from fastshesha._warnings import ConstantInputWarning
from unit.plain import distances, spearman

LABELS = np.repeat([0, 1, 2], 12)
X = np.random.default_rng(6).standard_normal((36, 7)) + LABELS[:, None] * [1, 0, 0, 2, 0, 0, 0]
METRICS = [fastshesha.supervised_alignment, fastshesha.variance_ratio]
ALIASES: dict[str, Any] = {
    "text": np.array(["a", "b", "c"])[LABELS],
    "objects": np.array(["a", "b", "c"], dtype=object)[LABELS],
    "floats": LABELS / 10,
    "list": LABELS.tolist(),
    "dates": np.array(["2020", "2021", "2022"], dtype="M8[Y]")[LABELS],
}


def differ(labels: Any) -> Any:
    left, right = np.triu_indices(len(labels), k=1)
    return (labels[left] != labels[right]).astype(float)


def plain_ratio(X: Any, labels: Any) -> float:
    mean = X.mean(axis=0)
    groups = [X[labels == label] for label in np.unique(labels)]
    between = sum(
        len(group) * ((group.mean(axis=0) - mean) ** 2).sum() for group in groups if len(group)
    )
    return float(between / ((X - mean) ** 2).sum())


@pytest.mark.parametrize("metric", ["cosine", "correlation"])
def test_definition_of_alignment(metric: Any) -> None:
    expected = spearman(distances(X - X.mean(axis=0), metric), differ(LABELS))
    assert fastshesha.supervised_alignment(X, LABELS, metric) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("decimals", [0, 16])
@pytest.mark.parametrize("noise", [0.0, 1e-16, 1e-3])
def test_threads_share_the_ranks_of_an_alignment(noise: float, decimals: int) -> None:
    X = 2.0 + np.random.default_rng(5).standard_normal((900, 6)).round(decimals)
    X[:9] = X[9:18] * (1.0 + noise * np.random.default_rng(6).standard_normal((9, 6)))
    labels = np.arange(900) % 7
    condensed = _core.condensed_distances(X, "cosine", 1)
    expected = _core.correlate(condensed, differ(labels), "spearman", "stop", 1)
    found = [_core.label_alignment(condensed, labels, n_threads).value for n_threads in (1, 2, 7)]
    assert found == [found[0]] * 3
    assert found[0] == pytest.approx(expected.value, rel=1e-13)


def test_alignment_of_a_subsample() -> None:
    rows = np.random.default_rng(2).choice(36, 20, replace=False)
    expected = fastshesha.supervised_alignment(X[rows], LABELS[rows])
    assert fastshesha.supervised_alignment(X, LABELS, seed=2, max_samples=20) == expected


def test_definition_of_variance_ratio() -> None:
    expected = plain_ratio(X, LABELS)
    assert fastshesha.variance_ratio(X, LABELS) == pytest.approx(expected, abs=1e-12)
    assert fastshesha.variance_ratio(np.ones((36, 7)), LABELS) == 0.0


def ordered_ratio(X: Any, labels: Any) -> float:
    """The ratio with the core's order of operations, for up to 64 columns of rows in C order."""
    mean = np.add.accumulate(X)[-1] / len(X)
    shift = mean
    squares = np.add.accumulate((X - shift) ** 2)[-1]
    total = np.add.accumulate(np.maximum(0.0, squares - len(X) * (mean - shift) ** 2))[-1]
    between = 0.0
    for label in np.unique(labels):
        group = X[labels == label]
        offset = np.add.accumulate(group)[-1] / len(group) - mean
        between += len(group) * np.add.accumulate(offset * offset)[-1]
    return float(between / (total + 1e-12))


@pytest.mark.parametrize("n_threads", [1, 3])
@pytest.mark.parametrize("n_columns", [2, 5, 9, 37, 64])
@pytest.mark.parametrize("n_rows", [4, 15, 16, 17, 47])
def test_variance_ratio_adds_row_after_row(n_rows: int, n_columns: int, n_threads: int) -> None:
    rows = 1.0 + np.random.default_rng(n_rows).standard_normal((n_rows, n_columns))
    labels = np.arange(n_rows) // 2 % 3
    labels[-1] = labels[0]
    apart = np.repeat(rows, 2, axis=1)[:, ::2]
    odd = np.frombuffer(b"0" + rows.tobytes(), dtype=np.float64, offset=1).reshape(rows.shape)
    expected = ordered_ratio(rows, labels)
    for given in (rows, apart, odd, rows.astype(">f8"), np.repeat(rows, 2, axis=0)[::2]):
        codes = labels.astype(np.int64)
        assert _core.variance_ratio(given, codes, 3, n_threads) == expected


@pytest.mark.parametrize("places", [[0], [0, 20], [20, 30]])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_variance_ratio_finds_what_is_not_finite(value: float, places: list[int]) -> None:
    faulty = X.copy()
    faulty[places, 2] = value
    faulty[places[1:], 2] = -value
    message = f"X must contain only finite values, got {value} at row {places[0]}, column 2"
    too_small = np.where(np.arange(36) == 35, 7, LABELS)
    unsortable = np.array([1, "a"] * 18, dtype=object)
    for labels in (LABELS, LABELS * np.nan, np.zeros(36), LABELS[1:], too_small, unsortable):
        for options in ({}, {"n_bootstrap_ci": 3}, {"return_type": "result"}):
            with pytest.raises(ValueError, match=message):
                fastshesha.variance_ratio(faulty, labels, **options)


@pytest.mark.parametrize("kind", ALIASES)
@pytest.mark.parametrize("metric", METRICS)
def test_labels_of_any_kind(metric: Any, kind: str) -> None:
    assert metric(X, ALIASES[kind]) == metric(X, LABELS)
    bootstrap = {"n_bootstrap_ci": 4, "seed": 1}
    assert metric(X, ALIASES[kind], **bootstrap) == metric(X, LABELS, **bootstrap)


def test_missing_labels() -> None:
    labels = np.where(LABELS == 1, np.nan, LABELS)
    rank_correlation = spearman(distances(X - X.mean(axis=0), "correlation"), differ(labels))
    assert fastshesha.supervised_alignment(X, labels) == pytest.approx(rank_correlation, abs=1e-12)
    assert fastshesha.variance_ratio(X, labels) == pytest.approx(plain_ratio(X, labels), abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_one_class(metric: Any) -> None:
    same = np.zeros(36)
    assert math.isnan(metric(X, same))
    assert math.isnan(metric(X, same, n_bootstrap_ci=3))
    result = metric(X, same, n_bootstrap_ci=3, return_type="result")
    assert (result.n_bootstraps, result.ci_level) == (0, 0.95)
    assert math.isnan(metric(X[:0], same[:0]))


@pytest.mark.parametrize("metric", METRICS)
def test_dict_bootstrap_skips_small_classes(metric: Any) -> None:
    labels = np.array([0, 0, 1, 1, 1, 1, 1, 1])
    rng = np.random.default_rng(0)
    options = {} if metric is fastshesha.variance_ratio else {"seed": 0}
    scores = []
    for _ in range(12):
        rows = rng.choice(8, 8, replace=True)
        if min(np.unique(labels[rows], return_counts=True)[1]) >= 2 and len(set(labels[rows])) == 2:
            scores.append(metric(X[rows], labels[rows], **options))
    found = metric(X[:8], labels, n_bootstrap_ci=12, seed=0)
    assert 0 < len(scores) < 12
    assert found["n_bootstraps"] == len(scores)
    assert found["mean"] == pytest.approx(float(np.mean(scores)), abs=1e-15)
    result = metric(X[:8], labels, n_bootstrap_ci=12, seed=0, return_type="result")
    assert (result.data_ci_low, result.data_ci_high) == (found["ci_low"], found["ci_high"])
    n_skipped = 12 - len(scores)
    note = f"{n_skipped} of 12 bootstrap resamples were unestimable: they have no finite score."
    assert result.warnings == (note,)


def test_results() -> None:
    alignment = fastshesha.supervised_alignment(X, LABELS, seed=3, return_type="result")
    assert alignment.estimate == fastshesha.supervised_alignment(X, LABELS, seed=3)
    assert alignment.monte_carlo_se == 0.0
    alignment.metadata.pop("bootstrap_unit")
    assert list(alignment.metadata.items()) == [
        ("estimator", "supervised_alignment"),
        ("package_version", fastshesha.__version__),
        ("input_shapes", [[36, 7], [36]]),
        ("metric", "correlation"),
        ("seed", 3),
        ("max_samples", 300),
    ]
    drawn = fastshesha.supervised_alignment(X, LABELS, max_samples=35, return_type="result")
    assert math.isnan(drawn.monte_carlo_se)
    ratio = fastshesha.variance_ratio(X, LABELS, return_type="result", ci="not looked at")
    assert (ratio.monte_carlo_se, ratio.ci_level) == (0.0, None)
    assert list(ratio.metadata)[-1] == "seed"


def test_a_subsample_with_one_class_warns_once() -> None:
    labels = np.array([0] * 34 + [1] * 2)
    with pytest.warns(ConstantInputWarning, match="comparisons affected: ") as caught:
        fastshesha.supervised_alignment(X, labels, seed=0, max_samples=3, n_bootstrap_ci=8)
    assert len(caught) == 1


def test_overflow_is_told() -> None:
    with pytest.warns(RuntimeWarning, match="Sums of squares overflow"):
        assert math.isnan(fastshesha.variance_ratio(X * 1e200, LABELS))


def test_shesha_by_variant() -> None:
    assert fastshesha.shesha(X, seed=1) == fastshesha.feature_split(X, seed=1)
    ratio = fastshesha.shesha(X, LABELS, variant="variance", seed=1, n_bootstrap_ci=5)
    assert ratio == fastshesha.variance_ratio(X, LABELS)
    alignment = fastshesha.shesha(X, LABELS, "supervised", metric="cosine")
    assert alignment == fastshesha.supervised_alignment(X, LABELS, "cosine")
