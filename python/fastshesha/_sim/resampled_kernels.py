"""Criteria of independence for many weightings of the samples at once, from n x n kernels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .distinct_tuples import distinct_criterion
from .gram import row_blocks

if TYPE_CHECKING:
    from fastshesha._typing import BoolArray, FloatArray

    from .alignment import Alignment

# Centring the kernel of a replicate anew may cancel so much of it before digits count.
_SMALLEST_REST = 1 / 64


@dataclass(frozen=True)
class Criteria:
    """HSIC of X with Y, of X and of Y with itself, for every replicate."""

    cross: FloatArray
    own_x: FloatArray
    own_y: FloatArray
    is_accurate: BoolArray


@dataclass(frozen=True)
class _Weighted:
    """A kernel and its products with the counts, shape (n_samples, n_replicates)."""

    kernel: FloatArray
    product: FloatArray

    def centred_diagonal(self, counts: FloatArray, n_samples: int) -> FloatArray:
        """Diagonal of the kernel centred about the mean of each replicate."""
        grand = (counts * self.product).sum(axis=0) / n_samples**2
        diagonal: FloatArray = self.kernel.diagonal()[:, None]
        centred: FloatArray = diagonal - 2 / n_samples * self.product + grand
        return centred


def centred_criteria(
    alignment: Alignment, K: FloatArray, L: FloatArray, counts: FloatArray
) -> Criteria:
    """Criteria of resamples in which a sample drawn twice is two samples.

    Parameters
    ----------
    K, L : ndarray, shape (n_samples, n_samples)
    counts : ndarray, shape (n_samples, n_replicates)
    """
    n_samples = K.shape[0]
    sides = _Weighted(K, K @ counts), _Weighted(L, L @ counts)
    diagonals = [side.centred_diagonal(counts, n_samples) for side in sides]
    traces = [(counts * diagonal).sum(axis=0) for diagonal in diagonals]

    def criterion(i: int, j: int) -> tuple[FloatArray, BoolArray]:
        whole = _weighted_sum(sides[i].kernel, sides[j].kernel, counts, counts)
        product = whole - _cancelled(sides[i], sides[j], counts, n_samples)
        is_accurate = product > _SMALLEST_REST * whole
        if alignment.is_uncorrected(n_samples):
            return product, is_accurate
        both = (counts * diagonals[i] * diagonals[j]).sum(axis=0)
        traced = traces[i] * traces[j]
        return alignment.corrected(product, traced, both, n_samples), is_accurate

    return _three(criterion)


def distinct_criteria(_: Alignment, K: FloatArray, L: FloatArray, counts: FloatArray) -> Criteria:
    """Unbiased criteria of resamples, over tuples of distinct samples alone."""
    bare = [kernel - np.diag(kernel.diagonal()) for kernel in (K, L)]
    squares = counts**2
    products = [np.stack([kernel @ counts, kernel @ squares]) for kernel in bare]
    pairs = ((counts, counts), (counts, squares), (squares, squares))

    def criterion(i: int, j: int) -> tuple[FloatArray, BoolArray]:
        sums = np.array([_weighted_sum(bare[i], bare[j], *pair) for pair in pairs])
        value = distinct_criterion(sums, products[i], products[j], counts)
        return value, value * counts.sum(axis=0) ** 2 > _SMALLEST_REST * sums[0]

    return _three(criterion)


def _three(criterion: Callable[[int, int], tuple[FloatArray, BoolArray]]) -> Criteria:
    """The criteria of both sides and of each with itself."""
    (own_x, first), (own_y, second) = criterion(0, 0), criterion(1, 1)
    return Criteria(criterion(0, 1)[0], own_x, own_y, first & second)


def _cancelled(a: _Weighted, b: _Weighted, counts: FloatArray, n_samples: int) -> FloatArray:
    """What centring both kernels takes from the sum of their products."""
    rows = (counts * a.product * b.product).sum(axis=0)
    grand = (counts * a.product).sum(axis=0) * (counts * b.product).sum(axis=0)
    cancelled: FloatArray = 2 / n_samples * rows - grand / n_samples**2
    return cancelled


def _weighted_sum(K: FloatArray, L: FloatArray, left: FloatArray, right: FloatArray) -> FloatArray:
    """Sum over i, j of left_i K_ij L_ij right_j for every replicate."""
    total = np.zeros(left.shape[1])
    for rows in row_blocks(K):
        total += (left[rows] * ((K[rows] * L[rows]) @ right)).sum(axis=0)
    return total
