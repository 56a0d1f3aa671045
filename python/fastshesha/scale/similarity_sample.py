"""Level maps for the two sides of a comparison, from a sample of their pairs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fastshesha._rows import as_float64

from . import compiled, pair_plans
from .level_map import binary_map, build_map
from .running import run_tiles
from .tile_jobs import PairStream, ProductJob, Side
from .tile_precision import single_margin

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray, Matrix

    from .level_map import LevelMap
    from .level_ranks import LevelRanks
    from .row_source import RowSource

# Similarities within this share of their scale count as equal.
TIE_WIDTH = 1e-11
_ROWS_FOR_SCALE = 4096
_CENTRE_STEPS = 4096.0
# A mean of unit rows whose square is less costs float32 no digits.
_SHORT_CENTRE = 0.05


@dataclass(frozen=True)
class SampleSize:
    """Pairs, and rows, from which level maps are built and the unknown part is estimated."""

    map_pairs: int
    map_rows: int
    unknown_pairs: int
    unknown_rows: int


FOR_ALL_PAIRS = SampleSize(2**20, 2**17, 2**21, 2**17)
FOR_ROUNDS = SampleSize(2**18, 2**15, 2**18, 2**15)


@dataclass(frozen=True)
class Geometry:
    """One representation before it has a level map."""

    source: RowSource
    columns: IndexArray
    metric: str
    centre: FloatArray | None = None

    @cached_property
    def unit_centre(self) -> FloatArray | None:
        """The mean of rows of unit length, in few digits, which are alike on every machine.

        None where it is short, and under euclidean, which centres the rows as such.
        """
        if self.metric == "euclidean":
            return None
        rows = _some_rows(self.source.matrix, self.columns)
        if self.centre is not None:
            rows -= self.centre
        if self.metric == "correlation":
            rows -= rows.mean(axis=1, keepdims=True)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        mean = (rows / np.where(lengths > 0.0, lengths, 1.0)).mean(axis=0)
        rounded: FloatArray = np.rint(mean * _CENTRE_STEPS) / _CENTRE_STEPS
        return rounded if float(rounded @ rounded) > _SHORT_CENTRE else None

    @property
    def n_rows(self) -> int:
        return int(self.source.matrix.shape[0])

    def side(self, level_map: LevelMap) -> Side:
        """The side with a map."""
        return Side(
            self.source, self.columns, self.centre, self.unit_centre, self.metric, level_map
        )


def geometry(source: RowSource, columns: IndexArray, metric: str) -> Geometry:
    """A representation; Euclidean rows are centred, for the sake of their digits."""
    if metric != "euclidean":
        return Geometry(source, columns, metric)
    return Geometry(source, columns, metric, _some_rows(source.matrix, columns).mean(axis=0))


def _some_rows(X: Matrix, columns: IndexArray) -> FloatArray:
    step = max(1, X.shape[0] // _ROWS_FOR_SCALE)
    return as_float64(X[::step][:, columns])


def _scale(side: Geometry) -> float:
    """What similarities are compared with to call them equal: 1, or the mean squared length."""
    if side.metric != "euclidean" or side.centre is None:
        return 1.0
    rows = _some_rows(side.source.matrix, side.columns)
    return float(np.mean(np.sum((rows - side.centre) ** 2, axis=1)))


class MappedSides(NamedTuple):
    """Both sides with level maps, and how far float32 tiles can move their correlation."""

    a: Side
    b: Side
    single_margin: float


def mapped_sides(
    a: Geometry,
    b: Geometry | None,
    size: SampleSize,
    n_levels: int,
    *,
    keep_undefined: bool = False,
) -> MappedSides | None:
    """Both sides with level maps; None where no sampled pair is defined.

    Without ``b`` the second side is that of codes, whose values are 0 and 1.
    """
    plain = binary_map()
    other = a if b is None else b
    n_features = a.columns.size + other.columns.size
    plan = pair_plans.sample(a.n_rows, n_features, size.map_pairs, size.map_rows, 0)
    stream = PairStream(a.side(plain), other.side(plain), None, keep_undefined, plan)
    values = compiled.similarities(stream)
    scales = _scale(a), _scale(other)
    defined = np.isfinite(values[0]) & np.isfinite(values[1])
    if not defined.any():
        return None
    first, second = (
        side.side(build_map(similarities[defined], n_levels, TIE_WIDTH * scale))
        for side, similarities, scale in zip((a, other), values, scales, strict=True)
    )
    n_sides = 1 if b is None else 2
    margin = single_margin(replace(stream, a=first, b=second), values[:n_sides], scales[:n_sides])
    return MappedSides(first, second if b is not None else a.side(plain), margin)


def estimated_unknown(stream: PairStream, ranks: LevelRanks, size: SampleSize) -> float:
    """The sum that levels leave unknown, estimated from pairs that no map was built from."""
    n_features = stream.a.columns.size + stream.b.columns.size
    n_rows = stream.a.source.matrix.shape[0]
    plan = pair_plans.sample(n_rows, n_features, size.unknown_pairs, size.unknown_rows, 1)
    job, weight = _products(replace(stream, plan=plan), ranks)
    total, n_pairs = job.run()
    return total * weight * (ranks.n_pairs / n_pairs) if n_pairs else 0.0


def summed_unknown(stream: PairStream, ranks: LevelRanks) -> float:
    """The same sum over all pairs of the stream, in a second pass."""
    job, weight = _products(stream, ranks)
    state = run_tiles(job)
    assert state is not None
    return int(state[0]) * weight


def _products(stream: PairStream, ranks: LevelRanks) -> tuple[ProductJob, float]:
    first, second, weight = ranks.tables(stream.n_levels)
    return ProductJob(stream, 0, compiled.n_tiles(stream), (first, second)), weight
