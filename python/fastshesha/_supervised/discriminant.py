"""The direction of linear discriminant analysis of two classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastshesha._self_products import self_product

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray

RIDGE = 1e-6
_SMALLEST_NORM = 1e-12
# With fewer features a system of their number costs too little to be worth replacing.
_FEWEST_REDUCED = 128
# Part of a row, in length, that must point out of the span of the rows before it.
_LEAST_INDEPENDENT = 1e-4


def reduced(rows: FloatArray) -> FloatArray:
    """The rows in as many orthonormal coordinates as there are rows, if these are fewer.

    Discriminants lie in the span of the rows, where an orthogonal change of basis turns them
    with the rows and changes no angle. With X' = Q R, the rows of R' are those of X in the basis
    Q. Rows that depend on each other, such as equal ones, are returned as they are: the rounding
    of R would put differences between them, which the small ridge magnifies a millionfold.
    """
    n_rows, n_features = rows.shape
    if n_features < max(_FEWEST_REDUCED, n_rows + 1):
        return rows
    triangle: FloatArray = np.asarray(np.linalg.qr(rows.T, mode="r"))
    lengths = np.linalg.norm(triangle, axis=0)
    independent = np.abs(triangle.diagonal()) > _LEAST_INDEPENDENT * lengths
    return triangle.T if independent.all() else rows


def discriminant(first: FloatArray, second: FloatArray) -> FloatArray:
    """Unit vector along (S + 1e-6 I)^-1 (mean of second - mean of first).

    S is the covariance within the two classes, whose samples are the rows. Class by class it is
    summed as the original sums it: where S is nearly singular, every rounding shows.

    Raises
    ------
    LinAlgError
        The matrix is singular in spite of the ridge.
    """
    mean_first, mean_second = first.mean(axis=0), second.mean(axis=0)
    first, second = first - mean_first, second - mean_second
    covariance = self_product(first.T)
    covariance += self_product(second.T)
    covariance /= len(first) + len(second)
    covariance.flat[:: len(covariance) + 1] += RIDGE
    return as_unit_vectors(np.linalg.solve(covariance, mean_second - mean_first))


def as_unit_vectors(directions: FloatArray) -> FloatArray:
    """Vectors along the last axis divided by their norms, with a guard against those of zero."""
    norms = np.linalg.norm(directions, axis=-1, keepdims=True)
    unit: FloatArray = directions / (norms + _SMALLEST_NORM)
    return unit
