"""Products of rows in the shapes in which scikit-learn takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray

# scikit-learn multiplies 256 by 256 rows; a multiple of that gives the same bits. Threads of the
# BLAS wait for each other after every product, so there is one for all rows.
QUERIES_PER_PRODUCT = 256
_VALUES_IN_CACHE = 2**15
_SHORTEST = 10 * np.finfo(np.float64).eps
# The error of a squared distance from products of d features, in units of the machine epsilon
# times the squared norms, is less than this times d + 3.
_ROUNDINGS = 4.0


def unit_rows(rows: FloatArray) -> FloatArray:
    """Rows divided by their norms, except rows shorter than 2.2e-15."""
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    norms[norms < _SHORTEST] = 1.0
    unit: FloatArray = rows / norms[:, np.newaxis]
    return unit


def row_norms_squared(rows: FloatArray) -> FloatArray:
    """Each row's product with itself."""
    norms: FloatArray = np.matmul(rows[:, np.newaxis, :], rows[:, :, np.newaxis]).reshape(-1)
    return norms


def squared_distances(queries: FloatArray, rows: FloatArray, norms: FloatArray) -> FloatArray:
    """|x|^2 - 2 x.y + |y|^2 of all pairs, at least 0.0; ``norms`` are those of ``rows``."""
    distances: FloatArray = (-2.0 * queries) @ rows.T
    own_norms = row_norms_squared(queries)[:, np.newaxis]
    step = max(1, _VALUES_IN_CACHE // len(rows))
    for top in range(0, len(queries), step):
        some = slice(top, top + step)
        strip = distances[some]
        strip += own_norms[some]
        strip += norms
        np.maximum(strip, 0.0, out=strip)
    return distances


def product_error(n_features: int) -> float:
    """Bounds the error of a squared distance from products, as a share of both squared norms.

    Of a cosine it bounds the error itself.
    """
    return float(_ROUNDINGS * (n_features + 3) * np.finfo(np.float64).eps)
