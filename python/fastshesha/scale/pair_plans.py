"""Which pairs are compared, in which tiles: all of them, or balanced rounds of some."""

from __future__ import annotations

import zlib
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._plan import distinct_rows, generator
from fastshesha._resources.pair_limit import count_pairs

if TYPE_CHECKING:
    from fastshesha._typing import BoolArray, IndexArray

FEWEST_ROUNDS = 8
MOST_ROUNDS = 15
_BYTES_PER_TILE = 24 * 2**20
_FEWEST_TILES_A_SIDE = 12
_MOST_ROWS_OF_SQUARE = 2048
_MOST_SHARED_ENTRIES = 2**22
_ROWS_PER_PANEL = 8
_SAMPLE_ROUNDS = 4


@dataclass(frozen=True)
class RowRecipe:
    """All rows in their order or, with a generator, some or all of them in random order."""

    n_rows: int
    size: int
    rng: np.random.Generator | None = None

    def rows(self) -> IndexArray:
        """The rows; the generator is left as it is."""
        if self.rng is None:
            return np.arange(self.n_rows, dtype=np.int64)
        return distinct_rows(deepcopy(self.rng), self.n_rows, self.size)


@dataclass(frozen=True)
class PairPlan:
    """A sequence of rows, cut into blocks that are paired.

    Attributes
    ----------
    rows : ndarray of int64
        Row numbers; blocks follow each other in this order.
    n_blocks : int
        Blocks of equal size, as far as they can be.
    n_rounds : int
        0 to pair every row with every other. Else round k pairs each block with the one that is
        k + 1 places further, in a circle: every row occurs as often as any other.
    rows_per_tile : int
        Rows that a tile of rounds holds at once.
    recipe : RowRecipe, optional
        How the rows come about, to travel in their place.
    """

    rows: IndexArray
    n_blocks: int
    n_rounds: int
    rows_per_tile: int
    recipe: RowRecipe | None = field(default=None, compare=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        shape = (self.n_blocks, self.n_rounds, self.rows_per_tile)
        if self.recipe is None:
            return PairPlan, (self.rows, *shape)
        return _from_recipe, (self.recipe, zlib.crc32(self.rows.data), *shape)

    def n_pairs(self, counted: BoolArray | None = None) -> int:
        """Pairs of the plan, of counted rows alone where given (one entry per row number)."""
        n = self.rows.size
        weights = np.ones(n, np.int64) if counted is None else counted[self.rows].astype(np.int64)
        if self.n_rounds == 0:
            total = int(weights.sum())
            return total * (total - 1) // 2
        edges = np.arange(self.n_blocks + 1, dtype=np.int64) * n // self.n_blocks
        sizes = np.diff(np.concatenate([[0], np.cumsum(weights)])[edges])
        shifts = range(1, self.n_rounds + 1)
        return sum(int(sizes @ np.roll(sizes, -shift)) for shift in shifts)


def _from_recipe(
    recipe: RowRecipe, checksum: int, n_blocks: int, n_rounds: int, rows_per_tile: int
) -> PairPlan:
    rows = recipe.rows()
    if zlib.crc32(rows.data) != checksum:
        raise RuntimeError(
            "numpy draws other rows here than where the plan was made: use one release"
        )
    return PairPlan(rows, n_blocks, n_rounds, rows_per_tile, recipe)


def _rows_per_tile(n_features: int) -> int:
    """Rows of both sides together that two buffers of float64 hold."""
    return min(4096, max(96, _BYTES_PER_TILE // (16 * max(1, n_features))))


def all_pairs(n_rows: int, n_features: int) -> PairPlan:
    """Every pair of rows, in squares small enough for many threads."""
    size = min(_rows_per_tile(n_features), _MOST_ROWS_OF_SQUARE)
    size = min(size, max(192, n_rows // _FEWEST_TILES_A_SIDE))
    n_blocks = max(1, -(-n_rows // size))
    recipe = RowRecipe(n_rows, n_rows)
    return PairPlan(recipe.rows(), n_blocks, 0, size, recipe)


def with_shared_products(plan: PairPlan) -> PairPlan:
    """The plan with tiles of rounds so small that products of all their pairs can be kept."""
    if plan.n_rounds == 0:
        return plan
    block = -(-plan.rows.size // plan.n_blocks)
    most = max(block, _MOST_SHARED_ENTRIES // (plan.n_rounds * block))
    return replace(plan, rows_per_tile=min(plan.rows_per_tile, most))


def sample(n_rows: int, n_features: int, n_pairs: int, most_rows: int, stream: int) -> PairPlan:
    """About so many pairs of at most so many random rows, the same in every call.

    Different numbers of the stream give independent samples.
    """
    size = min(n_rows, most_rows)
    rows = distinct_rows(generator([20260801, stream]), n_rows, size)
    per_row = min(max(1, n_pairs // size), max(1, (size - 1) // 3))
    # Whole panels, as far as there are rows for them.
    block = max(_ROWS_PER_PANEL, per_row // _SAMPLE_ROUNDS // _ROWS_PER_PANEL * _ROWS_PER_PANEL)
    block = min(block, per_row)
    rounds = min(_SAMPLE_ROUNDS, per_row // block)
    return PairPlan(rows, max(2 * rounds + 1, size // block), rounds, _rows_per_tile(n_features))


def balanced_rounds(
    rng: np.random.Generator, n_rows: int, n_features: int, max_pairs: int
) -> PairPlan | None:
    """At most so many pairs in 8 to 15 rounds over all rows; None where all pairs are fewer.

    Raises
    ------
    ValueError
        Fewer pairs than 8 a row.
    """
    if max_pairs >= count_pairs(n_rows) or n_rows <= 2 * FEWEST_ROUNDS:
        return None
    per_row = max_pairs // n_rows
    if per_row < FEWEST_ROUNDS:
        raise ValueError(
            f"max_pairs must be at least {FEWEST_ROUNDS} for each of the {n_rows} samples, "
            f"{FEWEST_ROUNDS * n_rows} in all, or None; got {max_pairs}"
        )
    n_rounds, block = _rounds_and_block(per_row)
    n_blocks = max(2 * n_rounds + 1, -(-n_rows // block))
    recipe = RowRecipe(n_rows, n_rows, deepcopy(rng))
    rows = distinct_rows(rng, n_rows, n_rows)
    return PairPlan(rows, n_blocks, n_rounds, _rows_per_tile(n_features), recipe)


def _rounds_and_block(per_row: int) -> tuple[int, int]:
    """Rounds and block size that use most of the pairs of a row, in blocks of whole panels."""
    choices = [(n, per_row // n) for n in range(FEWEST_ROUNDS, MOST_ROUNDS + 1)]
    panels = [(n, block // _ROWS_PER_PANEL * _ROWS_PER_PANEL) for n, block in choices]
    whole = [choice for choice in panels if choice[1]]
    return max(whole or choices, key=lambda choice: (choice[0] * choice[1], -choice[0]))
