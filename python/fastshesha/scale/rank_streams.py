"""Spearman's correlation of two representations over all pairs, or over balanced rounds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Literal

import numpy as np

from . import compiled, pair_plans
from .level_map import binary_map
from .level_ranks import level_ranks
from .similarity_sample import (
    FOR_ALL_PAIRS,
    FOR_ROUNDS,
    estimated_unknown,
    mapped_sides,
    summed_unknown,
)
from .tile_jobs import PairStream, tile_jobs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastshesha._typing import BoolArray, FloatArray, IndexArray

    from .pair_plans import PairPlan
    from .similarity_sample import Geometry, SampleSize

Undefined = Literal["stop", "omit", "replace"]
LEVELS_FOR_ALL_PAIRS = 2**16
LEVELS_FOR_ROUNDS = 2**12
# Where more of the correlation could be unknown, a second pass sums it.
_LARGEST_UNKNOWN = 5e-5


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
    """

    value: float
    error_bound: float
    n_pairs: int
    n_undefined: int
    is_constant: bool
    rounds: FloatArray


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
    size, n_levels = FOR_ALL_PAIRS, LEVELS_FOR_ALL_PAIRS
    if plan.n_rounds:
        size, n_levels = FOR_ROUNDS, LEVELS_FOR_ROUNDS
    plain = a.side(binary_map()), (a if b is None else b).side(binary_map())
    n_undefined = 0
    # A pass over the rows is little beside all their pairs, but not beside a sample of them.
    if undefined == "replace" or not plan.n_rounds:
        n_undefined = _n_undefined(PairStream(*plain, codes, False, plan))
    if n_undefined and (undefined == "stop" or a.metric == "euclidean"):
        return _stopped(n_undefined)
    sides = mapped_sides(a, b, size, n_levels) or plain
    stream = PairStream(*sides, codes, undefined == "replace", plan)
    state = sum_states(job.run() for job in tile_jobs(stream))
    if undefined != "replace":
        n_undefined = plan.n_pairs() - int(np.sum(state[:, 0]))
    if n_undefined and (undefined == "stop" or a.metric == "euclidean"):
        return _stopped(n_undefined)
    return _finished(stream, state, n_undefined, size)


def _stopped(n_undefined: int) -> StreamedCorrelation:
    return StreamedCorrelation(math.nan, math.nan, 0, n_undefined, False, np.empty(0))


def sum_states(states: Iterable[IndexArray]) -> IndexArray:
    """The state of all jobs together, in whatever order theirs come."""
    return reduce(np.add, states)


def _n_undefined(stream: PairStream) -> int:
    """Pairs of the plan with a row that has no similarity to others."""
    undefined = compiled.undefined_rows(stream.a)
    if stream.codes is None:
        undefined = undefined | compiled.undefined_rows(stream.b)
    if not undefined.any():
        return 0
    return stream.plan.n_pairs() - stream.plan.n_pairs(~undefined)


def _finished(
    stream: PairStream, state: IndexArray, n_undefined: int, size: SampleSize
) -> StreamedCorrelation:
    ties = [_padded(side.level_map.ties, stream.n_levels) for side in (stream.a, stream.b)]
    ranks = level_ranks(state.sum(axis=0), *ties)
    rounds = [level_ranks(counts, *ties) for counts in state] if stream.plan.n_rounds else []
    values = np.array([math.nan if r.is_constant else r.value for r in rounds])
    if ranks.n_pairs < 2 or ranks.is_constant:
        return StreamedCorrelation(
            math.nan, math.nan, ranks.n_pairs, n_undefined, ranks.n_pairs >= 1, values
        )
    if stream.codes is not None:
        value, bound = ranks.corrected(0.0, is_exact=True)
    elif ranks.unknown_limit > _LARGEST_UNKNOWN and not stream.plan.n_rounds:
        value, bound = ranks.corrected(summed_unknown(stream, ranks), is_exact=True)
    else:
        unknown = estimated_unknown(stream, ranks, size)
        value, bound = ranks.corrected(unknown, is_exact=False)
    value = min(1.0, max(-1.0, value))
    return StreamedCorrelation(value, bound, ranks.n_pairs, n_undefined, False, values)


def _padded(ties: BoolArray, n_levels: int) -> BoolArray:
    return np.pad(ties, (0, n_levels - ties.size))


def all_pairs_plan(a: Geometry, b: Geometry | None) -> PairPlan:
    """The plan of all pairs of two representations."""
    n_features = a.columns.size + (0 if b is None else b.columns.size)
    return pair_plans.all_pairs(a.n_rows, n_features)
