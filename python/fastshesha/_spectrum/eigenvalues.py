"""Eigenvalues of the second moments, by the smaller of samples and features."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._kernels import symmetric_eigenvalues, updated_eigenvalues
from fastshesha._self_products import self_product

if TYPE_CHECKING:
    from fastshesha._spectrum.blocks import ScaledRows
    from fastshesha._typing import FloatArray


@dataclass(frozen=True)
class Spectra:
    """Squared singular values in falling order, as many as the smaller dimension.

    Attributes
    ----------
    covariance : ndarray
        The centred second moments.
    centred, uncentred : ndarray
        Of the matrix less the mean of every feature, and of the matrix itself.
    """

    covariance: FloatArray
    centred: FloatArray
    uncentred: FloatArray


def spectra(source: ScaledRows) -> Spectra:
    """Both spectra by the smaller of samples and features; what rounding alone makes is zero.

    numpy's own solver is not used: on cores that a training loop keeps busy, the threads of a
    BLAS wait for each other at every column, up to a hundred times as long as one would take.
    """
    covariance = second_moments(source, center=True)
    if source.n_samples < source.n_features:
        both = np.stack([covariance, second_moments(source, center=False)])
        centred, uncentred = symmetric_eigenvalues(both)
    else:
        # The second moments are n times the outer square of the mean above the centred ones.
        origin, means = _origin_and_means(source)
        centred, uncentred = updated_eigenvalues(
            covariance, math.sqrt(source.n_samples) * (origin + means)
        )
    return Spectra(covariance, _settled(centred, source), _settled(uncentred, source))


def _settled(rising: FloatArray, source: ScaledRows) -> FloatArray:
    """In falling order, without what is below the bound of :func:`numpy.linalg.matrix_rank`.

    That is max(n_samples, n_features) times the machine epsilon, here on squared values.
    """
    values = rising[::-1]
    bound = values[0] * max(source.n_samples, source.n_features) * np.finfo(np.float64).eps
    return np.where(values > bound, values, 0.0)


def centred_row_blocks(source: ScaledRows) -> Iterator[FloatArray]:
    """All rows in order less the mean of every feature."""
    origin, means = _origin_and_means(source)
    for block in source.row_blocks():
        block -= origin
        block -= means
        yield block


def _origin_and_means(source: ScaledRows) -> tuple[FloatArray, FloatArray]:
    """The first row, and the means of the features above it.

    The first row is taken off before the mean is, so that a constant feature gives zeros.
    """
    origin = next(source.row_blocks())[0].copy()
    means = np.zeros(source.n_features)
    for block in source.row_blocks():
        means += (block - origin).sum(axis=0)
    means /= source.n_samples
    return origin, means


def second_moments(source: ScaledRows, *, center: bool) -> FloatArray:
    """Sums of products: of pairs of features, or of pairs of samples if those are fewer.

    Both have the same positive eigenvalues, the squared singular values of the matrix, or of
    the centred matrix.
    """
    if source.n_samples < source.n_features:
        return _products_of_samples(source, center)
    return _products_of_features(source, center)


def _products_of_features(source: ScaledRows, center: bool) -> FloatArray:
    products = np.zeros((source.n_features, source.n_features))
    for block in centred_row_blocks(source) if center else source.row_blocks():
        products += self_product(block.T)
    return products


def _products_of_samples(source: ScaledRows, center: bool) -> FloatArray:
    products = np.zeros((source.n_samples, source.n_samples))
    for block in source.column_blocks():
        if center:
            block -= block[0].copy()
            block -= block.mean(axis=0)
        products += self_product(block)
    return products
