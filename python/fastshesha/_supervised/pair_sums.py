"""Sums of distances within and between classes, over many weighted subsets at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fastshesha import _kernels
from fastshesha._row_blocks import OrderedRows, float64_blocks, in_order

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray, Matrix

_TILE_ROWS = 512
# Share of the rows' squares that the square of their mean may have, for products to pay.
_LARGEST_OFFSET = 0.8


class Tile(NamedTuple):
    """Distances between two ranges of rows.

    ``parts`` holds up to two arrays of the shape of the tile, each with its kind (0 within
    classes, 1 between) and zero where a pair is of the other kind or stands elsewhere.
    """

    rows: slice
    columns: slice
    parts: tuple[tuple[int, FloatArray], ...]


class Sums(NamedTuple):
    """Sums of distances and numbers of pairs, one of each per subset."""

    within: FloatArray
    between: FloatArray
    n_within: FloatArray
    n_between: FloatArray


class PairSums:
    """All pairs of labelled rows, to be summed over subsets.

    A subset says how often each row occurs in it: with weights w, a pair i < j enters w_i w_j
    times, and the w_i (w_i - 1) / 2 pairs of a row with itself are within its class. Rows of the
    code -1 are in no class and enter no pair.
    """

    def __init__(self, rows: Matrix, codes: IndexArray, metric: str) -> None:
        # In the order of classes, most tiles hold pairs of one kind.
        self._order = np.argsort(codes, kind="stable")
        self._codes = codes[self._order]
        self._rows, self._metric = in_order(rows, self._order), metric
        self._tiles: Iterable[Tile] = PairTiles(
            self._rows, self._codes, metric, exact=metric != "euclidean" or lie_far_off(rows)
        )
        self._to_itself = np.zeros((rows.shape[0], 1))

    def prepare_repeated(self) -> None:
        """Get ready for several calls, in which a row may occur more than once in a subset."""
        self._tiles = list(self._tiles)
        rows = self._rows[:]
        self._to_itself = _kernels.self_distances(rows, self._metric)[:, np.newaxis]

    def over(self, weights: FloatArray) -> Sums:
        """Sums over the subsets whose weights are the columns, shape (n_rows, n_subsets)."""
        weights = np.where(self._codes[:, np.newaxis] < 0, 0.0, weights[self._order])
        repeated = weights * (weights - 1.0) / 2.0
        sums = np.zeros((2, weights.shape[1]))
        sums[0] = (np.where(repeated > 0.0, self._to_itself, 0.0) * repeated).sum(axis=0)
        for tile in self._tiles:
            for kind, distances in tile.parts:
                left, right = weights[tile.rows], weights[tile.columns]
                sums[kind] += weighted_sums(distances, left, right)
        sizes = self._class_sizes(weights)
        n_rows = sizes.sum(axis=0)
        n_within = (sizes * (sizes - 1.0)).sum(axis=0) / 2.0
        return Sums(sums[0], sums[1], n_within, n_rows * (n_rows - 1.0) / 2.0 - n_within)

    def _class_sizes(self, weights: FloatArray) -> FloatArray:
        """Size of every class in every subset."""
        starts = np.flatnonzero(np.diff(self._codes, prepend=-2))
        sizes: FloatArray = np.add.reduceat(weights, starts, axis=0)
        return sizes


@dataclass(frozen=True)
class PairTiles:
    """The tiles of all pairs, computed anew whenever they are gone through.

    Blocks of rows are numbered from 0; tile (i, j) with i <= j holds the pairs of two of them.
    """

    rows: Matrix | OrderedRows
    codes: IndexArray
    metric: str
    exact: bool

    @property
    def n_blocks(self) -> int:
        """The number of blocks of rows."""
        return -(-int(self.rows.shape[0]) // _TILE_ROWS)

    def __iter__(self) -> Iterator[Tile]:
        for i in range(self.n_blocks):
            for j in range(i, self.n_blocks):
                yield self.tile(i, j)

    def tile(self, i: int, j: int) -> Tile:
        """The distances between rows of two blocks."""
        rows, columns = self._block(i), self._block(j)
        if i == j:
            distances = _upper_triangle(self.rows[rows], self.metric, self.exact)
        else:
            distances = _kernels.cross_distances(
                self.rows[rows], self.rows[columns], self.metric, exact=self.exact
            )
        return Tile(rows, columns, self._parts(rows, columns, distances))

    def _block(self, index: int) -> slice:
        start = index * _TILE_ROWS
        return slice(start, min(start + _TILE_ROWS, self.rows.shape[0]))

    def _parts(
        self, rows: slice, columns: slice, distances: FloatArray
    ) -> tuple[tuple[int, FloatArray], ...]:
        same = self.codes[rows, np.newaxis] == self.codes[np.newaxis, columns]
        if not same.any():
            return ((1, distances),)
        if same.all():
            return ((0, distances),)
        return ((0, np.where(same, distances, 0.0)), (1, np.where(same, 0.0, distances)))


def lie_far_off(rows: Matrix) -> bool:
    """Whether most squared distances nearly cancel when computed from products."""
    total, squares = np.zeros(rows.shape[1]), 0.0
    with np.errstate(all="ignore"):
        for _, block in float64_blocks(rows):
            total += block.sum(axis=0)
            squares += float(np.einsum("ij,ij->", block, block))
        return not total @ total < _LARGEST_OFFSET * rows.shape[0] * squares


def _upper_triangle(rows: Matrix, metric: str, exact: bool) -> FloatArray:
    """Square matrix of distances, zero on and below the diagonal."""
    n = rows.shape[0]
    condensed = _kernels.condensed_distances(rows, metric, exact=exact)
    square = np.zeros((n, n))
    stop = 0
    for row in range(n - 1):
        start, stop = stop, stop + n - 1 - row
        square[row, row + 1 :] = condensed[start:stop]
    return square


def weighted_sums(distances: FloatArray, left: FloatArray, right: FloatArray) -> FloatArray:
    """The form left' D right of every column; a distance of weight zero counts for nothing."""
    defined = np.isfinite(distances)
    if defined.all():
        return _form(distances, left, right)
    sums = _form(np.where(defined, distances, 0.0), left, right)
    for value, at in ((np.inf, np.isposinf(distances)), (np.nan, np.isnan(distances))):
        sums[_form(at.astype(np.float64), left, right) > 0.0] += value
    return sums


def _form(matrix: FloatArray, left: FloatArray, right: FloatArray) -> FloatArray:
    n_rows = matrix.shape[0]
    (products,) = _kernels.class_sums(matrix, np.arange(n_rows), np.array([n_rows]), left)
    sums: FloatArray = np.einsum("bj,jb->b", products, right)
    return sums
