"""The door to the compiled tiles: level maps, sides and streams become the core's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastshesha import _core
from fastshesha._resources.threads import n_threads

if TYPE_CHECKING:
    from fastshesha._typing import BoolArray, FloatArray, IndexArray

    from .level_map import LevelMap
    from .moment_jobs import MomentStream
    from .split_jobs import SplitStream
    from .tile_jobs import PairStream, Side


def kernel_id() -> str:
    """The name of what computes similarities here: equal names promise equal bits.

    AVX2 and AVX-512 add in one order, with fused multiply-adds; the baseline rounds every product.
    The number goes up with every change that can send a pair to another level.
    """
    return "fused-2" if _core.active_simd_level() in ("avx2", "avx512") else "baseline-2"


def level_id() -> str:
    """The name of what computes distances that are rounded otherwise on every processor."""
    return f"{_core.active_simd_level()}-1"


def map_levels(level_map: LevelMap, values: FloatArray) -> IndexArray:
    """Levels of some values."""
    return _core.LevelMap(*level_map.arguments()).levels(values).astype(np.int64)


def undefined_rows(side: Side) -> BoolArray:
    """Which rows have no similarity to any other on this side."""
    return _side(side).undefined_rows(n_threads())


def opened(stream: PairStream) -> _core.PairStream:
    """The compiled stream, which reads the rows where they lie."""
    plan = stream.plan
    return _core.PairStream(
        _side(stream.a),
        _side(stream.b),
        stream.codes,
        stream.keep_undefined,
        stream.is_single,
        plan.rows,
        plan.n_blocks,
        plan.n_rounds,
        plan.rows_per_tile,
    )


def level_counts(stream: PairStream, first_tile: int, last_tile: int) -> IndexArray:
    """The state of some tiles, shape (rounds, 4, n_levels)."""
    return opened(stream).level_counts(first_tile, last_tile, stream.n_levels, n_threads())


def table_products(
    stream: PairStream,
    first_tile: int,
    last_tile: int,
    tables: tuple[IndexArray, IndexArray],
) -> tuple[int, int]:
    """Sum over the pairs of what the tables hold for their levels, multiplied, and the pairs."""
    high, low, n_pairs = opened(stream).table_products(
        first_tile, last_tile, tables[0], tables[1], n_threads()
    )
    return (int(high) << 32) + int(low), int(n_pairs)


def similarities(stream: PairStream) -> tuple[FloatArray, FloatArray]:
    """Similarities of all pairs of a plan with rounds, on both sides; NaN where not defined."""
    a, b = opened(stream).similarities(n_threads())
    if stream.is_single:
        a += _side(stream.a).shift()
        b += _side(stream.b).shift()
    return a, b


def opened_splits(stream: SplitStream) -> _core.SplitStream:
    """The compiled stream of several splits."""
    plan = stream.plan
    return _core.SplitStream(
        _side(stream.whole),
        stream.first,
        stream.left_out,
        [_core.LevelMap(*level_map.arguments()) for level_map in stream.maps_a],
        [_core.LevelMap(*level_map.arguments()) for level_map in stream.maps_b],
        stream.keep_undefined,
        plan.rows,
        plan.n_blocks,
        plan.n_rounds,
        plan.rows_per_tile,
    )


def split_counts(stream: SplitStream, first_tile: int, last_tile: int) -> IndexArray:
    """States of some tiles, shape (splits, rounds, 4, n_levels)."""
    return opened_splits(stream).level_counts(first_tile, last_tile, stream.n_levels, n_threads())


def split_similarities(stream: SplitStream, split: int) -> tuple[FloatArray, FloatArray]:
    """Similarities of all pairs of a plan with rounds in both halves of a split."""
    return opened_splits(stream).similarities(split, n_threads())


def distance_moments(stream: MomentStream, first_tile: int, last_tile: int) -> FloatArray:
    """Sums of a, b, aa, ab and bb over the pairs of every tile, shape (n_tiles, 5)."""
    return _core.distance_moments(
        stream.a.matrix,
        stream.b.matrix,
        stream.centres,
        stream.scales,
        stream.n_blocks,
        first_tile,
        last_tile,
        n_threads(),
    )


def n_tiles(stream: PairStream) -> int:
    """The number of tiles of a stream."""
    return opened(stream).n_tiles()


def _side(side: Side) -> _core.StreamSide:
    return _core.StreamSide(
        side.source.matrix,
        side.columns,
        side.centre,
        side.unit_centre,
        side.metric,
        _core.LevelMap(*side.level_map.arguments()),
    )
