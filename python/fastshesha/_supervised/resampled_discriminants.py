"""Discriminants of many resamples, from products of samples that are computed once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from fastshesha import _kernels
from fastshesha._self_products import self_product

from .discriminant import RIDGE, as_unit_vectors

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray

# With fewer features a covariance costs too little to be worth avoiding.
_FEWEST_FEATURES = 128
# The products of that many samples take 128 MiB.
_MOST_SAMPLES = 4096
# More distinct samples per feature leave too little of a direction outside their span.
_MOST_DISTINCT = 0.9
# What is left of the difference of the means; below, rounding shows in the rest.
_LEAST_LEFT = 1e-3


def products_pay(
    class_sizes: Sequence[int], n_features: int, n_drawn: int, n_resamples: int
) -> bool:
    """Whether resamples, n_drawn of each class, hold clearly fewer samples than features."""
    n_samples = sum(class_sizes)
    if n_features < _FEWEST_FEATURES or n_samples > _MOST_SAMPLES:
        return False
    n_distinct = sum(size * (1.0 - (1.0 - 1.0 / size) ** n_drawn) for size in class_sizes)
    saves = n_samples**2 < n_resamples * n_features**2
    return saves and n_distinct < _MOST_DISTINCT * n_features


class ResampledDiscriminants:
    r"""Unit discriminants of resamples of labelled rows, whose ``codes`` are 0 or 1.

    With R the centred rows of a resample's m distinct samples, weighted so that
    :math:`S = R^T R`, and :math:`\delta` the difference of the class means,

    .. math:: (S + \epsilon I)^{-1} \delta
              = (\delta - R^T (R R^T + \epsilon I)^{-1} R \delta) / \epsilon:

    m equations in products of samples, instead of one for each feature.
    """

    def __init__(self, rows: FloatArray, codes: IndexArray) -> None:
        means = np.stack([rows[codes == code].mean(axis=0) for code in (0, 1)])
        self._codes = codes
        self._residuals, self._gap = rows - means[codes], means[1] - means[0]
        self._products = self_product(self._residuals)
        self._along_gap = self._residuals @ self._gap

    def directions(self, counts: IndexArray) -> FloatArray | None:
        """One row a resample; None where one of them would lose digits.

        ``counts`` of shape (n_resamples, n_samples) tell how often each sample was drawn, both
        classes equally often.
        """
        codes, gap = self._codes, self._gap
        n_drawn = counts.sum(axis=1, keepdims=True)
        # Class means of a resample are ``shares @ residuals``; axes: resample, class, sample.
        shares = np.stack([counts * (codes == code) for code in (0, 1)], axis=1) * 2.0
        shares /= n_drawn[:, np.newaxis]
        flat = shares.reshape(-1, len(codes))
        centres = (flat @ self._products).reshape(shares.shape)
        along = self._along_gap + centres[:, 1] - centres[:, 0]
        along -= _class_means(shares, along)[:, codes]
        scales = np.sqrt(counts / n_drawn)
        shifts = _shifts(shares, centres, codes)
        solved = _kernels.solve_resampled(
            self._products, codes, scales, shifts, scales * along, RIDGE
        )
        pulled = scales * solved
        totals = np.stack([pulled[:, codes == code].sum(axis=1) for code in (0, 1)], axis=1)
        weights = shares[:, 1] - shares[:, 0]
        cross = 2.0 * self._along_gap + centres[:, 1] - centres[:, 0]
        squares = gap @ gap + np.einsum("bi,bi->b", weights, cross)
        weights += np.einsum("bci,bc->bi", shares, totals) - pulled
        left = gap + weights @ self._residuals
        is_exact = np.einsum("bd,bd->b", left, left) > _LEAST_LEFT**2 * squares
        return as_unit_vectors(left / RIDGE) if is_exact.all() else None


def _class_means(shares: FloatArray, values: FloatArray) -> FloatArray:
    """Means of each resample's values over its classes, shape (n_resamples, 2)."""
    means: FloatArray = np.einsum("bci,bi->bc", shares, values)
    return means


def _shifts(shares: FloatArray, centres: FloatArray, codes: IndexArray) -> FloatArray:
    """What to subtract from products, once for either sample, to centre them within classes."""
    between = np.einsum("bci,bdi->bcd", shares, centres)
    shifts: FloatArray = centres - between[:, :, codes] / 2.0
    return shifts
