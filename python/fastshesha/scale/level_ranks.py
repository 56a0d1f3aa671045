r"""Spearman's correlation, and how far it can be off, from counts of levels.

For every pair let :math:`g, h` be the centred mean ranks of its levels on both sides. Of their sum
of products all is known from the counts but :math:`R = \sum (g - g_0)(h - h_0)`, where
:math:`g_0, h_0` are linear in the levels. Cauchy and Schwarz bound it, and it can be measured.
Ranks within a level of c pairs differ from its mean rank by values that sum to zero, and whose
squares sum to at most :math:`c (c^2 - 1) / 12`, or to zero where the pairs count as tied.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fastshesha._typing import BoolArray, FloatArray, IndexArray

_TABLE_LIMIT = 2**23
# Of the float64 arithmetic on sums.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class LevelSide:
    """One side's levels, those that occur.

    Attributes
    ----------
    used : ndarray of int64
        Their numbers.
    counts, levels, ranks : ndarray of float64
        Pairs of each; number and mean rank, both centred over the pairs.
    sums : ndarray of float64
        Sums of the other side's centred levels over the pairs of each.
    within : float
        What squares of ranks within levels can add up to.
    """

    used: IndexArray
    counts: FloatArray
    levels: FloatArray
    ranks: FloatArray
    sums: FloatArray
    within: float

    @cached_property
    def squares(self) -> float:
        """Sum of squares of the ranks."""
        return _dot(self.counts * self.ranks, self.ranks)

    @cached_property
    def level_squares(self) -> float:
        """Sum of squares of the levels."""
        return _dot(self.counts * self.levels, self.levels)

    @cached_property
    def slope(self) -> float:
        """Slope of the ranks on the levels, by least squares."""
        return _dot(self.counts * self.ranks, self.levels) / self.level_squares

    @cached_property
    def rest(self) -> FloatArray:
        """What that line leaves of the ranks."""
        rest: FloatArray = self.ranks - self.slope * self.levels
        return rest

    @cached_property
    def rest_norm(self) -> float:
        """Root of the sum of squares of what is left."""
        return math.sqrt(_dot(self.counts * self.rest, self.rest))


@dataclass(frozen=True)
class LevelRanks:
    """Both sides of a correlation of level ranks over ``n_pairs`` pairs."""

    n_pairs: int
    a: LevelSide
    b: LevelSide

    @property
    def is_constant(self) -> bool:
        """Whether all pairs have one level on a side: there is no correlation then."""
        return min(self.a.used.size, self.b.used.size) < 2

    @cached_property
    def scale(self) -> float:
        """What sums of products are divided by."""
        return math.sqrt(self.a.squares) * math.sqrt(self.b.squares)

    @cached_property
    def known(self) -> float:
        """The sum of products of ranks without R."""
        first = self.b.slope * _dot(self.a.ranks, self.a.sums)
        return first + self.a.slope * _dot(self.b.rest, self.b.sums)

    @property
    def value(self) -> float:
        """The correlation without R."""
        return self.known / self.scale

    @property
    def unknown_limit(self) -> float:
        """What R adds to the correlation at most."""
        return self.a.rest_norm * self.b.rest_norm / self.scale

    def corrected(self, unknown: float, *, is_exact: bool) -> tuple[float, float]:
        """Correlation and bound with R, either estimated or summed over all pairs."""
        if is_exact:
            bound = self._bound(self.known + unknown, self._table_error())
        else:
            bound = self._bound(self.known, self.a.rest_norm * self.b.rest_norm)
            bound += abs(unknown) / self.scale
        return (self.known + unknown) / self.scale, bound

    def _bound(self, known: float, unknown: float) -> float:
        """The largest distance of the correlation of true ranks from that of level ranks."""
        root_a, root_b = math.sqrt(self.a.within), math.sqrt(self.b.within)
        error = unknown + root_a * _spread(self.b, self.a) + root_b * _spread(self.a, self.b)
        error += root_a * root_b
        largest = math.sqrt(self.a.squares + self.a.within)
        largest *= math.sqrt(self.b.squares + self.b.within)
        corners = [(known + s * error) / d for s in (-1.0, 1.0) for d in (self.scale, largest)]
        return max(abs(corner - known / self.scale) for corner in corners) + _ROUNDING

    def tables(self, n_levels: int) -> tuple[IndexArray, IndexArray, float]:
        """The factors of R as integers, and what the sum of their products is to be taken by."""
        tables, weight = [], 1.0
        for side in (self.a, self.b):
            unit = _unit(side)
            table = np.zeros(n_levels, dtype=np.int64)
            table[side.used] = np.rint(side.rest / unit)
            tables.append(table)
            weight *= unit
        return tables[0], tables[1], weight

    def _table_error(self) -> float:
        """What rounding the tables to integers can change in R."""
        of_a = 0.5 * _unit(self.a) * _dot(self.b.counts, np.abs(self.b.rest))
        of_b = 0.5 * _unit(self.b) * _dot(self.a.counts, np.abs(self.a.rest))
        return of_a + of_b + 0.25 * _unit(self.a) * _unit(self.b) * self.n_pairs


def level_ranks(counts: IndexArray, ties_a: BoolArray, ties_b: BoolArray) -> LevelRanks:
    """Ranks of levels from a state of shape (4, n_levels).

    ``ties_a`` and ``ties_b`` tell which levels hold nothing but ties.
    """
    n_pairs = int(counts[0].sum())
    means = [_mean_level(counts[side], n_pairs) for side in (0, 2)]
    a = _side(counts[0], counts[1], ties_a, means[0], means[1], n_pairs)
    b = _side(counts[2], counts[3], ties_b, means[1], means[0], n_pairs)
    return LevelRanks(n_pairs, a, b)


def _mean_level(counts: IndexArray, n_pairs: int) -> float:
    levels = np.flatnonzero(counts)
    total = sum(
        int(level) * int(count) for level, count in zip(levels, counts[levels], strict=True)
    )
    return total / n_pairs if n_pairs else 0.0


def _side(
    counts: IndexArray,
    sums: IndexArray,
    ties: BoolArray,
    mean: float,
    other_mean: float,
    n_pairs: int,
) -> LevelSide:
    used = np.flatnonzero(counts)
    count = counts[used].astype(np.float64)
    before = np.cumsum(counts[used]) - counts[used]
    # Twice the centred mean rank is an integer below 2^53 for up to 2^52 pairs.
    ranks: FloatArray = 0.5 * (2 * before + counts[used] - n_pairs).astype(np.float64)
    loose = ~ties[used]
    within = math.fsum((count * (count * count - 1.0) / 12.0)[loose])
    levels = used.astype(np.float64) - mean
    others = sums[used].astype(np.float64) - other_mean * count
    return LevelSide(used, count, levels, ranks, others, within)


def _spread(of: LevelSide, within: LevelSide) -> float:
    """How much ranks of one side can vary inside the levels of the other, root of squares."""
    explained = of.slope**2 * _dot(within.sums / within.counts, within.sums)
    linear = of.slope**2 * of.level_squares - explained
    return math.sqrt(max(0.0, linear)) + of.rest_norm


def _unit(side: LevelSide) -> float:
    return max(float(np.abs(side.rest).max()), 1e-300) / _TABLE_LIMIT


def _dot(a: FloatArray, b: FloatArray) -> float:
    """A sum of products that does not depend on the machine's vectors."""
    return math.fsum((a * b).tolist())
