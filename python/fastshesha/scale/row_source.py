"""Rows that a job reads: an array in this process, or where on disk to find it in another."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._inputs.mapped import owner_of, require_whole
from fastshesha._inputs.opening import LoadedRows

if TYPE_CHECKING:
    from fastshesha._inputs.opening import FileRows
    from fastshesha._typing import Matrix


@dataclass(frozen=True)
class MappedFile:
    """A matrix inside a file, as ``numpy.memmap`` takes it."""

    path: str
    dtype: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def open(self) -> Matrix:
        """The matrix, read from the file on demand.

        Raises
        ------
        ValueError
            The file is shorter than it was.
        """
        low = sum(min(0, (n - 1) * s) for n, s in zip(self.shape, self.strides, strict=True))
        high = sum(max(0, (n - 1) * s) for n, s in zip(self.shape, self.strides, strict=True))
        dtype = np.dtype(self.dtype)
        n_bytes = high - low + dtype.itemsize
        n_found, n_needed = os.path.getsize(self.path), self.offset + low + n_bytes
        if n_found < n_needed:
            raise ValueError(
                f"{self.path!r} has become shorter: it holds {n_found} of {n_needed} bytes"
            )
        mapped = np.memmap(self.path, np.uint8, "r", self.offset + low, (n_bytes,))
        return np.ndarray(self.shape, dtype, mapped, -low, self.strides)


@dataclass(frozen=True)
class LoadedPart:
    """A matrix inside the rows of a file that were read as a whole."""

    rows: FileRows
    offset: int
    dtype: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def open(self) -> Matrix:
        """The matrix, after its file has been read anew."""
        loaded = self.rows.in_memory()
        return np.ndarray(self.shape, self.dtype, loaded, self.offset, self.strides)


@dataclass(frozen=True)
class RowSource:
    """A matrix that travels as the description of its file where it lies in one."""

    matrix: Matrix

    def __post_init__(self) -> None:
        require_whole(self.matrix, "a matrix")

    def __reduce__(self) -> tuple[Any, ...]:
        described = describe(self.matrix)
        return (RowSource, (self.matrix,)) if described is None else (_reopened, (described,))


def _reopened(described: MappedFile | LoadedPart) -> RowSource:
    return RowSource(described.open())


def describe(matrix: Matrix) -> MappedFile | LoadedPart | None:
    """Where in a file the matrix lies; None if it lies in memory or changes there only."""
    owner = owner_of(matrix)
    if matrix.size == 0:
        return None
    start = _address(matrix) - _address(owner)
    if isinstance(owner, LoadedRows) and owner.origin is not None:
        return LoadedPart(owner.origin, start, matrix.dtype.str, matrix.shape, matrix.strides)
    if not isinstance(owner, np.memmap) or owner.filename is None or owner.mode == "c":
        return None
    return MappedFile(
        str(owner.filename), matrix.dtype.str, start + owner.offset, matrix.shape, matrix.strides
    )


def _address(array: Matrix) -> int:
    return int(array.__array_interface__["data"][0])
