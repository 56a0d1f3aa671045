"""Statistics of a group of rows of which only a block is dense at a time.

Sums run over the rows one by one, as numpy's do, so that the division into blocks does not show
in means and variances.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._self_products import self_product

from .row_sources import RowSource, SparseRows

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray, Matrix

BYTES_PER_BLOCK = 32 << 20


def rows_per_block(source: RowSource) -> int:
    """How many rows are dense at a time, as float64."""
    return max(1, BYTES_PER_BLOCK // (8 * max(1, source.n_features)))


def row_blocks(source: RowSource, rows: IndexArray, dtype: Any = None) -> Iterator[Matrix]:
    """The rows in their order, one dense block after the other."""
    step = rows_per_block(source)
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        yield source.load(part).read(part, dtype)


def mean_of(source: RowSource, rows: IndexArray, dtype: Any = None) -> Matrix:
    """``numpy.mean(rows, axis=0)``, to the bit; NaN without rows."""
    if not len(rows):
        return np.full(source.n_features, np.nan)
    if len(rows) <= rows_per_block(source):
        return np.asarray(np.mean(source.load(rows).read(rows, dtype), axis=0))
    if isinstance(source, SparseRows) and source.by_columns:
        width = max(2, BYTES_PER_BLOCK // (8 * len(rows)))
        blocks = source.read_columns(rows, width, dtype)
        return np.concatenate([np.mean(block, axis=0) for block in blocks])
    total, kind = _sum_of_rows(row_blocks(source, rows, dtype))
    return np.true_divide(total, np.intp(len(rows)), out=total, casting="unsafe").astype(kind)


def variance_of(source: RowSource, rows: IndexArray, mean: FloatArray) -> FloatArray:
    """``numpy.var(rows as float64, axis=0, ddof=1)``; NaN for fewer than two rows."""
    if len(rows) < 2:
        return np.full(source.n_features, np.nan)
    blocks = row_blocks(source, rows, np.float64)
    squares, _ = _sum_of_rows(np.square(block - mean) for block in blocks)
    return np.asarray(squares / (len(rows) - 1))


def covariance_of(source: RowSource, rows: IndexArray, mean: FloatArray) -> FloatArray:
    """Covariance of the features with n - 1 degrees of freedom, in float64."""
    total = np.zeros((len(mean), len(mean)))
    for block in row_blocks(source, rows, np.float64):
        block -= mean
        total += self_product(block.T)
    return total / (len(rows) - 1)


def _sum_of_rows(blocks: Iterator[Matrix]) -> tuple[Matrix, Any]:
    """The sum in the type in which numpy adds up, and the type in which it gives the mean."""
    total: Matrix | None = None
    for block in blocks:
        kind = block.dtype if block.dtype.kind == "f" else np.dtype(np.float64)
        sum_type = np.float32 if kind == np.float16 else kind
        # The sum so far goes first: rows are added one by one, in their order.
        parts = [block] if total is None else [total[np.newaxis], block]
        total = np.add.reduce(np.concatenate(parts, dtype=sum_type), axis=0)
    if total is None:
        raise ValueError("there are no rows to sum")
    return total, kind
