"""Whether tiles may be computed in float32, judged by pairs computed both ways.

Rounding moves a distance among the others. Let :math:`\\delta` be the root mean square of that
move in ranks, as a share of all pairs, on one side. Ranks of distances without ties have standard
deviation :math:`1 / \\sqrt{12}`, so that by Cauchy and Schwarz Spearman's correlation changes by at
most :math:`\\sqrt{12} (\\delta_A + \\delta_B)`: the margin.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from . import compiled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastshesha._typing import FloatArray

    from .level_map import LevelMap
    from .tile_jobs import PairStream, Side

# A larger margin asks for float64.
LARGEST_MARGIN = 1e-5
# Similarities that are compared, in the random order of their rows.
MOST_JUDGED = 2**18
# Where squared lengths lie within this and its inverse, float32 has room for their products.
_LARGEST_SQUARE = 1e12


def single_margin(
    stream: PairStream, exact: tuple[FloatArray, ...], scales: tuple[float, ...]
) -> float:
    """How far float32 tiles can move the correlation; infinite where they are no choice.

    Parameters
    ----------
    stream : PairStream
        Both sides with their level maps, and a plan with rounds.
    exact : tuple of ndarray
        Its similarities in float64, as :func:`compiled.similarities` tells them, of the sides that
        are compared: both, or the first.
    scales : tuple of float
        What their similarities are large beside: 1, or the mean squared length.
    """
    sides = (stream.a, stream.b)[: len(exact)]
    if not all(_is_candidate(side, scale) for side, scale in zip(sides, scales, strict=True)):
        return math.inf
    rounded = compiled.similarities(replace(stream, is_single=True))
    return margin_between([side.level_map for side in sides], exact, rounded)


def margin_between(
    maps: Sequence[LevelMap], exact: Sequence[FloatArray], rounded: Sequence[FloatArray]
) -> float:
    """The margin of similarities that were rounded, a map and an array for each side."""
    total = 0.0
    for level_map, values, others in zip(maps, exact, rounded, strict=False):
        judged = np.flatnonzero(np.isfinite(values))[:MOST_JUDGED]
        total += _moved(level_map, values[judged], others[judged])
    return total if math.isfinite(total) else math.inf


def _is_candidate(side: Side, scale: float) -> bool:
    """Whether sampled distances have no ties, and squares have room."""
    return not side.level_map.entries.size and 1.0 / _LARGEST_SQUARE < scale < _LARGEST_SQUARE


def _moved(level_map: LevelMap, values: FloatArray, others: FloatArray) -> float:
    if not np.isfinite(others).all():
        return math.inf
    moves = level_map.places(others, np.float32) - level_map.places(values)
    return math.sqrt(12.0 * float(np.mean(moves**2))) / level_map.n_base
