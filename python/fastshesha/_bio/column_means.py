"""Mean and variance of each feature in numpy's own summation order, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._row_blocks import float64_blocks, is_large
from fastshesha._rows import as_float64

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, Matrix

_COLUMNS_PER_BLOCK = 64


def column_means(rows: Matrix) -> FloatArray:
    """``numpy.mean(rows as float64, axis=0)``, to the bit, without a float64 copy of it all."""
    if _is_summed_by_rows(rows):
        total = _sum_of_rows(rows, np.zeros(rows.shape[1]), squared=False)
        total /= rows.shape[0]
        return total
    return np.concatenate([np.mean(block, axis=0) for block in _column_blocks(rows)])


def column_variances(rows: Matrix) -> FloatArray:
    """``numpy.var(rows as float64, axis=0, ddof=1)``, to the bit."""
    if _is_summed_by_rows(rows):
        squares = _sum_of_rows(rows, column_means(rows), squared=True)
        squares /= rows.shape[0] - 1
        return squares
    return np.concatenate([np.var(block, axis=0, ddof=1) for block in _column_blocks(rows)])


def _is_summed_by_rows(rows: Matrix) -> bool:
    """Whether the matrix is large, and numpy adds row after row to the sums of all columns."""
    return is_large(rows) and rows.shape[1] > 1 and abs(rows.strides[0]) > abs(rows.strides[1])


def _sum_of_rows(rows: Matrix, mean: FloatArray, *, squared: bool) -> FloatArray:
    """Sums of rows less the mean, or of their squares, in the order of the rows."""
    total = np.zeros(rows.shape[1])
    for _, block in float64_blocks(rows):
        terms = np.square(block - mean) if squared else block
        # The sum so far goes first, so that blocks change no addition.
        total = np.add.reduce(np.concatenate([total[np.newaxis], terms]), axis=0)
    return total


def _column_blocks(rows: Matrix) -> Iterator[FloatArray]:
    """Neighbouring columns as float64, never one alone where there are more.

    A lone column of a row-ordered matrix would become contiguous, and be summed pairwise.
    """
    n_features = rows.shape[1]
    n_blocks = max(1, n_features // _COLUMNS_PER_BLOCK)
    edges = np.linspace(0, n_features, n_blocks + 1).astype(int)
    for start, stop in pairwise(edges):
        yield as_float64(rows[:, start:stop])
