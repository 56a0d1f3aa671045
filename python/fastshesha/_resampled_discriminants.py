"""Discriminants of many resamples, from products of samples that are computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from . import _kernels
from ._discriminant import RIDGE, as_unit_vectors

if TYPE_CHECKING:
    from ._typing import FloatArray, IndexArray

# With fewer features a covariance costs too little to be worth avoiding.
_FEWEST_FEATURES = 128
# The products of that many samples take 128 MiB.
_MOST_SAMPLES = 4096
# More distinct samples per feature leave too little of a direction outside their span.
_MOST_DISTINCT = 0.9
# What is left of the difference of the means; below, rounding shows in the rest.
_LEAST_LEFT = 1e-3


def products_pay(n_features: int, counts: IndexArray) -> bool:
    """Whether all resamples have fewer distinct samples than features, and are enough."""
    n_resamples, n_samples = counts.shape
    if n_features < _FEWEST_FEATURES or n_samples > _MOST_SAMPLES:
        return False
    saves = n_samples**2 < n_resamples * n_features**2
    n_distinct = np.count_nonzero(counts, axis=1).max()
    return bool(saves and n_distinct < _MOST_DISTINCT * n_features)


def resampled_discriminants(
    rows: FloatArray, codes: IndexArray, counts: IndexArray
) -> FloatArray | None:
    r"""Unit discriminants, one row a resample; None where one would lose digits.

    ``counts`` of shape (n_resamples, n_samples) tell how often each sample was drawn, of classes
    0 and 1 equally often. With R the centred rows of a resample's m distinct samples, weighted so
    that :math:`S = R^T R`, and :math:`\delta` the difference of the class means,

    .. math:: (S + \epsilon I)^{-1} \delta
              = (\delta - R^T (R R^T + \epsilon I)^{-1} R \delta) / \epsilon:

    m equations in products of samples, instead of one for each feature.
    """
    counts = counts.astype(np.float64)
    means = np.stack([rows[codes == code].mean(axis=0) for code in (0, 1)])
    residuals, gap = rows - means[codes], means[1] - means[0]
    products = residuals @ residuals.T
    n_drawn = counts.sum(axis=1, keepdims=True)
    # Class means of a resample are ``shares @ residuals``; axes: resample, class, sample.
    shares = np.stack([counts * (codes == code) for code in (0, 1)], axis=1)
    shares /= n_drawn[:, np.newaxis] / 2
    centres = (shares.reshape(-1, len(rows)) @ products).reshape(shares.shape)
    along_gap = residuals @ gap
    along = along_gap + centres[:, 1] - centres[:, 0]
    along -= _class_means(shares, along)[:, codes]
    scales = np.sqrt(counts / n_drawn)
    shifts = _shifts(shares, centres, codes)
    solved = _kernels.solve_resampled(products, codes, scales, shifts, scales * along, RIDGE)
    pulled = scales * solved
    totals = np.stack([pulled[:, codes == code].sum(axis=1) for code in (0, 1)], axis=1)
    weights = shares[:, 1] - shares[:, 0]
    squares = gap @ gap + np.einsum(
        "bi,bi->b", weights, 2.0 * along_gap + centres[:, 1] - centres[:, 0]
    )
    weights += np.einsum("bci,bc->bi", shares, totals) - pulled
    left = gap + weights @ residuals
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
