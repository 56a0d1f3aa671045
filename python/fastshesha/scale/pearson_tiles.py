"""Pearson's correlation of two Euclidean RDMs, a tile of distances at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from fastshesha import _kernels
from fastshesha._pair_limit import count_pairs

from .pearson_algebra import PairMoments

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, Matrix

_ROWS = 1024


def euclidean_moments(X: Matrix, Y: Matrix) -> PairMoments:
    """Moments over all pairs of rows.

    Distances enter as differences from those of the first tile, so that sums of squares keep
    their digits where all distances are nearly equal.

    Raises
    ------
    ValueError
        A distance overflows.
    """
    n_rows = X.shape[0]
    centres: FloatArray | None = None
    totals, products = np.zeros(2), np.zeros((2, 2))
    for tile in _tiles(X, Y):
        if not np.isfinite(tile).all():
            raise ValueError("Squared distances overflow; scale X and Y down")
        if centres is None:
            centres = tile.mean(axis=1)
        tile -= centres[:, np.newaxis]
        totals += tile.sum(axis=1)
        for i, j in ((0, 0), (0, 1), (1, 1)):
            products[i, j] += (tile[i] * tile[j]).sum()
    products[1, 0] = products[0, 1]
    magnitudes = products.diagonal()
    return PairMoments(count_pairs(n_rows), (totals[0], totals[1]), products, magnitudes)


def _tiles(X: Matrix, Y: Matrix) -> Iterator[FloatArray]:
    """Distances of both sides, shape (2, pairs of the tile); every pair of rows occurs once."""
    n_rows = X.shape[0]
    ranges = [slice(start, min(start + _ROWS, n_rows)) for start in range(0, n_rows, _ROWS)]
    for position, rows in enumerate(ranges):
        yield np.stack([_kernels.condensed_distances(M[rows], "euclidean") for M in (X, Y)])
        for columns in ranges[position + 1 :]:
            yield np.stack(
                [_kernels.cross_distances(M[rows], M[columns], "euclidean").ravel() for M in (X, Y)]
            )
