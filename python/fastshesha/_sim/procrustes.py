"""Orthogonal Procrustes similarity without the rotation itself.

The best rotation R leaves |X - Y R|^2 = |X|^2 + |Y|^2 - 2 s, where s is the sum of the singular
values of X^T Y. So neither R nor the residual has to be computed. With few samples, the rows are
written in an orthonormal basis of the space they span, which changes no singular value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha import _kernels

from .gram import CentredRows, about_mean, column_blocks, cross_products

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray, Matrix

# A feature with a smaller standard deviation counts as constant, a matrix with a smaller norm
# as zero, and so does a smaller sum of squares.
_SMALLEST = 1e-12


@dataclass(frozen=True)
class ProcrustesSide:
    """What comparisons need of one matrix.

    Attributes
    ----------
    rows : CentredRows
        About their mean, or as they are.
    norm : float
        Square root of their sum of squares.
    is_estimable : bool
        False with a constant feature, which leaves the similarity undefined.
    basis : ndarray of shape (n_samples, n_samples), or None
        The rows as columns in an orthonormal basis; None where they are too many.
    """

    rows: CentredRows
    norm: float
    is_estimable: bool
    basis: FloatArray | None

    @property
    def is_too_large(self) -> bool:
        """Whether the sum of squares overflows."""
        return not math.isfinite(self.norm)


@dataclass(frozen=True)
class Procrustes:
    """Procrustes similarity; ``center`` and ``scale`` come before the rotation."""

    center: bool
    scale: bool

    def require_comparable(self, X: Matrix, Y: Matrix, names: tuple[str, str]) -> None:
        """The same samples and as many features."""
        if X.shape != Y.shape:
            raise ValueError(
                f"{names[0]} and {names[1]} must have the same shape for Procrustes, "
                f"got shapes {X.shape} and {Y.shape}"
            )

    def prepare(self, X: Matrix) -> ProcrustesSide:
        """Norm, constant features and, for few samples, the basis of a matrix."""
        centred = about_mean(X)
        squares = _squares_of_features(centred)
        return self._side(X, centred, squares, not _has_constant(squares, X.shape[0]))

    def _side(
        self, X: Matrix, centred: CentredRows, squares: FloatArray, is_estimable: bool
    ) -> ProcrustesSide:
        rows = centred
        if not self.center:
            rows = CentredRows(X, (np.zeros(X.shape[1]),))
            squares = _squares_of_features(rows)
        return ProcrustesSide(rows, math.sqrt(squares.sum()), is_estimable, _basis(rows))

    def compare(self, a: ProcrustesSide, b: ProcrustesSide) -> float:
        """Similarity of two prepared matrices."""
        if not (a.is_estimable and b.is_estimable) or a.norm < _SMALLEST or b.norm < _SMALLEST:
            return math.nan
        try:
            similarity = self._share(_sum_of_singular_values(a, b), a.norm, b.norm)
        except np.linalg.LinAlgError:
            return math.nan
        return min(max(similarity, 0.0), 1.0) if math.isfinite(similarity) else math.nan

    def _share(self, overlap: float, norm_a: float, norm_b: float) -> float:
        """Twice the overlap as a share of both sums of squares."""
        if self.scale:
            return overlap / norm_a / norm_b
        total = norm_a**2 + norm_b**2
        return math.nan if total < _SMALLEST else 2.0 * overlap / total

    def resampled(self, X: Matrix, Y: Matrix, replicates: Iterator[IndexArray]) -> Iterable[float]:
        """Similarity of the rows of every replicate."""
        bases = self.prepare(X).basis, self.prepare(Y).basis
        for rows in replicates:
            a = self._replicate(X[rows], None if bases[0] is None else bases[0].T[rows])
            b = self._replicate(Y[rows], None if bases[1] is None else bases[1].T[rows])
            yield self.compare(a, b)

    def _replicate(self, X: Matrix, coordinates: FloatArray | None) -> ProcrustesSide:
        """Like ``prepare``, with coordinates in a basis in place of the features, if given.

        They show the same angles, but not which features are constant.
        """
        rows = X if coordinates is None else coordinates
        centred = about_mean(rows)
        squares = _squares_of_features(centred)
        own = squares if coordinates is None else _squares_of_features(about_mean(X))
        return self._side(rows, centred, squares, not _has_constant(own, X.shape[0]))


def _has_constant(squares: FloatArray, n_samples: int) -> bool:
    """Whether numpy's standard deviation of some feature is below the limit."""
    deviations = np.sqrt(squares / max(1, n_samples))
    # Without samples nothing deviates, and numpy's standard deviation is NaN.
    return bool(np.any(deviations < _SMALLEST)) and n_samples > 0


def _squares_of_features(a: CentredRows) -> FloatArray:
    """Sum of squares of every feature about the only offset of the rows."""
    (offset,) = a.offsets
    return _kernels.column_squares(a.rows, offset)


def _basis(a: CentredRows) -> FloatArray | None:
    """Triangular factor of the rows: as columns, they are an orthonormal basis times this.

    None where half the features are fewer than the samples, so that it would not pay.
    """
    n_samples, n_features = a.rows.shape
    if 2 * n_samples > n_features:
        return None
    factor = np.zeros((0, n_samples))
    for columns in column_blocks(a.rows, least=n_samples):
        block = a.block(columns=columns)
        factor = np.asarray(np.linalg.qr(np.concatenate([factor, block.T]), mode="r"))
    return factor


def _sum_of_singular_values(a: ProcrustesSide, b: ProcrustesSide) -> float:
    """Of the products of all features of one matrix with all of the other."""
    if a.basis is None or b.basis is None:
        products = cross_products(a.rows, b.rows)
    else:
        products = a.basis @ b.basis.T
    return float(np.linalg.svd(products, compute_uv=False).sum())
