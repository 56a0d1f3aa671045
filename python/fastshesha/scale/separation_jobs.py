"""Tile jobs that sum Euclidean distances within and between classes over many subsets of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._row_blocks import in_order
from fastshesha._supervised.pair_sums import PairTiles, weighted_sums

from . import compiled
from .exact_sums import as_integers
from .square_tiles import count_square_tiles, square_tiles
from .threaded import in_threads

if TYPE_CHECKING:
    from fastshesha._supervised.pair_sums import Tile
    from fastshesha._typing import CountArray, FloatArray, IndexArray

    from .row_source import RowSource


@dataclass(frozen=True)
class SeparationStream:
    """Some rows in the order of their classes, and the subsets that each is in.

    ``order`` holds row numbers, ``codes`` the class of each of them, and ``members``, of shape
    (n_rows, n_subsets), 1 where a row is in a subset and 0 elsewhere. Unless ``is_exact``,
    distances come from products where that loses no digits.
    """

    source: RowSource
    order: IndexArray
    codes: IndexArray
    members: CountArray
    is_exact: bool

    def tiles(self) -> PairTiles:
        """The distances of all pairs of these rows."""
        rows = in_order(self.source.matrix, self.order)
        return PairTiles(rows, self.codes, "euclidean", self.is_exact)


@dataclass(frozen=True)
class SeparationJob:
    """Tiles ``first_tile`` to ``last_tile`` (exclusive) of a stream."""

    stream: SeparationStream
    first_tile: int
    last_tile: int

    def kernel(self) -> str:
        """Which distances come from products depends on the size of the registers."""
        return compiled.level_id()

    def run(self) -> tuple[int, ...]:
        """Sums within classes in every subset, and sums between, as exact integers.

        Then, for each of these sums, in how many tiles it is infinite; such tiles are left out.
        """
        tiles = self.stream.tiles()
        blocks = square_tiles(tiles.n_blocks, self.first_tile, self.last_tile)
        sums = np.array(list(in_threads(lambda pair: self._sums(tiles.tile(*pair)), blocks)))
        finite = np.isfinite(sums)
        n_infinite: list[int] = np.count_nonzero(~finite, axis=0).tolist()
        return (*as_integers(np.where(finite, sums, 0.0)), *n_infinite)

    def _sums(self, tile: Tile) -> FloatArray:
        members = self.stream.members
        sums = np.zeros((2, members.shape[1]))
        left, right = (members[rows].astype(np.float64) for rows in (tile.rows, tile.columns))
        for kind, distances in tile.parts:
            sums[kind] += weighted_sums(distances, left, right)
        return sums.ravel()


def whole_of_separation(stream: SeparationStream) -> SeparationJob:
    """All tiles of a stream."""
    return SeparationJob(stream, 0, count_square_tiles(stream.tiles().n_blocks))
