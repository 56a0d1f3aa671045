"""Rows of a matrix in memory, dense or sparse: only those asked for become dense."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from fastshesha import _kernels

if TYPE_CHECKING:
    from typing import Self

    from fastshesha._typing import IndexArray, Matrix

_FLOATING = "efd"


class RowSource(Protocol):
    """Rows of a matrix, wherever it lies; a row is named by its number in the whole matrix.

    Attributes
    ----------
    n_features : int
    is_finite : bool
        Whether all entries are known to be finite.
    """

    @property
    def n_features(self) -> int: ...

    @property
    def is_finite(self) -> bool: ...

    def read(self, rows: IndexArray, dtype: Any = None) -> Matrix:
        """The rows as a dense matrix, of the source's own element type by default."""

    def stored_bytes(self, rows: IndexArray) -> int:
        """How much memory loading the rows takes."""

    def load(self, rows: IndexArray) -> RowSource:
        """A source in memory that holds these rows, given in rising order, at least."""


class _InMemory:
    """What needs no loading."""

    def stored_bytes(self, rows: IndexArray) -> int:  # noqa: ARG002
        return 0

    def load(self, rows: IndexArray) -> Self:  # noqa: ARG002
        return self


@dataclass(frozen=True)
class DenseRows(_InMemory):
    """Rows of an array in memory."""

    matrix: Matrix

    @property
    def n_features(self) -> int:
        return int(self.matrix.shape[1])

    @cached_property
    def is_finite(self) -> bool:
        return known_finite(self.matrix)

    def read(self, rows: IndexArray, dtype: Any = None) -> Matrix:
        return np.ascontiguousarray(self.matrix[rows], dtype=dtype)


@dataclass(frozen=True)
class SparseRows(_InMemory):
    """Rows of a compressed sparse row matrix in memory.

    Attributes
    ----------
    matrix : csr_matrix or csr_array
    by_columns : bool
        Whether the matrix was compressed by columns: its dense form has column order then, in
        which numpy sums a column pairwise.
    """

    matrix: Any
    by_columns: bool = False

    @property
    def n_features(self) -> int:
        return int(self.matrix.shape[1])

    @cached_property
    def is_finite(self) -> bool:
        return known_finite(self.matrix.data[np.newaxis])

    def read(self, rows: IndexArray, dtype: Any = None) -> Matrix:
        return self._dense(self.matrix[rows], dtype)

    def read_columns(self, rows: IndexArray, width: int, dtype: Any = None) -> Iterator[Matrix]:
        """The rows as dense blocks of neighbouring columns."""
        chosen = self.matrix[rows]
        for start in range(0, self.n_features, width):
            yield self._dense(chosen[:, start : start + width], dtype)

    def _dense(self, chosen: Any, dtype: Any) -> Matrix:
        if dtype is not None:
            chosen = chosen.astype(dtype)
        return np.asarray(chosen.toarray(order="F" if self.by_columns else "C"))


@dataclass(frozen=True)
class LoadedRows(_InMemory):
    """Some rows of a larger matrix, copied into memory.

    Attributes
    ----------
    rows : ndarray of int64
        Their numbers in the larger matrix, rising.
    content : DenseRows or SparseRows
    """

    rows: IndexArray
    content: DenseRows | SparseRows

    @property
    def n_features(self) -> int:
        return self.content.n_features

    @property
    def is_finite(self) -> bool:
        return self.content.is_finite

    def read(self, rows: IndexArray, dtype: Any = None) -> Matrix:
        return self.content.read(np.searchsorted(self.rows, rows), dtype)


def known_finite(values: Matrix) -> bool:
    """Whether all values are finite; False for types whose values are not looked at."""
    if values.dtype.kind in "biu":
        return True
    readable = values.dtype.char in _FLOATING and values.dtype.isnative
    return readable and _kernels.all_finite(values)
