"""Products of a matrix with its own transpose, of any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ._typing import FloatArray

# Beyond some 19,000 rows the routine that numpy takes for such products, where OpenBLAS runs it on
# two threads, writes past its buffer and ends the process (numpy's issue 19685).
LARGEST_ORDER = 1 << 13


def self_product(rows: FloatArray) -> FloatArray:
    """``rows @ rows.T``, of many rows in parts that numpy multiplies as different matrices."""
    n_rows = len(rows)
    if n_rows <= LARGEST_ORDER:
        product: FloatArray = rows @ rows.T
        return product
    product = np.empty((n_rows, n_rows))
    for start in range(0, n_rows, LARGEST_ORDER):
        stop = min(n_rows, start + LARGEST_ORDER)
        product[start:stop, :stop] = rows[start:stop] @ rows[:stop].T
        product[:start, start:stop] = product[start:stop, :start].T
    return product
