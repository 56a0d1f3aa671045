"""Rows that a job reads: an array in this process, or where on disk to find it in another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
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
        mapped = np.memmap(self.path, np.uint8, "r", self.offset + low, (n_bytes,))
        return np.ndarray(self.shape, dtype, mapped, -low, self.strides)


@dataclass(frozen=True)
class RowSource:
    """A matrix that travels as the description of its file where it lies in one."""

    matrix: Matrix

    def __reduce__(self) -> tuple[Any, ...]:
        described = describe(self.matrix)
        return (RowSource, (self.matrix,)) if described is None else (_reopened, (described,))


def _reopened(described: MappedFile) -> RowSource:
    return RowSource(described.open())


def describe(matrix: Matrix) -> MappedFile | None:
    """Where in a mapped file the matrix lies; None if it lies in memory or changes there only."""
    owner = matrix
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    if not isinstance(owner, np.memmap) or owner.filename is None:
        return None
    if owner.mode == "c" or matrix.size == 0:
        return None
    start = _address(matrix) - _address(owner) + owner.offset
    return MappedFile(str(owner.filename), matrix.dtype.str, start, matrix.shape, matrix.strides)


def _address(array: Matrix) -> int:
    return int(array.__array_interface__["data"][0])
