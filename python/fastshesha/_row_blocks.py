"""Matrices too large for a float64 copy, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._rows import as_float64

if TYPE_CHECKING:
    from ._typing import FloatArray, IndexArray, Matrix

# 8 MiB of float64.
_VALUES_PER_BLOCK = 1 << 20
# Up to 64 MiB of float64, copies are made in numpy's own order of additions.
_LARGEST_COPY = 1 << 23


def is_large(X: Matrix) -> bool:
    """Whether sums over the rows of a matrix are made block by block."""
    n_samples, n_features = (int(length) for length in X.shape)
    return n_samples * n_features > _LARGEST_COPY and n_samples > n_features


def float64_blocks(X: Matrix) -> Iterator[tuple[slice, FloatArray]]:
    """All rows in order as float64, a few at a time, with their numbers."""
    n_features = int(X.shape[1])
    step = max(1, _VALUES_PER_BLOCK // max(1, n_features))
    for start in range(0, X.shape[0], step):
        rows = slice(start, min(start + step, X.shape[0]))
        yield rows, as_float64(X[rows])


@dataclass(frozen=True)
class OrderedRows:
    """Rows of a matrix in another order, copied as they are asked for."""

    rows: Matrix
    order: IndexArray

    @property
    def shape(self) -> tuple[int, int]:
        return self.order.size, int(self.rows.shape[1])

    def __getitem__(self, rows: slice) -> Matrix:
        return self.rows[self.order[rows]]


def in_order(X: Matrix, order: IndexArray) -> Matrix | OrderedRows:
    """The rows in an order, as a copy unless that would be large."""
    return OrderedRows(X, order) if is_large(X) else X[order]
