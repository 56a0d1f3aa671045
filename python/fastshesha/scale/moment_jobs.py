"""Tile jobs of Pearson's correlation of two Euclidean RDMs.

A tile sums distances in one fixed order. Its sums, which are floating-point numbers, become
integers without rounding, so that what all tiles add up to depends on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import compiled
from .exact_sums import as_integers
from .square_tiles import count_square_tiles

if TYPE_CHECKING:
    from .row_source import RowSource


@dataclass(frozen=True)
class MomentStream:
    """Two matrices, and all pairs of their rows, in tiles of two of ``n_blocks`` blocks.

    Euclidean distances enter less ``centres`` and then times ``scales``, one for each side.
    """

    a: RowSource
    b: RowSource
    centres: tuple[float, float]
    scales: tuple[float, float]
    n_blocks: int


@dataclass(frozen=True)
class MomentJob:
    """Tiles ``first_tile`` to ``last_tile`` (exclusive) of a stream."""

    stream: MomentStream
    first_tile: int
    last_tile: int

    def kernel(self) -> str:
        """One name: distances and sums have the same bits everywhere."""
        return "exact-1"

    def run(self) -> tuple[int, ...]:
        """Sums of what enters of both sides, a and b, and of aa, ab and bb, as exact integers.

        Raises
        ------
        ValueError
            A distance, or its square, overflows.
        """
        sums = compiled.distance_moments(self.stream, self.first_tile, self.last_tile)
        if not np.isfinite(sums).all():
            raise ValueError("Squared distances overflow; scale X and Y down")
        return as_integers(sums)


def whole_of_moments(stream: MomentStream) -> MomentJob:
    """All tiles of a stream."""
    return MomentJob(stream, 0, count_square_tiles(stream.n_blocks))
