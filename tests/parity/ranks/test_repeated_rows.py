"""Rows that repeat are scored once for all their copies, to the bits of all pairs."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from fastshesha import _core

pytestmark = pytest.mark.usefixtures("level")


def halves_of(n_features: int, n_splits: int = 5) -> tuple[Any, Any]:
    rng = np.random.default_rng(1)
    order = np.stack([rng.permutation(n_features) for _ in range(n_splits)])
    half = n_features // 2
    return order[:, :half].copy(), order[:, half : 2 * half].copy()


def scores(X: Any, metric: str, n_threads: int = 2) -> Any:
    halves = halves_of(X.shape[1])
    return _core.feature_split_scores(X, *halves, metric, "omit", n_threads, sys.maxsize)


def of_all_pairs(X: Any, metric: str) -> tuple[list[float], list[int]]:
    """Split by split from the distances of all pairs."""
    found, n_undefined = [], []
    for columns in zip(*halves_of(X.shape[1]), strict=True):
        a, b = (_core.condensed_distances(X[:, half].copy(), metric, 1) for half in columns)
        result = _core.correlate(a, b, "spearman", "omit")
        is_scored = result.n_pairs > 1 and min(result.a.std, result.b.std) >= 1e-12
        found.append(result.value if is_scored else np.nan)
        n_undefined.append(result.n_undefined)
    return found, n_undefined


def assert_same(X: Any) -> None:
    for metric in ("cosine", "correlation", "euclidean"):
        expected, n_undefined = of_all_pairs(np.asarray(X, dtype=np.float64), metric)
        for n_threads in (1, 3):
            found, undefined = scores(X, metric, n_threads)
            np.testing.assert_array_equal(found, expected)
            np.testing.assert_array_equal(undefined, n_undefined)


@pytest.mark.parametrize("n_distinct", [1, 2, 3, 20, 60])
@pytest.mark.parametrize("n_samples", [6, 120, 121, 300])
def test_drawn_rows(n_samples: int, n_distinct: int) -> None:
    rng = np.random.default_rng([n_samples, n_distinct])
    rows = rng.standard_normal((n_distinct, 17))
    assert_same(rows[rng.integers(0, n_distinct, n_samples)])


@pytest.mark.parametrize("kind", ["integers", "binary", "multiples", "near", "zeros", "offset"])
def test_rows_whose_distances_tie(kind: str) -> None:
    rng = np.random.default_rng(3)
    rows = rng.standard_normal((30, 16))
    if kind == "integers":
        rows = np.round(rows)
    elif kind == "binary":
        rows = (rows > 0.8).astype(float)
    elif kind == "multiples":
        rows[15:] = 2.0 * rows[:15]
    elif kind == "near":
        rows[15:] = rows[:15] * (1.0 + 1e-15)
    elif kind == "zeros":
        rows[4] = 0.0
        rows[5] = -rows[4]
    else:
        rows += 1e9
    assert_same(np.repeat(rows, rng.integers(2, 6, 30), axis=0))


@pytest.mark.parametrize("dtype", ["f2", "f4", "i1", ">f8", "?"])
def test_rows_are_read_as_they_lie(dtype: str) -> None:
    rng = np.random.default_rng(5)
    X = np.repeat(3.0 * rng.standard_normal((20, 24)), 3, axis=0)[rng.permutation(60)].astype(dtype)
    for rows in (X, np.asfortranarray(X), X[::-1, ::-1]):
        assert_same(rows)


@pytest.mark.parametrize("n_copies", [1, 3, 30])
def test_some_rows_occur_again(n_copies: int) -> None:
    """Too few for the distinct rows to be scored alone: copies tie among all other distances."""
    rng = np.random.default_rng(n_copies)
    X = rng.standard_normal((400, 22))
    X[rng.permutation(400)[:n_copies]] = X[rng.integers(0, 400, n_copies)]
    X[rng.permutation(400)[:n_copies]] *= 2.0
    X[7] = X[6] * (1.0 + 1e-15)
    assert_same(X)


def test_many_pairs_of_copies() -> None:
    X = np.random.default_rng(6).standard_normal((1300, 24))
    X[:60] = X[60:120]
    X[200:210] = X[3]
    assert_same(X)
