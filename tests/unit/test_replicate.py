"""replicate_stability, and how the rows of two replicates are matched."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import replicate
from unit.plain import distances, spearman

RNG = np.random.default_rng(9)
X = RNG.standard_normal((30, 7))
Y = np.hstack([X, RNG.standard_normal((30, 2))])
NAMES = [f"cell {row}" for row in range(30)]
WITH_ZEROS = np.vstack([np.zeros((1, 7)), X])
OTHER = np.vstack([np.ones((1, 9)), Y])


@pytest.mark.parametrize("metric", ["cosine", "correlation", "euclidean"])
@pytest.mark.parametrize("method", ["spearman", "pearson"])
def test_definition(metric: Any, method: Any) -> None:
    a, b = distances(X, metric), distances(Y, metric)
    expected = spearman(a, b) if method == "spearman" else np.corrcoef(a, b)[0, 1]
    found = fastshesha.replicate_stability(X, Y, metric=metric, method=method)
    assert found == pytest.approx(expected, abs=1e-12)
    assert type(found) is float


@pytest.mark.parametrize("kind", [list, np.array, lambda names: np.array(names, dtype=object)])
def test_identifiers_put_rows_in_order(kind: Any) -> None:
    order = np.random.default_rng(1).permutation(30)
    ids = {"ids_a": kind(NAMES), "ids_b": kind([NAMES[row] for row in order])}
    expected = fastshesha.replicate_stability(X, Y)
    assert fastshesha.replicate_stability(X, Y[order], **ids) == expected
    result = fastshesha.replicate_stability(X, Y[order], **ids, return_type="result")
    assert result.metadata["aligned_by_ids"] is True


def test_bootstrap_leaves_out_pairs_of_equal_rows() -> None:
    rng = np.random.default_rng(4)
    scores = []
    for _ in range(6):
        rows = rng.choice(30, 30, replace=True)
        first, second = np.triu_indices(30, k=1)
        distinct = rows[first] != rows[second]
        scores.append(spearman(*(distances(s[rows], "euclidean")[distinct] for s in (X, Y))))
    result = fastshesha.replicate_stability(
        X, Y, metric="euclidean", n_bootstrap_ci=6, ci=0.5, seed=4, return_type="result"
    )
    expected = np.percentile(scores, [25, 75])
    assert [result.data_ci_low, result.data_ci_high] == pytest.approx(expected, abs=1e-12)


def test_result() -> None:
    result = fastshesha.replicate_stability(X, Y, seed=np.int64(3), return_type="result")
    assert result.estimate == fastshesha.replicate_stability(X, Y)
    assert (result.monte_carlo_se, result.n_bootstraps, result.warnings) == (0.0, 0, ())
    assert list(result.metadata.items()) == [
        ("estimator", "replicate_stability"),
        ("package_version", fastshesha.__version__),
        ("metric", "cosine"),
        ("method", "spearman"),
        ("nan_policy", "raise"),
        ("seed", 3),
        ("n_samples", 30),
        ("n_features_a", 7),
        ("n_features_b", 9),
        ("aligned_by_ids", False),
        ("n_pairs", 435),
    ]


def test_undefined_distances() -> None:
    with pytest.raises(ValueError, match="30"):
        fastshesha.replicate_stability(WITH_ZEROS, OTHER)
    with pytest.warns(UserWarning, match="30 undefined.*omit"):
        omitted = fastshesha.replicate_stability(WITH_ZEROS, OTHER, nan_policy="omit")
    assert omitted == pytest.approx(fastshesha.replicate_stability(X, Y), abs=1e-12)
    a, b = (distances(side, "cosine") for side in (X, OTHER))
    with pytest.warns(UserWarning, match="30 undefined.*replace"):
        replaced = fastshesha.replicate_stability(WITH_ZEROS, OTHER, nan_policy="replace")
    b[:30] = 1.0 * b[:30]
    assert replaced == pytest.approx(spearman(np.concatenate([np.ones(30), a]), b), abs=1e-12)
    options: dict[str, Any] = {"nan_policy": "propagate", "return_type": "result"}
    result = fastshesha.replicate_stability(WITH_ZEROS, OTHER, n_bootstrap_ci=4, **options)
    assert math.isnan(result.estimate)
    assert "n_pairs" not in result.metadata
    assert result.warnings[0] == "undefined distances make the result NaN (nan_policy='propagate')"
    assert result.warnings[1].startswith("4 of 4 bootstrap resamples")


def test_equal_distances_have_no_correlation() -> None:
    assert math.isnan(fastshesha.replicate_stability(np.ones((5, 2)), X[:5, :2]))


def test_the_module_is_that_of_the_original() -> None:
    assert replicate.__all__ == ["anchor_profile_stability", "replicate_stability"]
    assert fastshesha.replicate_stability is replicate.replicate_stability


ids = range(30)
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ids_a": ids}, "ids_a and ids_b must be provided together, got ids_b=None"),
    (
        {"ids_a": ids, "ids_b": [30, *range(1, 30)]},
        "ids_a and ids_b must hold the same identifiers: 1 only in ids_a, 1 only in ids_b",
    ),
    (
        {"ids_a": ids, "ids_b": [1, *range(1, 30)]},
        "ids_b must not hold duplicate identifiers, got 1 more than once",
    ),
    (
        {"ids_a": ids, "ids_b": range(29)},
        "ids_b must match the number of samples: expected 30 identifiers, got 29",
    ),
    (
        {"ids_a": np.zeros((30, 1)), "ids_b": ids},
        "ids_a must be a 1-dimensional array with one identifier per row, got shape (30, 1)",
    ),
    (
        {"n_bootstrap_ci": 3},
        "n_bootstrap_ci=3 needs return_type='result', got 'float': an interval has its place in "
        "a StabilityResult",
    ),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_wrong_arguments(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        fastshesha.replicate_stability(X, Y, **options)
    assert str(caught.value) == message


def test_wrong_numbers_of_rows() -> None:
    with pytest.raises(ValueError, match=r"^X_a and X_b must have the same number of samples"):
        fastshesha.replicate_stability(X, Y[:-1])
    with pytest.raises(ValueError, match="needs at least 3 matched observations, got 2"):
        fastshesha.replicate_stability(X[:2], Y[:2])
    with pytest.raises(TypeError, match="unhashable"):
        fastshesha.replicate_stability(
            X[:2], Y[:2], ids_a=np.array([[], {}], dtype=object), ids_b=[0, 1]
        )
