"""Rows of a matrix on disk (HDF5, Zarr): read in file order, in contiguous ranges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .row_sources import DenseRows, LoadedRows, SparseRows

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray, Matrix

_BYTES_PER_READ = 16 << 20
# Reading on over a gap of this size costs about as much as a read of its own.
_BYTES_PER_SEEK = 128 << 10


class Span(NamedTuple):
    """Neighbouring rows of the file, of which some are wanted.

    Attributes
    ----------
    start, stop : int
        The rows of the file.
    wanted : slice
        Where the wanted ones lie among all the rows asked for.
    """

    start: int
    stop: int
    wanted: slice


def spans(rows: IndexArray, widest_gap: int, most_rows: int) -> Iterator[Span]:
    """Ranges of the file that cover rows in rising order.

    A range reads on over at most ``widest_gap`` unwanted rows, and holds at most ``most_rows``.
    """
    breaks = np.flatnonzero(np.diff(rows) > widest_gap + 1) + 1
    ends = [*breaks.tolist(), len(rows)]
    first = 0
    for end in ends:
        while first < end:
            last = first + int(np.searchsorted(rows[first:end], rows[first] + most_rows))
            yield Span(int(rows[first]), int(rows[last - 1]) + 1, slice(first, last))
            first = last


class DenseFile:
    """Rows of anything two-dimensional that is sliced by rows: h5py, Zarr, dask."""

    is_finite = False

    def __init__(self, array: Any) -> None:
        self._array = array
        self._dtype = np.dtype(array.dtype).newbyteorder("=")
        self.n_features = int(array.shape[1])
        chunks: Any = getattr(array, "chunks", None)
        # A chunk is read and unpacked as a whole.
        is_chunked = bool(chunks) and isinstance(chunks[0], int)
        row_bytes = self._row_bytes()
        self._widest_gap = max(_BYTES_PER_SEEK // row_bytes, chunks[0] - 1 if is_chunked else 0)

    def _row_bytes(self) -> int:
        return max(1, self.n_features * int(self._dtype.itemsize))

    def read(self, rows: IndexArray, dtype: Any = None) -> Matrix:
        return self.load(np.sort(rows)).read(rows, dtype)

    def stored_bytes(self, rows: IndexArray) -> int:
        return len(rows) * self._row_bytes()

    def load(self, rows: IndexArray) -> LoadedRows:
        matrix = np.empty((len(rows), self.n_features), self._dtype)
        most_rows = max(1, _BYTES_PER_READ // self._row_bytes())
        for span in spans(rows, self._widest_gap, most_rows):
            block = np.asarray(self._array[span.start : span.stop])
            matrix[span.wanted] = block[rows[span.wanted] - span.start]
        return LoadedRows(rows, DenseRows(matrix))


class SparseFile:
    """Rows of a compressed sparse row matrix in anndata's layout on disk."""

    is_finite = False

    def __init__(self, group: Any, shape: tuple[int, int]) -> None:
        self._group = group
        self._offsets = np.asarray(group["indptr"][:], dtype=np.int64)
        self._value_dtype = np.dtype(group["data"].dtype).newbyteorder("=")
        self._index_dtype = np.dtype(group["indices"].dtype).newbyteorder("=")
        self._mean_row_bytes = max(1, self._bytes(self._offsets[-1]) // max(1, shape[0]))
        self.n_features = int(shape[1])

    def _bytes(self, n_values: int) -> int:
        return int(n_values) * int(self._value_dtype.itemsize + self._index_dtype.itemsize)

    def read(self, rows: IndexArray, dtype: Any = None) -> Matrix:
        return self.load(np.sort(rows)).read(rows, dtype)

    def stored_bytes(self, rows: IndexArray) -> int:
        return self._bytes((self._offsets[rows + 1] - self._offsets[rows]).sum())

    def load(self, rows: IndexArray) -> LoadedRows:
        from scipy.sparse import csr_matrix

        offsets = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(self._offsets[rows + 1] - self._offsets[rows], out=offsets[1:])
        values = np.empty(offsets[-1], self._value_dtype)
        columns = np.empty(offsets[-1], self._index_dtype)
        widest_gap = _BYTES_PER_SEEK // self._mean_row_bytes
        most_rows = max(1, _BYTES_PER_READ // self._mean_row_bytes)
        for span in spans(rows, widest_gap, most_rows):
            part = slice(offsets[span.wanted.start], offsets[span.wanted.stop])
            self._copy("data", span, rows[span.wanted], values[part])
            self._copy("indices", span, rows[span.wanted], columns[part])
        shape = (len(rows), self.n_features)
        return LoadedRows(rows, SparseRows(csr_matrix((values, columns, offsets), shape=shape)))

    def _copy(self, name: str, span: Span, rows: IndexArray, target: Matrix) -> None:
        """Read one of the two arrays of a range of rows, and keep what belongs to ``rows``."""
        block = self._group[name][self._offsets[span.start] : self._offsets[span.stop]]
        if len(rows) < span.stop - span.start:
            is_wanted = np.zeros(span.stop - span.start, dtype=bool)
            is_wanted[rows - span.start] = True
            block = block[np.repeat(is_wanted, np.diff(self._offsets[span.start : span.stop + 1]))]
        target[:] = block
