"""Tile jobs of several splits of the same columns, whose tiles share rows and products.

The product of two rows over a second half of the columns is that over all of them, less that over
the first half and over columns that are in neither. So a split costs half a product beside the
common one. Under correlation rows are less their mean over all columns, and m columns of means p
and q hold m p q more than if rows were less their mean in the half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import compiled

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray

    from .level_map import LevelMap
    from .pair_plans import PairPlan
    from .tile_jobs import Side


@dataclass(frozen=True)
class SplitStream:
    """Splits of the columns of ``whole``, and the pairs of rows to compare their halves in.

    ``first`` holds, for every split, the positions of its first half in the columns of the whole,
    in rising order, and ``left_out`` those of columns in neither half; ``maps_a`` and ``maps_b``
    the level maps of both halves. Tiles are computed in float32. ``keep_undefined`` as in
    :class:`fastshesha.scale.tile_jobs.PairStream`.
    """

    whole: Side
    first: tuple[IndexArray, ...]
    left_out: tuple[IndexArray, ...]
    maps_a: tuple[LevelMap, ...]
    maps_b: tuple[LevelMap, ...]
    keep_undefined: bool
    plan: PairPlan

    @property
    def n_levels(self) -> int:
        """Levels of a state: those of the map that has most."""
        return max(level_map.n_levels for level_map in (*self.maps_a, *self.maps_b))


@dataclass(frozen=True)
class SplitJob:
    """Tiles ``first_tile`` to ``last_tile`` (exclusive) of several splits."""

    stream: SplitStream
    first_tile: int
    last_tile: int

    def kernel(self) -> str:
        """The kernels of streamed tiles."""
        return compiled.kernel_id()

    def run(self) -> IndexArray:
        """Counts, shape (splits, max(1, rounds), 4, n_levels): the states of the splits."""
        return compiled.split_counts(self.stream, self.first_tile, self.last_tile)


def whole_of_splits(stream: SplitStream) -> SplitJob:
    """All tiles of a stream."""
    return SplitJob(stream, 0, compiled.opened_splits(stream).n_tiles())
