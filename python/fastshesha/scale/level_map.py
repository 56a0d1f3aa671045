"""Rising maps from similarities to integer levels that follow their ranks.

A map is built from a sample of pairs. Its stages are piecewise linear, each of them an estimate of
the distribution of what the one before leaves; values that many pairs share (atoms) get levels of
their own, which count as ties.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from . import level_atoms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fastshesha._typing import BoolArray, FloatArray

# Cells of a single stage, which registers can hold, and of up to MOST_STAGES where that is not
# close enough.
FEW_CELLS, MANY_CELLS = 64, 256
MOST_STAGES = 4
# The share of a stage that is linear, so that no cell is flat.
_LINEAR = 1e-4
# Root mean square difference of level and rank, both in [0, 1], that is good enough.
_CLOSE = 1.5e-4
# One value in so many lies beyond either end of the cells: fewer than half of those of a level.
_OUTSIDE = 2**17
# Places stay this far below the number of cells.
_EDGE = 2.0**-20


@dataclass(frozen=True)
class LevelMap:
    """A level map as arrays, which can be pickled; the fields are those of the compiled one.

    ``ties`` tells of every level whether its pairs count as tied.
    """

    scale: float
    offset: float
    cells: FloatArray
    n_base: int
    entries: NDArray[np.uint32]
    bounds: FloatArray
    steps: NDArray[np.int32]
    n_levels: int
    ties: BoolArray

    def arguments(self) -> tuple[Any, ...]:
        """What the compiled map is made from."""
        return (
            self.scale,
            self.offset,
            self.cells,
            self.n_base,
            self.entries,
            self.bounds,
            self.steps,
            self.n_levels,
        )

    def places(self, values: FloatArray, dtype: type[np.floating[Any]] = np.float64) -> FloatArray:
        """Levels before they are rounded down, by steps in a type, for a map without atoms."""
        n_cells = self.cells.shape[1]
        places = _in_cells(values * self.scale + self.offset, n_cells, dtype)
        for stage in self.cells[:-1]:
            places = _in_cells(_applied(stage, places), n_cells, dtype)
        return np.clip(_applied(self.cells[-1], places), 0.0, float(self.n_base))


def binary_map() -> LevelMap:
    """The map for values 0 and 1, both of them ties."""
    return _plain(1.0, 0.0, np.array([[[1.0, 0.0], [1.0, 1.0]]]), 2, np.ones(2, dtype=np.bool_))


def _plain(
    scale: float, offset: float, cells: FloatArray, n_base: int, ties: BoolArray
) -> LevelMap:
    nothing = np.empty((0, 2))
    return LevelMap(
        scale,
        offset,
        cells,
        n_base,
        np.empty(0, np.uint32),
        nothing,
        nothing.astype(np.int32),
        n_base,
        ties,
    )


def build_map(sample: FloatArray, n_levels: int, tie_width: float) -> LevelMap:
    """The map for values distributed like a sample.

    Parameters
    ----------
    sample : ndarray of float64, shape (n_values,)
        Finite values, at least one; sorted here.
    n_levels : int
        The number of levels, at most 65536.
    tie_width : float
        Values that differ by no more may count as equal.
    """
    values = np.sort(sample)
    atoms = level_atoms.find(values, n_levels, tie_width)
    mass = float(atoms.weights.sum())
    n_base = n_levels
    if atoms.centres.size:
        n_base = max(round((1.0 - mass) * n_levels), n_levels // 64, 8 * atoms.centres.size)
        n_base = min(n_base, n_levels // 2 if mass > 0.5 else n_levels - 4 * atoms.centres.size)
        copies = max(1, 2 * values.size // n_base)
        outside = values[~atoms.contains(values)]
        values = np.sort(np.concatenate([outside, np.repeat(atoms.centres, copies)]))
    scale, offset, cells = _stages(values, n_base)
    plain = _plain(scale, offset, cells, n_base, np.zeros(n_base, dtype=np.bool_))
    if not atoms.centres.size:
        return plain
    return level_atoms.insert(plain, atoms, n_levels)


def _stages(values: FloatArray, n_base: int) -> tuple[float, float, FloatArray]:
    """First scale and offset, and slope and height of every cell of every stage.

    Places count from the end of the range that most values lie near, where float32 has most
    digits; the last stage turns round what was counted from above.
    """
    beyond = values.size // _OUTSIDE
    low, high = float(values[beyond]), float(values[-1 - beyond])
    scale = 1.0 / (high - low) if high > low else 1.0
    scale = scale if math.isfinite(scale * MANY_CELLS) else 1.0
    offset = -low * scale
    falls = high - float(values[values.size // 2]) < 0.5 * (high - low)
    if falls:
        values, scale, offset = values[::-1], -scale, high * scale
    ranks = (np.arange(values.size) + 0.5) / values.size
    for n_cells, most_stages in ((FEW_CELLS, 1), (MANY_CELLS, MOST_STAGES)):
        places = _in_cells((values * scale + offset) * n_cells, n_cells, np.float64)
        stages, difference = _equalised(places, ranks, n_cells, most_stages)
        if difference < _CLOSE:
            break
    cells = np.stack(stages)
    cells[-1] *= n_base / n_cells
    if falls:
        cells[-1] = [0.0, n_base] - cells[-1]
    return scale * n_cells, offset * n_cells, cells


def _equalised(
    places: FloatArray, ranks: FloatArray, n_cells: int, most_stages: int
) -> tuple[list[FloatArray], float]:
    """Stages that lead places to their ranks, and by how much they miss them."""
    stages: list[FloatArray] = []
    while True:
        shares = _shares(places, n_cells)
        last = _stage(_between(shares), n_cells)
        misses = _in_cells(_applied(last, places), n_cells, np.float64) / n_cells - ranks
        difference = float(np.sqrt(np.mean(misses**2)))
        if difference < _CLOSE or len(stages) + 1 == most_stages:
            return [*stages, last], difference
        stages.append(_stage(shares, n_cells))
        places = _in_cells(_applied(stages[-1], places), n_cells, np.float64)


def _shares(places: FloatArray, n_cells: int) -> FloatArray:
    """The share of places below every edge of the cells."""
    shares: FloatArray = np.searchsorted(places, np.arange(n_cells + 1.0)) / places.size
    shares[-1] = 1.0
    return shares


def _stage(shares: FloatArray, n_cells: int) -> FloatArray:
    """Slope and height of every cell, so that places become evenly spread over [0, n_cells]."""
    heights = n_cells * (1.0 - _LINEAR) * shares + _LINEAR * np.arange(n_cells + 1.0)
    return np.stack([np.diff(heights), heights[:-1]], axis=1)


def _between(shares: FloatArray) -> FloatArray:
    """Heights from which lines differ least from a curve, on both of its sides.

    A line between points of a curve lies on one side of it: of the curve's second difference D, by
    D / 12 in the mean. Heights move by that, never past a third of a step, so that they rise.
    """
    steps = np.diff(shares)
    most = np.minimum(steps[1:], steps[:-1]) / 3.0
    moved = shares.copy()
    moved[1:-1] -= np.clip(np.diff(steps) / 12.0, -most, most)
    return moved


def _applied(stage: FloatArray, places: FloatArray) -> FloatArray:
    cell = places.astype(np.int64)
    applied: FloatArray = (places - cell) * stage[cell, 0] + stage[cell, 1]
    return applied


def _in_cells(places: FloatArray, n_cells: int, dtype: type[np.floating[Any]]) -> FloatArray:
    last = n_cells - _EDGE
    inside: FloatArray = np.clip(places, 0.0, last).astype(dtype).astype(np.float64)
    return np.minimum(inside, last)
