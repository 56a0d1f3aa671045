"""The k smallest of many numbers, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fastshesha._typing import BoolArray, FloatArray, IndexArray

_FIRST_COLUMNS = 1024


def smallest(values: FloatArray, k: int, errors: FloatArray) -> tuple[IndexArray, BoolArray]:
    """Columns of the k smallest values of each row, and for which rows others might be.

    Parameters
    ----------
    values : ndarray of float64, shape (n_rows, n_columns)
    k : int
        At most ``n_columns``.
    errors : ndarray of float64, shape (n_rows,)
        Bounds on the error of the values of each row. With 0.0, rows are in doubt whose k-th
        and next values are equal.

    Returns
    -------
    columns : ndarray of int64, shape (n_rows, k)
    in_doubt : ndarray of bool, shape (n_rows,)
    """
    n_columns = values.shape[1]
    if k == n_columns:
        every = np.broadcast_to(np.arange(k), values.shape).copy()
        return every, np.zeros(len(values), dtype=np.bool_)
    n_first = max(_FIRST_COLUMNS, 4 * k)
    if n_columns <= 2 * n_first:
        columns = np.argpartition(values, k, axis=1)[:, : k + 1]
    else:
        # No more than k + 1 among the first columns are enough for a limit to all.
        limits = np.partition(values[:, :n_first], k, axis=1)[:, k]
        columns = np.empty((len(values), k + 1), dtype=np.int64)
        for row, limit, found in zip(values, limits, columns, strict=True):
            below = np.flatnonzero(row <= limit)
            found[:] = below[np.argpartition(row[below], k)[: k + 1]]
    near = np.take_along_axis(values, columns, axis=1)
    return columns[:, :k], near[:, k] <= near[:, :k].max(axis=1) + 2.0 * errors
