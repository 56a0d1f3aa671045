"""Class separation over balanced rounds of pairs instead of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha import _kernels
from fastshesha._resources.pair_limit import told_of_sampling
from fastshesha._supervised.pair_sums import PairSums, Sums

from . import pair_plans
from .pair_sampling import sampling_metadata
from .threaded import in_threads

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray, Matrix

    from .pair_plans import PairPlan

# A tile of distances: enough for the kernels, with few that no round asks for.
_ROWS = 64
_COLUMNS = 4096


def sampled_sums(
    X: Matrix, codes: IndexArray, metric: str, max_pairs: int, rng: np.random.Generator
) -> tuple[Sums, PairPlan | None]:
    """Sums over every round of a plan of so many pairs; without a plan, over all pairs.

    Codes of -1 are in no class.
    """
    plan = pair_plans.balanced_rounds(rng, X.shape[0], X.shape[1], max_pairs)
    if plan is None:
        return PairSums(X, codes, metric).over(np.ones((X.shape[0], 1))), None
    return Sums(*_sums(X, codes, metric, plan)), plan


def pooled(rounds: Sums) -> Sums:
    """Sums over all rounds together."""
    return Sums(*(np.atleast_1d(part.sum()) for part in rounds))


def separation_metadata(
    value: float, rounds: Sums, plan: PairPlan | None, max_pairs: int, level: float
) -> dict[str, Any]:
    """What results tell of a ratio; the spread of those of single rounds tells its error."""
    told = told_of_sampling(max_pairs, value)
    if plan is None:
        return told
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = (rounds.between / rounds.n_between) / (rounds.within / rounds.n_within)
    return told | sampling_metadata(value, ratios, plan, level)


def _sums(X: Matrix, codes: IndexArray, metric: str, plan: PairPlan) -> FloatArray:
    """Sums within and between and numbers of both in every round, shape (4, n_rounds)."""
    edges = np.arange(plan.n_blocks + 1, dtype=np.int64) * plan.rows.size // plan.n_blocks
    blocks = np.repeat(np.arange(plan.n_blocks), np.diff(edges))
    # Behind the end of the circle its beginning follows once more.
    n_again = edges[plan.n_rounds]
    rows = np.concatenate([plan.rows, plan.rows[:n_again]])
    blocks = np.concatenate([blocks, blocks[:n_again] + plan.n_blocks])

    def of_tile(tile: tuple[slice, slice]) -> FloatArray:
        left, right = (rows[part] for part in tile)
        shifts = blocks[tile[1]] - blocks[tile[0]][:, np.newaxis] - 1
        used = (shifts >= 0) & (shifts < plan.n_rounds)
        used &= (codes[left] >= 0)[:, np.newaxis] & (codes[right] >= 0)
        is_between = codes[left][:, np.newaxis] != codes[right]
        bins = (shifts + plan.n_rounds * is_between)[used]
        distances = _kernels.cross_distances(X[left], X[right], metric)[used]
        n_bins = 2 * plan.n_rounds
        counts = np.bincount(bins, minlength=n_bins)
        return np.concatenate([np.bincount(bins, distances, n_bins), counts])

    # The order of the tiles, and with it every bit of the sums, is that of the plan.
    total: FloatArray = sum(in_threads(of_tile, _tiles(blocks, plan)), np.zeros(4 * plan.n_rounds))
    return total.reshape(4, plan.n_rounds)


def _tiles(blocks: IndexArray, plan: PairPlan) -> Iterator[tuple[slice, slice]]:
    """Positions that together hold every pair of the plan once, between blocks of rising number."""
    for start in range(0, plan.rows.size, _ROWS):
        stop = min(start + _ROWS, plan.rows.size)
        nearest = np.searchsorted(blocks, blocks[start] + 1)
        furthest = np.searchsorted(blocks, blocks[stop - 1] + plan.n_rounds, side="right")
        for column in range(int(nearest), int(furthest), _COLUMNS):
            yield slice(start, stop), slice(column, min(column + _COLUMNS, int(furthest)))
