"""Sums over the rows of a matrix, column by column."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np
import pytest

from fastshesha import _core

pytestmark = pytest.mark.usefixtures("level")
RNG = np.random.default_rng(4)


def in_order(terms: Any) -> Any:
    """One row after the other, each sum rounded by itself."""
    *_, total = accumulate(terms, initial=np.zeros(terms.shape[1]))
    return total


@pytest.mark.parametrize("n_columns", [1, 7, 64, 65, 200, 1000])
@pytest.mark.parametrize("n_rows", [0, 1, 9, 700])
def test_sums_run_down_the_rows(n_rows: int, n_columns: int) -> None:
    X, centre = RNG.standard_normal((n_rows, n_columns)), RNG.standard_normal(n_columns)
    for n_threads in (1, 2, 5):
        plain = _core.column_sums(X, centre, False, n_threads)
        squared = _core.column_sums(X, centre, True, n_threads)
        assert np.array_equal(plain, in_order(X - centre))
        assert np.array_equal(squared, in_order((X - centre) ** 2))


def test_many_rows_on_threads() -> None:
    X = RNG.standard_normal((40_000, 130))
    expected = np.add.reduce(X, axis=0)
    for n_threads in (1, 2, 3, 8):
        assert np.array_equal(_core.column_sums(X, np.zeros(130), False, n_threads), expected)


@pytest.mark.parametrize("kind", ["?", "i1", "u2", "i8", "f2", "f4", ">f4", ">f8"])
def test_rows_are_read_as_they_lie(kind: str) -> None:
    whole = (50 * RNG.standard_normal((80, 90))).astype(kind)
    zeros = np.zeros(90)
    for X in (whole, np.asfortranarray(whole), whole[::-1], whole[:, ::-1]):
        assert np.array_equal(_core.column_sums(X, zeros, False, 2), in_order(X.astype(float)))


@pytest.mark.parametrize("centre", [np.zeros(3), np.zeros((2, 2)), np.zeros(0)])
def test_a_centre_a_column(centre: Any) -> None:
    with pytest.raises(ValueError, match="centre must hold one value per column"):
        _core.column_sums(np.ones((4, 2)), centre, False, 1)
