"""Spearman's correlation of two representations over all pairs, or over balanced rounds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from fastshesha import _log

from . import compiled
from .level_map import binary_map
from .level_ranks import level_ranks
from .running import run_tiles
from .similarity_sample import (
    FOR_ALL_PAIRS,
    FOR_ROUNDS,
    MappedSides,
    estimated_unknown,
    mapped_sides,
    summed_unknown,
)
from .tile_jobs import PairStream, whole
from .tile_precision import LARGEST_MARGIN

if TYPE_CHECKING:
    from fastshesha._typing import BoolArray, FloatArray, IndexArray

    from .level_ranks import LevelRanks
    from .pair_plans import PairPlan
    from .similarity_sample import Geometry

Undefined = Literal["stop", "omit", "replace"]
LEVELS_FOR_ALL_PAIRS = 2**16
LEVELS_FOR_ROUNDS = 2**12
# Where more of the correlation could be unknown, a second pass sums it.
_LARGEST_UNKNOWN = 5e-5
# Below this share of the spread of rounds, it is not worth estimating.
_NEGLIGIBLE = 0.01


@dataclass(frozen=True)
class StreamedCorrelation:
    """A correlation over streamed pairs.

    Attributes
    ----------
    value : float
        NaN where a side is constant or fewer than two pairs are defined.
    error_bound : float
        How far the correlation of the ranks of these pairs' computed distances can lie from it.
    n_pairs, n_undefined : int
        Pairs that were counted, and pairs with an undefined distance.
    is_constant : bool
        Whether all distances of a side are equal.
    rounds : ndarray of float64
        Correlations of single rounds; empty over all pairs.
    tile_dtype : str
        'float32' or 'float64', in which distances were computed.
    """

    value: float
    error_bound: float
    n_pairs: int
    n_undefined: int
    is_constant: bool
    rounds: FloatArray
    tile_dtype: str = "float64"


def correlate(
    a: Geometry,
    b: Geometry | None,
    plan: PairPlan,
    *,
    codes: IndexArray | None = None,
    undefined: Undefined = "stop",
) -> StreamedCorrelation:
    """Correlation of the distances of ``a`` with those of ``b``, or with "codes differ".

    Undefined pairs are left out ('omit'), taken as 1 ('replace'), or make the value NaN ('stop').
    """
    ready = prepare(a, b, plan, codes=codes, undefined=undefined)
    if isinstance(ready, StreamedCorrelation):
        return ready
    return count(ready, undefined)


@dataclass(frozen=True)
class ReadyStream:
    """A stream, undefined pairs that it keeps, and how far its tiles can move the correlation."""

    stream: PairStream
    n_undefined: int
    margin: float


def prepare(
    a: Geometry,
    b: Geometry | None,
    plan: PairPlan,
    *,
    codes: IndexArray | None = None,
    undefined: Undefined = "stop",
) -> ReadyStream | StreamedCorrelation:
    """What :func:`correlate` needs before pairs are counted, or its answer without them."""
    _log.debug("%d pairs are streamed, in %d rounds (0: all)", plan.n_pairs(), plan.n_rounds)
    size = FOR_ROUNDS if plan.n_rounds else FOR_ALL_PAIRS
    n_levels = LEVELS_FOR_ROUNDS if plan.n_rounds else LEVELS_FOR_ALL_PAIRS
    plain = a.side(binary_map()), (a if b is None else b).side(binary_map())
    n_undefined = 0
    # A pass over the rows is little beside all their pairs, but not beside a sample of them.
    if undefined == "replace" or not plan.n_rounds:
        n_undefined = _n_undefined(PairStream(*plain, codes, False, plan))
    if n_undefined and (undefined == "stop" or a.metric == "euclidean"):
        return _stopped(n_undefined)
    keep = undefined == "replace"
    mapped = mapped_sides(a, b, size, n_levels, keep_undefined=keep)
    mapped = mapped or MappedSides(*plain, math.inf)
    is_single = mapped.single_margin <= LARGEST_MARGIN
    stream = PairStream(mapped.a, mapped.b, codes, keep, plan, is_single)
    return ReadyStream(stream, n_undefined, mapped.single_margin if is_single else 0.0)


def count(ready: ReadyStream, undefined: Undefined) -> StreamedCorrelation:
    """Count the pairs of a stream, and finish it."""
    state = run_tiles(whole(ready.stream))
    if state is None:
        return elsewhere(ready.stream.plan)
    assert isinstance(state, np.ndarray)
    return finish(ready, state, undefined)


def finish(ready: ReadyStream, state: IndexArray, undefined: Undefined) -> StreamedCorrelation:
    """The correlation of a stream whose pairs were counted."""
    stream, n_undefined = ready.stream, ready.n_undefined
    if not stream.keep_undefined:
        n_undefined = stream.plan.n_pairs() - int(np.sum(state[:, 0]))
    if n_undefined and undefined == "stop":
        return _stopped(n_undefined)
    found = _finished(stream, state, n_undefined)
    return replace(found, error_bound=found.error_bound + ready.margin)


def _stopped(n_undefined: int) -> StreamedCorrelation:
    return StreamedCorrelation(math.nan, math.nan, 0, n_undefined, False, np.empty(0))


def elsewhere(plan: PairPlan) -> StreamedCorrelation:
    """What stands for a correlation of which only a part is counted here."""
    return StreamedCorrelation(0.0, 0.0, plan.n_pairs(), 0, False, np.zeros(plan.n_rounds))


def _n_undefined(stream: PairStream) -> int:
    """Pairs of the plan with a row that has no similarity to others."""
    undefined = compiled.undefined_rows(stream.a)
    if stream.codes is None:
        undefined = undefined | compiled.undefined_rows(stream.b)
    if not undefined.any():
        return 0
    return stream.plan.n_pairs() - stream.plan.n_pairs(~undefined)


def _finished(stream: PairStream, state: IndexArray, n_undefined: int) -> StreamedCorrelation:
    ties = [_padded(side.level_map.ties, stream.n_levels) for side in (stream.a, stream.b)]
    ranks = level_ranks(state.sum(axis=0), *ties)
    rounds = [level_ranks(counts, *ties) for counts in state] if stream.plan.n_rounds else []
    values = np.array([math.nan if r.is_constant else r.value for r in rounds])
    value, bound = math.nan, math.nan
    if not ranks.is_constant:
        unknown, is_exact = _unknown(stream, ranks, values)
        value, bound = ranks.corrected(unknown, is_exact=is_exact)
        value = min(1.0, max(-1.0, value))
    is_constant = ranks.is_constant and ranks.n_pairs > 0
    tile_dtype = "float32" if stream.is_single else "float64"
    return StreamedCorrelation(
        value, bound, ranks.n_pairs, n_undefined, is_constant, values, tile_dtype
    )


def _unknown(stream: PairStream, ranks: LevelRanks, rounds: FloatArray) -> tuple[float, bool]:
    """The sum of products that levels leave open, and whether it is exact."""
    if stream.codes is not None:
        return 0.0, True
    if not stream.plan.n_rounds and ranks.unknown_limit > _LARGEST_UNKNOWN:
        return summed_unknown(stream, ranks), True
    if rounds.size and ranks.unknown_limit < _NEGLIGIBLE * float(np.std(rounds)):
        return 0.0, False
    return estimated_unknown(stream, ranks, FOR_ROUNDS if rounds.size else FOR_ALL_PAIRS), False


def _padded(ties: BoolArray, n_levels: int) -> BoolArray:
    return np.pad(ties, (0, n_levels - ties.size))
