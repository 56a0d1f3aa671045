"""Distances between the rows of two matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from . import _kernels

if TYPE_CHECKING:
    from ._typing import FloatArray, Matrix

_MOST_ROWS = 1024
_FEWEST_ROWS = 64


def cross_distances(A: Matrix, B: Matrix, metric: str) -> FloatArray:
    """Distances of every row of ``A`` to every row of ``B``; undefined ones are NaN.

    They are taken from the condensed distances of blocks of rows laid one on top of the other,
    and so have the same bits as those. Blocks are about as high in ``B`` as in ``A``: then half
    of the pairs of a block are wanted.
    """
    distances = np.empty((A.shape[0], B.shape[0]))
    for top in range(0, A.shape[0], _MOST_ROWS):
        rows = A[top : top + _MOST_ROWS]
        height = max(rows.shape[0], _FEWEST_ROWS)
        for left in range(0, B.shape[0], height):
            columns = B[left : left + height]
            distances[top : top + _MOST_ROWS, left : left + height] = _block(rows, columns, metric)
    return distances


def _block(rows: Matrix, columns: Matrix, metric: str) -> FloatArray:
    condensed = _kernels.condensed_distances(np.concatenate([rows, columns]), metric)
    k, n = rows.shape[0], rows.shape[0] + columns.shape[0]
    i = np.arange(k)
    # Row i of the upper triangle starts with its distance to row i + 1.
    first = i * (2 * n - i - 1) // 2 + (k - i - 1)
    block: FloatArray = condensed[first[:, np.newaxis] + np.arange(n - k)]
    return block
