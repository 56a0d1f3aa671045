"""Sums over the rows of a matrix: means and variances of its columns.

Large matrices are read as they lie, and their rows added one after the other, as numpy does; no
float64 copy of them is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from . import _kernels
from ._row_blocks import is_large
from ._rows import as_float64

if TYPE_CHECKING:
    from ._typing import FloatArray, Matrix

_COLUMNS_PER_BLOCK = 64


def column_means(rows: Matrix) -> FloatArray:
    """``numpy.mean(rows as float64, axis=0)``, to the bit, without a float64 copy of it all."""
    if _is_summed_by_rows(rows):
        means = _kernels.column_sums(rows, np.zeros(rows.shape[1]))
        means /= rows.shape[0]
        return means
    return np.concatenate([np.mean(block, axis=0) for block in _column_blocks(rows)])


def column_variances(rows: Matrix) -> FloatArray:
    """``numpy.var(rows as float64, axis=0, ddof=1)``, to the bit."""
    if _is_summed_by_rows(rows):
        variances = _kernels.column_squares(rows, column_means(rows))
        variances /= rows.shape[0] - 1
        return variances
    return np.concatenate([np.var(block, axis=0, ddof=1) for block in _column_blocks(rows)])


def _is_summed_by_rows(rows: Matrix) -> bool:
    """Whether the matrix is large, and numpy adds row after row to the sums of all columns.

    The core reads no extended precision.
    """
    by_rows = rows.shape[1] > 1 and abs(rows.strides[0]) > abs(rows.strides[1])
    return by_rows and is_large(rows) and rows.dtype.itemsize <= np.dtype(np.float64).itemsize


def _column_blocks(rows: Matrix) -> Iterator[FloatArray]:
    """Neighbouring columns as float64, never one alone where there are more.

    A lone column of a row-ordered matrix would become contiguous, and be summed pairwise.
    """
    n_features = rows.shape[1]
    n_blocks = max(1, n_features // _COLUMNS_PER_BLOCK)
    edges = np.linspace(0, n_features, n_blocks + 1).astype(int)
    for start, stop in pairwise(edges):
        yield as_float64(rows[:, start:stop])
