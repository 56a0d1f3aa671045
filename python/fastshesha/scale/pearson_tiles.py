"""Pearson's correlation of two Euclidean RDMs, a tile of distances at a time."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from fastshesha import _kernels
from fastshesha._correlate import SMALLEST_STD
from fastshesha._plan import distinct_rows, generator
from fastshesha._resources.pair_limit import count_pairs

from . import pair_plans
from .exact_sums import as_fractions
from .moment_jobs import MomentStream, whole_of_moments
from .row_source import RowSource
from .running import run_tiles

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, Matrix

# Rows whose distances to as many others tell where distances lie.
_ROWS_OF_SAMPLE = 128
_SAMPLE_SEED = [20260801, 7]


def euclidean_correlation(X: Matrix, Y: Matrix) -> float | None:
    """Correlation over all pairs of rows; None where the distances of a side count as constant.

    Distances enter as differences from about their mean, so that sums of squares keep their
    digits where all distances are nearly equal. 0.0 where only a part of the pairs is run here.

    Raises
    ------
    ValueError
        A distance overflows.
    """
    stream = _stream(X, Y)
    state = run_tiles(whole_of_moments(stream))
    if state is None:
        return 0.0
    a, b, aa, ab, bb = as_fractions(map(int, state))
    n_pairs = count_pairs(X.shape[0])
    squares = aa - a * a / n_pairs, bb - b * b / n_pairs
    for square, scale in zip(squares, stream.scales, strict=True):
        if square < n_pairs * (Fraction(SMALLEST_STD) * Fraction(scale)) ** 2:
            return None
    products = ab - a * b / n_pairs
    # Of fractions, of which none leaves the range of float64 on the way.
    value = math.sqrt(products * products / (squares[0] * squares[1]))
    return math.copysign(min(1.0, value), products)


def _stream(X: Matrix, Y: Matrix) -> MomentStream:
    """All pairs of rows, with centres and scales that every call finds alike."""
    n_blocks = pair_plans.all_pairs(X.shape[0], X.shape[1] + Y.shape[1]).n_blocks
    drawn = distinct_rows(generator(_SAMPLE_SEED), X.shape[0], min(X.shape[0], 2 * _ROWS_OF_SAMPLE))
    left, right = np.array_split(drawn, 2)
    (centre_a, scale_a), (centre_b, scale_b) = (
        _centre_and_scale(_kernels.cross_distances(rows[left], rows[right], "euclidean"))
        for rows in (X, Y)
    )
    return MomentStream(
        RowSource(X), RowSource(Y), (centre_a, centre_b), (scale_a, scale_b), n_blocks
    )


def _centre_and_scale(distances: FloatArray) -> tuple[float, float]:
    """The mean of some distances, and a power of two that brings the largest near 1."""
    largest = float(distances.max())
    if not math.isfinite(largest):
        raise ValueError("Squared distances overflow; scale X and Y down")
    exponent = math.frexp(largest)[1]
    # math.fsum rounds once, whatever the processor.
    return math.fsum((distances / distances.size).ravel().tolist()), math.ldexp(1.0, -exponent)
