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

N_CELLS = 256
MOST_STAGES = 4
# The share of a stage that is linear, so that no cell is flat.
_LINEAR = 1e-3
# Root mean square difference of level and rank, both in [0, 1], that is good enough.
_CLOSE = 2e-4
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
        places = _in_cells(values * self.scale + self.offset, dtype)
        for stage in self.cells[:-1]:
            places = _in_cells(_applied(stage, places), dtype)
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
    low, high = float(values[0]), float(values[-1])
    scale = N_CELLS / (high - low) if high > low else 1.0
    scale = scale if math.isfinite(scale) else 1.0
    offset = -low * scale
    falls = high - float(values[values.size // 2]) < 0.5 * (high - low)
    if falls:
        values, scale, offset = values[::-1], -scale, high * scale
    places = _in_cells(values * scale + offset, np.float64)
    ranks = (np.arange(values.size) + 0.5) / values.size
    stages: list[FloatArray] = []
    for _ in range(MOST_STAGES):
        stages.append(_stage(places, float(N_CELLS)))
        places = _in_cells(_applied(stages[-1], places), np.float64)
        if np.sqrt(np.mean((places / N_CELLS - ranks) ** 2)) < _CLOSE:
            break
    cells = np.stack(stages)
    cells[-1] *= n_base / N_CELLS
    if falls:
        cells[-1] = [0.0, n_base] - cells[-1]
    return scale, offset, cells


def _stage(places: FloatArray, n_out: float) -> FloatArray:
    """Slope and height of every cell, so that places become evenly spread over [0, n_out]."""
    edges = np.arange(N_CELLS + 1.0)
    share = np.searchsorted(places, edges) / places.size
    share[-1] = 1.0
    heights = n_out * ((1.0 - _LINEAR) * share + _LINEAR * edges / N_CELLS)
    return np.stack([np.diff(heights), heights[:-1]], axis=1)


def _applied(stage: FloatArray, places: FloatArray) -> FloatArray:
    cell = places.astype(np.int64)
    applied: FloatArray = (places - cell) * stage[cell, 0] + stage[cell, 1]
    return applied


def _in_cells(places: FloatArray, dtype: type[np.floating[Any]]) -> FloatArray:
    inside: FloatArray = np.clip(places, 0.0, N_CELLS - _EDGE).astype(dtype).astype(np.float64)
    return np.minimum(inside, N_CELLS - _EDGE)
