"""Tile jobs: the pairs of some tiles become integer counts that can be added.

A job is a pure function of what it holds, and can be pickled; rows that lie in a file travel as
its name. Its state depends on no number of threads, and the sum of the states of all jobs on no
division of the tiles into jobs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from . import compiled

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray

    from .level_map import LevelMap
    from .pair_plans import PairPlan
    from .row_source import RowSource


@dataclass(frozen=True)
class Side:
    """Columns of a matrix and how rows are compared in them.

    ``centre``, where given, is taken away from every row first, one value a column; tiles in
    float32 take ``unit_centre`` from rows once they have unit length.
    """

    source: RowSource
    columns: IndexArray
    centre: FloatArray | None
    unit_centre: FloatArray | None
    metric: str
    level_map: LevelMap


@dataclass(frozen=True)
class PairStream:
    """Two sides and the pairs of rows to compare them in.

    With ``codes``, one per row, the second side is "the codes of both rows are equal".
    ``keep_undefined`` counts rows without a direction as unlike all others; else they drop out.
    Tiles are computed in float32 where ``is_single``, else in float64.
    """

    a: Side
    b: Side
    codes: IndexArray | None
    keep_undefined: bool
    plan: PairPlan
    is_single: bool = False

    @property
    def n_levels(self) -> int:
        """Levels of a state: those of the side that has more."""
        return max(self.a.level_map.n_levels, self.b.level_map.n_levels)


class Job(Protocol):
    """Some tiles of a pass, as a dataclass; running them gives integers to be added."""

    @property
    def first_tile(self) -> int:
        """The first tile."""

    @property
    def last_tile(self) -> int:
        """The tile behind the last one."""

    def kernel(self) -> str:
        """The name of the kernels that states depend on: equal names promise equal bits."""

    def run(self) -> IndexArray | tuple[int, ...]:
        """The state of the tiles."""

    # What makes a class a dataclass, by which parts of jobs are made.
    __dataclass_fields__: ClassVar[dict[str, Any]]


AnyJob = TypeVar("AnyJob", bound=Job)


@dataclass(frozen=True)
class TileJob:
    """Tiles ``first_tile`` to ``last_tile`` (exclusive) of a stream."""

    stream: PairStream
    first_tile: int
    last_tile: int

    def kernel(self) -> str:
        """The kernels of streamed tiles."""
        return compiled.kernel_id()

    def run(self) -> IndexArray:
        """Counts, shape (max(1, rounds), 4, n_levels).

        For every level of the first side the number of its pairs and the sum of their levels on
        the second side, then the same with the sides changed over.
        """
        return compiled.level_counts(self.stream, self.first_tile, self.last_tile)


@dataclass(frozen=True)
class ProductJob:
    """Tiles of a stream, and a table of integers below 2^24 for the levels of each side."""

    stream: PairStream
    first_tile: int
    last_tile: int
    tables: tuple[IndexArray, IndexArray]

    def kernel(self) -> str:
        """The kernels of streamed tiles."""
        return compiled.kernel_id()

    def run(self) -> tuple[int, int]:
        """The sum over the pairs of the product of their entries, and the number of pairs."""
        return compiled.table_products(self.stream, self.first_tile, self.last_tile, self.tables)


def whole(stream: PairStream) -> TileJob:
    """All tiles of a stream."""
    return TileJob(stream, 0, compiled.n_tiles(stream))


def part(job: AnyJob, tiles: tuple[int, int]) -> AnyJob:
    """The job with some of its tiles alone, the first one and the one behind the last."""
    changes: Any = {"first_tile": tiles[0], "last_tile": tiles[1]}
    return replace(job, **changes)
