"""Inner products of centred rows, in as many dimensions as there are features or samples.

The linear kernel of n rows of d features is an n x n matrix, but what is wanted of two of them
can be had from d x d products as well. Rows become float64 block by block, so that no copy of
the data is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha import _kernels
from fastshesha._column_sums import column_means
from fastshesha._self_products import self_product

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray, Matrix

# Elements of a block of float64: 16 MiB.
BLOCK = 1 << 21
_ALL = slice(None)


@dataclass(frozen=True)
class CentredRows:
    """Rows of a matrix about a centre, each times a factor; float64 only block by block.

    Attributes
    ----------
    rows : ndarray, shape (n_rows, n_features)
        As they lie, of any real type.
    offsets : tuple of ndarray of float64, shape (n_features,)
        Subtracted one after the other: their sum would round off what the second corrects.
    factors : ndarray of float64, shape (n_rows,), or None
        Factors of the centred rows; None for one each.
    """

    rows: Matrix
    offsets: tuple[FloatArray, ...]
    factors: FloatArray | None = None

    def block(self, rows: slice = _ALL, columns: slice = _ALL) -> FloatArray:
        """A new float64 array of some rows and columns."""
        block: FloatArray = np.subtract(self.rows[rows, columns], self.offsets[0][columns])
        for offset in self.offsets[1:]:
            block -= offset[columns]
        if self.factors is not None:
            block *= self.factors[rows, None]
        return block

    def scaled(self, factors: FloatArray) -> CentredRows:
        """The same rows with other factors."""
        return CentredRows(self.rows, self.offsets, factors)


def about_mean(X: Matrix) -> CentredRows:
    """Rows about numpy's mean in float64, its rounding included."""
    return CentredRows(X, (column_means(X),))


def about_exact_mean(X: Matrix, counts: IndexArray | None = None) -> CentredRows:
    """Rows about their mean up to the rounding of their spread, not of their size.

    ``counts`` tells how often each row stands for. The mean is taken of the differences from
    the first row, so that features that do not vary come out as zeros.
    """
    first = X[0].astype(np.float64)
    if counts is None:
        return CentredRows(X, (first, _kernels.column_sums(X, first) / X.shape[0]))
    shifted = CentredRows(X, (first,))
    total = np.zeros(X.shape[1])
    for rows in row_blocks(X):
        total += counts[rows] @ shifted.block(rows)
    return CentredRows(X, (first, total / counts.sum()))


def row_blocks(X: Matrix, least: int = 1) -> Iterator[slice]:
    """Consecutive blocks of rows, of bounded size but of at least ``least`` rows."""
    return _slices(X.shape[0], max(least, BLOCK // max(1, X.shape[1])))


def column_blocks(X: Matrix, least: int = 1) -> Iterator[slice]:
    """Consecutive blocks of columns, of bounded size but of at least ``least`` columns."""
    return _slices(X.shape[1], max(least, BLOCK // max(1, X.shape[0])))


def _slices(length: int, step: int) -> Iterator[slice]:
    return (slice(start, min(start + step, length)) for start in range(0, length, step))


def gram(a: CentredRows) -> FloatArray:
    """Inner products of all rows, shape (n_rows, n_rows)."""
    total = np.zeros((a.rows.shape[0],) * 2)
    for columns in column_blocks(a.rows):
        block = a.block(columns=columns)
        total += self_product(block)
    return total


def cross_products(a: CentredRows, b: CentredRows) -> FloatArray:
    """Sums over the rows of products of features, shape (n_features_a, n_features_b)."""
    total = np.zeros((a.rows.shape[1], b.rows.shape[1]))
    widest = a.rows if a.rows.shape[1] >= b.rows.shape[1] else b.rows
    for rows in row_blocks(widest):
        left = a.block(rows)
        total += self_product(left.T) if a is b else left.T @ b.block(rows)
    return total


def squared_norms(a: CentredRows) -> FloatArray:
    """Squared norm of every row."""
    parts = [np.einsum("ij,ij->i", block, block) for block in map(a.block, row_blocks(a.rows))]
    return np.concatenate(parts) if parts else np.zeros(0)


@dataclass(frozen=True)
class LinearKernel:
    """The inner products of the rows of a matrix; ``gram`` is None where d x d serves better."""

    rows: CentredRows
    gram: FloatArray | None

    @property
    def diagonal(self) -> FloatArray:
        """Squared norm of every row."""
        return squared_norms(self.rows) if self.gram is None else self.gram.diagonal()


def linear_kernel(rows: CentredRows) -> LinearKernel:
    """The kernel in the smaller of the two spaces."""
    n_rows, n_features = rows.rows.shape
    return LinearKernel(rows, gram(rows) if n_rows <= n_features else None)


def inner_product(a: LinearKernel, b: LinearKernel) -> float:
    """Sum over all pairs of rows of the product of two kernels."""
    if a.gram is not None and b.gram is not None:
        return float(np.vdot(a.gram, b.gram))
    if a.gram is not None:
        return _quadratic(a.gram, b.rows)
    if b.gram is not None:
        return _quadratic(b.gram, a.rows)
    products = cross_products(a.rows, b.rows)
    return float(np.vdot(products, products))


def _quadratic(kernel: FloatArray, rows: CentredRows) -> float:
    """Sum over all pairs of rows of kernel times inner product."""
    blocks = (rows.block(columns=columns) for columns in column_blocks(rows.rows))
    return float(sum(np.vdot(block, kernel @ block) for block in blocks))
