"""Which splits of the columns may share their tiles' products, and their correlations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from . import compiled, pair_plans
from .level_map import binary_map
from .rank_streams import ReadyStream, StreamedCorrelation, count, elsewhere, finish
from .running import run_tiles
from .similarity_sample import FOR_ROUNDS
from .split_jobs import SplitStream, whole_of_splits
from .tile_jobs import Side
from .tile_precision import LARGEST_MARGIN, margin_between

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastshesha._typing import IndexArray

    from .pair_plans import PairPlan
    from .rank_streams import Undefined

# Two splits that share a product of all columns take as long as two that do not.
FEWEST_SHARING = 3
# Of fewer columns a product takes less than what is done to share it.
FEWEST_COLUMNS = 128
# States and counters take 3 MiB a split and one more for every thread.
MOST_SHARING = 16
# Halves of an odd number of columns leave one out.
MOST_LEFT_OUT = 1


@dataclass(frozen=True)
class SharingStream(ReadyStream):
    """A stream that may share products over ``whole``, columns in rising order."""

    whole: IndexArray


def in_passes(ready: Mapping[int, ReadyStream]) -> list[dict[int, ReadyStream]]:
    """Streams by their places, those together that are counted in one pass."""
    sharing = shareable(ready)
    groups = np.array_split(list(sharing), -(-len(sharing) // MOST_SHARING)) if sharing else []
    alone = sorted(ready.keys() - sharing.keys())
    together: list[dict[int, ReadyStream]] = [
        {int(place): sharing[place] for place in group} for group in groups
    ]
    return together + [{place: ready[place]} for place in alone]


def correlate_pass(
    ready: Mapping[int, ReadyStream], plan: PairPlan, undefined: Undefined
) -> dict[int, StreamedCorrelation]:
    """Correlations of the streams of one pass by their places."""
    sharing = {place: one for place, one in ready.items() if isinstance(one, SharingStream)}
    if not sharing:
        return {place: count(one, undefined) for place, one in ready.items()}
    shared = correlate_shared(list(sharing.values()), plan, undefined)
    return dict(zip(sharing, shared, strict=True))


def correlate_shared(
    ready: Sequence[SharingStream], plan: PairPlan, undefined: Undefined
) -> list[StreamedCorrelation]:
    """Correlations of streams that :func:`shareable` lets through, in one pass over a plan."""
    states = run_tiles(whole_of_splits(joined(ready, plan)))
    if states is None:
        return [elsewhere(plan) for _ in ready]
    assert isinstance(states, np.ndarray)
    return [finish(one, state, undefined) for one, state in zip(ready, states, strict=True)]


def shareable(ready: Mapping[int, ReadyStream]) -> dict[int, SharingStream]:
    """Those of the streams that may share products, by their places, with the margins of sharing.

    Their tiles are in float32, their halves leave out next to none of the columns of all together,
    and what is left of the products over these moves few ranks. Squared distances are no products.
    """
    candidates = {
        place: one
        for place, one in ready.items()
        if one.stream.is_single
        and one.stream.a.metric != "euclidean"
        and _columns(one).size >= FEWEST_COLUMNS
    }
    if len(candidates) < FEWEST_SHARING:
        return {}
    whole = np.unique(np.concatenate([_columns(one) for one in candidates.values()]))
    sharing: dict[int, SharingStream] = {}
    for place, one in candidates.items():
        if whole.size - _columns(one).size <= MOST_LEFT_OUT:
            margin = _shared_margin(one, whole)
            if margin <= LARGEST_MARGIN:
                sharing[place] = SharingStream(one.stream, one.n_undefined, margin, whole)
    return sharing if len(sharing) >= FEWEST_SHARING else {}


def _columns(ready: ReadyStream) -> IndexArray:
    return np.union1d(ready.stream.a.columns, ready.stream.b.columns)


def joined(ready: Sequence[SharingStream], plan: PairPlan) -> SplitStream:
    """Streams that share products as one, over a plan."""
    columns = ready[0].whole
    side = ready[0].stream.a
    whole = Side(side.source, columns, None, None, side.metric, binary_map())
    return SplitStream(
        whole,
        tuple(np.searchsorted(columns, one.stream.a.columns) for one in ready),
        tuple(np.flatnonzero(~np.isin(columns, _columns(one))) for one in ready),
        tuple(one.stream.a.level_map for one in ready),
        tuple(one.stream.b.level_map for one in ready),
        ready[0].stream.keep_undefined,
        pair_plans.with_shared_products(plan),
    )


def _shared_margin(ready: ReadyStream, whole: IndexArray) -> float:
    """How far sharing can move a correlation, by pairs that are computed in float64, too."""
    # Rows that are left out would let later ones move up, though not in both ways.
    stream = replace(ready.stream, keep_undefined=True)
    n_rows, size = stream.a.source.matrix.shape[0], FOR_ROUNDS
    n_features = stream.a.columns.size + stream.b.columns.size
    plan = pair_plans.sample(n_rows, n_features, size.map_pairs, size.map_rows, 0)
    exact = compiled.similarities(replace(stream, plan=plan, is_single=False))
    together = joined([SharingStream(stream, 0, 0.0, whole)], plan)
    shared = compiled.split_similarities(together, 0)
    return margin_between([stream.a.level_map, stream.b.level_map], exact, shared)
