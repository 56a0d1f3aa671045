"""Coherence in a space in which the controls have unit covariance.

For many perturbations of one control, factor its covariance once::

    reference = Whitening.from_rows(control, regularization)
    scores = [reference.coherence(as_float64(group)) for group in groups]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._column_sums import column_means
from fastshesha._row_blocks import float64_blocks, is_large
from fastshesha._rows import as_float64
from fastshesha._self_products import LARGEST_ORDER, self_product

from .coherence import mean_cosine_of_moved

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, Matrix


@dataclass(frozen=True)
class Whitening:
    r"""The mean of the controls and the inverse square root of their covariance.

    Attributes
    ----------
    mean : ndarray of float64, shape (n_features,)
    transform : ndarray of float64, shape (n_features, n_features), or None
        :math:`(\Sigma + \lambda I)^{-1/2}`, symmetric; None where the covariance has no
        eigenvalues (it overflows), and shifts stay as they are.
    """

    mean: FloatArray
    transform: FloatArray | None

    @classmethod
    def from_rows(cls, control: Matrix, regularization: float) -> Whitening:
        """Factor the covariance of the controls, O(n d^2 + d^3)."""
        mean = column_means(control)
        if is_large(control) or control.shape[1] > LARGEST_ORDER:
            covariance = _covariance(control, mean)
        else:
            covariance = np.atleast_2d(np.cov(as_float64(control).T))
        return cls.from_covariance(mean, covariance, regularization)

    @classmethod
    def from_covariance(
        cls, mean: FloatArray, covariance: FloatArray, regularization: float
    ) -> Whitening:
        """Factor a covariance of n - 1 degrees of freedom."""
        regularized = covariance + regularization * np.eye(len(covariance))
        return cls(mean, _inverse_root(regularized, regularization))

    def coherence(self, perturbed: FloatArray) -> float:
        """Coherence of the whitened shifts of perturbed samples away from the centroid."""
        if self.transform is None:
            return mean_cosine_of_moved(perturbed - self.mean)
        # Two products, not one of the difference: the rounding of large offsets is the original's.
        whitened = (self.transform @ perturbed.T).T
        return mean_cosine_of_moved(whitened - self.transform @ self.mean)


def _covariance(rows: Matrix, mean: FloatArray) -> FloatArray:
    """Covariance of n - 1 degrees of freedom, summed over blocks of rows."""
    products: FloatArray = np.zeros((rows.shape[1], rows.shape[1]))
    for _, block in float64_blocks(rows):
        centred = block - mean
        products += self_product(centred.T)
    products /= rows.shape[0] - 1
    return products


def _inverse_root(covariance: FloatArray, smallest: float) -> FloatArray | None:
    """Inverse square root of a symmetric matrix, its eigenvalues raised to ``smallest``."""
    try:
        eigenvalues, vectors = np.linalg.eigh(covariance)
    except np.linalg.LinAlgError:
        return None
    roots = 1.0 / np.sqrt(np.maximum(eigenvalues, smallest))
    root: FloatArray = vectors @ np.diag(roots) @ vectors.T
    return root
