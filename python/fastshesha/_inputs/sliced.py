"""Rows that are read a slice at a time: data sets of HDF5 and zarr, dask arrays, Arrow chunks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._resources.cgroup import memory_limit

from .bfloat16 import BITS, as_bits, is_bfloat16

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray, Matrix

_BYTES_PER_BLOCK = 16 * 2**20
_REAL_KINDS = "biuf"


def is_sliced(value: object) -> bool:
    """Whether rows come as ``value[start:stop]``, with all of them too many to ask for at once.

    What is stored in chunks shows them; anything else counts that has no other way to numpy.
    """
    has_rows = all(hasattr(value, part) for part in ("shape", "dtype", "__getitem__"))
    if not has_rows or hasattr(value, "toarray") or hasattr(value, "__dlpack__"):
        return False
    return hasattr(value, "chunks") or not hasattr(value, "__array__")


class SlicedRows:
    """A matrix outside memory; indexed by a slice or by row numbers, it gives an array.

    Attributes
    ----------
    shape : tuple of int
    dtype : numpy dtype
        Of what it gives: that of the source in native byte order, or the bits of bfloat16.
    """

    def __init__(self, source: Any, name: str) -> None:
        self._source, self._name = source, name
        self.shape = tuple(int(length) for length in source.shape)
        self.dtype = self._readable_dtype(source.dtype)

    def _readable_dtype(self, dtype: Any) -> np.dtype[Any]:
        if is_bfloat16(dtype):
            return BITS
        found: np.dtype[Any] = np.dtype(dtype)
        if found.kind not in _REAL_KINDS:
            raise TypeError(
                f"{self._name} holds {found}; needed are real numbers: integers, bfloat16, "
                "float16, float32 or float64"
            )
        native: np.dtype[Any] = found.newbyteorder("=")
        return native

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __getitem__(self, rows: slice | IndexArray) -> Matrix:
        if isinstance(rows, slice):
            start, stop, _ = rows.indices(self.shape[0])
            return self._read(start, stop)
        return self._gather(np.asarray(rows))

    def _read(self, start: int, stop: int) -> Matrix:
        block = np.asarray(self._source[start:stop])
        if block.shape != (stop - start, self.shape[1]):
            raise ValueError(
                f"{self._name}[{start}:{stop}] must give {stop - start} rows of "
                f"{self.shape[1]} values, got shape {block.shape}"
            )
        return as_bits(block) if is_bfloat16(block.dtype) else block.astype(self.dtype, copy=False)

    def _gather(self, wanted: IndexArray) -> Matrix:
        """Rows in any order, read in rising order and no chunk more than once."""
        found = np.empty((wanted.size, self.shape[1]), self.dtype)
        order = np.argsort(wanted, kind="stable")
        chunks = wanted[order] // self._rows_per_chunk()
        for places in np.split(order, np.flatnonzero(np.diff(chunks)) + 1):
            if places.size:
                first, last = int(wanted[places[0]]), int(wanted[places[-1]])
                found[places] = self._read(first, last + 1)[wanted[places] - first]
        return found

    def _rows_per_chunk(self) -> int:
        """Rows that the source reads together; 1 where it has no chunks."""
        chunks = getattr(self._source, "chunks", None)
        rows = chunks[0] if chunks else 1
        return max(1, int(max(rows) if isinstance(rows, tuple) else rows))

    def blocks(self) -> Iterator[slice]:
        """All rows in order, in blocks of some MiB of whole chunks."""
        row_bytes = max(1, self.shape[1] * self.dtype.itemsize)
        chunk = self._rows_per_chunk()
        step = max(1, _BYTES_PER_BLOCK // (chunk * row_bytes)) * chunk
        for start in range(0, self.shape[0], step):
            yield slice(start, min(start + step, self.shape[0]))

    def in_memory(self) -> Matrix:
        """All rows, in their own element type; MemoryError where they do not fit."""
        self._require_memory()
        return self._read_into(np.empty(self.shape, self.dtype))

    def _require_memory(self) -> None:
        """Refuse rows before they are read.

        Raises
        ------
        MemoryError
            They take more than this machine has.
        """
        n_bytes = self.shape[0] * self.shape[1] * self.dtype.itemsize
        limit = memory_limit()
        if limit is not None and n_bytes > limit:
            raise MemoryError(
                f"{self._name} takes {n_bytes} bytes ({n_bytes / 2**30:.1f} GiB), more than this "
                "machine has; store it as a .npy file, which is mapped instead of read"
            )

    def _read_into(self, matrix: Matrix) -> Matrix:
        for rows in self.blocks():
            matrix[rows] = self._read(rows.start, rows.stop)
        return matrix
