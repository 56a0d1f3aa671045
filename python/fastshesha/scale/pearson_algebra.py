r"""Pearson's correlation of two RDMs without their pairs, for distances that are dot products.

Under cosine and correlation distances are 1 - G with G_ij = u_i . u_j for unit rows u. With their
mean m, w_i = u_i - m and a_i = m . w_i,

    G_ij - |m|^2 = a_i + a_j + w_i . w_j,

in which a and the rows of w . w' add up to zero. So sums over all pairs of products of two such
matrices are 2 n a . b + |W_A' W_B|_F^2, from which the diagonal is taken away: O(n d^2), and no
digits of a common mean similarity to lose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._rows import as_float64
from fastshesha._self_products import self_product

if TYPE_CHECKING:
    from fastshesha._typing import BoolArray, FloatArray, Matrix

_VALUES_PER_BLOCK = 1 << 20
# A variance below this share of what it is the difference of is rounding.
_ROUNDING = 1e-13


@dataclass(frozen=True)
class UnitRows:
    """Rows of unit length, a block at a time; rows without a direction are zero."""

    rows: Matrix
    is_centred: bool
    dropped: BoolArray | None = None

    def blocks(self, step: int) -> Iterator[FloatArray]:
        """All rows in order."""
        for start in range(0, self.rows.shape[0], step):
            yield self.block(slice(start, start + step))

    def block(self, rows: slice) -> FloatArray:
        """A new array of some rows; those that are dropped are zero."""
        block = as_float64(self.rows[rows])
        if self.is_centred:
            block = block - block.mean(axis=1, keepdims=True)
        norms = np.linalg.norm(block, axis=1, keepdims=True)
        has_direction = (norms > 0.0) & np.isfinite(norms)
        if self.dropped is not None:
            has_direction &= ~self.dropped[rows, np.newaxis]
        unit: FloatArray = np.where(has_direction, block, 0.0) / np.where(has_direction, norms, 1.0)
        return unit


@dataclass(frozen=True)
class PairMoments:
    """Sums over all ordered pairs of different rows.

    Attributes
    ----------
    totals : tuple of float
        Sums of both sides.
    products : ndarray of shape (2, 2)
        Sums of the products of the sides.
    magnitudes : ndarray of shape (2,)
        Sizes of the terms that the squares are made of.
    """

    n_pairs: int
    totals: tuple[float, float]
    products: FloatArray
    magnitudes: FloatArray

    def correlation(self) -> float | None:
        """Pearson's correlation; None where the distances of a side are equal up to rounding."""
        totals = np.array(self.totals)
        deviations = self.products - np.outer(totals, totals) / self.n_pairs
        squares = deviations.diagonal()
        if (squares <= _ROUNDING * self.magnitudes).any():
            return None
        # Two roots, for the product of the squares may leave the range of float64.
        value = float(deviations[0, 1] / np.sqrt(squares[0]) / np.sqrt(squares[1]))
        return min(1.0, max(-1.0, value))


def undefined_rows(rows: UnitRows) -> BoolArray:
    """Which rows have no direction."""
    step = _step(rows.rows)
    return np.concatenate([~block.any(axis=1) for block in rows.blocks(step)])


def pair_moments(a: UnitRows, b: UnitRows, n_rows: int) -> PairMoments:
    """Moments of the similarities of two sides over ``n_rows`` rows; others are dropped."""
    step = min(_step(a.rows), _step(b.rows))
    means = [sum(block.sum(axis=0) for block in side.blocks(step)) / n_rows for side in (a, b)]
    widths = [side.rows.shape[1] for side in (a, b)]
    grams = {(i, j): np.zeros((widths[i], widths[j])) for i, j in ((0, 0), (0, 1), (1, 1))}
    lines, diagonal, on_diagonal = np.zeros((2, 2)), np.zeros((2, 2)), np.zeros(2)
    for start in range(0, a.rows.shape[0], step):
        rows = slice(start, start + step)
        units = [side.block(rows) for side in (a, b)]
        if a.dropped is not None:
            units = [unit[~a.dropped[rows]] for unit in units]
        own = _diagonals(units, means)
        for unit, mean in zip(units, means, strict=True):
            unit -= mean
        for (i, j), gram in grams.items():
            gram += self_product(units[i].T) if i == j else units[i].T @ units[j]
        slopes = np.array([unit @ mean for unit, mean in zip(units, means, strict=True)])
        lines += _products(slopes)
        diagonal += _products(own)
        on_diagonal += own.sum(axis=1)
    squares = _norms(grams)
    products = 2 * n_rows * lines + squares - diagonal
    magnitudes = (2 * n_rows * lines + squares + diagonal).diagonal()
    totals = -float(on_diagonal[0]), -float(on_diagonal[1])
    return PairMoments(n_rows * (n_rows - 1), totals, products, magnitudes)


def _step(rows: Matrix) -> int:
    n_features = int(rows.shape[1])
    return max(1, _VALUES_PER_BLOCK // max(1, n_features))


def _diagonals(units: list[FloatArray], means: list[FloatArray]) -> FloatArray:
    """What the diagonals hold of both sides: squared lengths less those of the means."""
    return np.array(
        [
            np.einsum("ij,ij->i", unit, unit) - mean @ mean
            for unit, mean in zip(units, means, strict=True)
        ]
    )


def _products(values: FloatArray) -> FloatArray:
    products: FloatArray = np.einsum("ik,jk->ij", values, values)
    return products


def _norms(grams: dict[tuple[int, int], FloatArray]) -> FloatArray:
    squares = np.zeros((2, 2))
    for (i, j), gram in grams.items():
        squares[i, j] = squares[j, i] = np.einsum("ij,ij->", gram, gram)
    return squares
