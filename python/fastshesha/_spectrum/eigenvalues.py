"""Eigenvalues of the second moments, by the smaller of samples and features."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._kernels import symmetric_eigenvalues

if TYPE_CHECKING:
    from fastshesha._spectrum.blocks import ScaledRows
    from fastshesha._typing import FloatArray


def centred_row_blocks(source: ScaledRows) -> Iterator[FloatArray]:
    """All rows in order less the mean of every feature.

    The first row is taken off before the mean is, so that a constant feature gives zeros.
    """
    origin = next(source.row_blocks())[0].copy()
    means = np.zeros(source.n_features)
    for block in source.row_blocks():
        means += (block - origin).sum(axis=0)
    means /= source.n_samples
    for block in source.row_blocks():
        block -= origin
        block -= means
        yield block


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
        products += block.T @ block
    return products


def _products_of_samples(source: ScaledRows, center: bool) -> FloatArray:
    products = np.zeros((source.n_samples, source.n_samples))
    for block in source.column_blocks():
        if center:
            block -= block[0].copy()
            block -= block.mean(axis=0)
        products += block @ block.T
    return products


def eigenvalues_of(products: FloatArray, n_samples: int, n_features: int) -> FloatArray:
    """Eigenvalues of each of several matrices in falling order; what rounding alone makes is zero.

    numpy's own solver is not used: on cores that a training loop keeps busy, the threads of a
    BLAS wait for each other at every column, up to a hundred times as long as one would take.

    The bound is that of :func:`numpy.linalg.matrix_rank`, max(n_samples, n_features) times the
    machine epsilon, here on the squared singular values.
    """
    values = symmetric_eigenvalues(products)[:, ::-1]
    bound = values[:, :1] * max(n_samples, n_features) * np.finfo(np.float64).eps
    return np.where(values > bound, values, 0.0)


def eigenvalues(source: ScaledRows, *, center: bool) -> FloatArray:
    """Squared singular values in falling order, as many as the smaller dimension."""
    products = second_moments(source, center=center)
    found: FloatArray = eigenvalues_of(products[None], source.n_samples, source.n_features)[0]
    return found
