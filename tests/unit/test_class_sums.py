"""Weighted sums of the rows of classes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fastshesha import _core

pytestmark = pytest.mark.usefixtures("level")
RNG = np.random.default_rng(3)


def in_order(X: Any, order: Any, ends: Any, weights: Any) -> Any:
    """One addition after the other, each rounded by itself."""
    sums = np.zeros((len(ends), weights.shape[1], X.shape[1]))
    starts = [0, *ends[:-1]]
    for c, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for i in range(start, end):
            sums[c] += np.outer(weights[i], X[order[i]])
    return sums


@pytest.mark.parametrize("n_columns", [1, 11, 12, 25, 49, 200])
@pytest.mark.parametrize("n_subsets", [1, 3, 4, 9])
@pytest.mark.parametrize("ends", [[1], [3, 3, 40], [257, 600]])
def test_sums_run_in_the_order_given(n_columns: int, n_subsets: int, ends: list[int]) -> None:
    X = RNG.standard_normal((ends[-1] + 5, n_columns))
    order = RNG.permutation(len(X))[: ends[-1]]
    weights = RNG.integers(0, 3, (ends[-1], n_subsets)).astype(np.float64)
    expected = in_order(X, order, ends, weights)
    for n_threads in (1, 3):
        found = _core.class_sums(X, order, np.array(ends), weights, n_threads)
        assert np.array_equal(found, expected)


def test_rows_are_read_as_they_lie() -> None:
    X = np.asfortranarray(RNG.standard_normal((20, 30)).astype(np.float32))[::-1]
    order, weights = np.arange(20), RNG.standard_normal((20, 2))
    found = _core.class_sums(X, order, np.array([20]), weights, 1)
    assert np.array_equal(found, in_order(X.astype(np.float64), order, [20], weights))


@pytest.mark.parametrize(
    ("order", "ends", "message"),
    [
        ([0, 4], [2], "order must hold rows of X"),
        ([0, 1], [1], "class_ends must rise to the length of order"),
        ([0, 1], [2, 1, 2], "class_ends must rise"),
        ([0, 1, 2], [3], "one row for each of order"),
    ],
)
def test_places_are_checked(order: list[int], ends: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _core.class_sums(np.ones((4, 2)), np.array(order), np.array(ends), np.ones((2, 1)), 1)
