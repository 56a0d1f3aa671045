"""Products of rows in the shapes in which scikit-learn takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray

# scikit-learn multiplies 256 by 256 rows. A multiple of that gives the same bits, and is not as
# short that several threads in the product are a loss.
QUERIES_PER_PRODUCT = 256
_ROWS_PER_PRODUCT = 512
_SHORTEST = 10 * np.finfo(np.float64).eps


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
    distances = np.empty((len(queries), len(rows)))
    doubled = -2.0 * queries
    own_norms = row_norms_squared(queries)[:, np.newaxis]
    for top in range(0, len(queries), QUERIES_PER_PRODUCT):
        some = slice(top, top + QUERIES_PER_PRODUCT)
        for left in range(0, len(rows), _ROWS_PER_PRODUCT):
            others = slice(left, left + _ROWS_PER_PRODUCT)
            tile = doubled[some] @ rows[others].T
            tile += own_norms[some]
            tile += norms[others]
            np.maximum(tile, 0.0, out=distances[some, others])
    return distances
