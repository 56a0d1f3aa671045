"""Sums over the rows of a matrix: means and variances of its columns.

Matrices are read as they lie, without a float64 copy of the whole, and summed in numpy's order.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from . import _kernels
from ._rows import as_float64

if TYPE_CHECKING:
    from ._typing import FloatArray, Matrix

# 8 MiB of float64.
_VALUES_PER_BLOCK = 1 << 20


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
    """Whether numpy adds row after row to the sums of all columns, which the core does, too.

    It reads no extended precision, and of less than two rows numpy has to warn.
    """
    is_read = rows.dtype.itemsize <= np.dtype(np.float64).itemsize
    return is_read and min(rows.shape) > 1 and abs(rows.strides[0]) > abs(rows.strides[1])


def _column_blocks(rows: Matrix) -> Iterator[FloatArray]:
    """Neighbouring columns as float64, never one alone where there are more.

    A lone column of a row-ordered matrix would become contiguous, and be summed pairwise.
    """
    n_rows, n_features = rows.shape
    n_columns = max(2, _VALUES_PER_BLOCK // max(1, n_rows))
    n_blocks = max(1, n_features // n_columns)
    edges = np.linspace(0, n_features, n_blocks + 1).astype(int)
    for start, stop in pairwise(edges):
        yield as_float64(rows[:, start:stop])
