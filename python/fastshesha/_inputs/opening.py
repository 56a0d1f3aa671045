"""Opening the arrays that a path names; what a file is decides its content."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .numpy_files import NPY_MAGIC, ZIP_MAGIC, open_numpy_file
from .sliced import SlicedRows
from .stores import STORES

if TYPE_CHECKING:
    from fastshesha._typing import Matrix

_MAGIC = {
    NPY_MAGIC: "numpy",
    ZIP_MAGIC: "numpy",
    b"\x89HDF\r\n\x1a\n": "HDF5",
    b"PAR1": "Parquet",
}
_ZARR_FILES = ("zarr.json", ".zarray", ".zgroup")
# Endings after which a colon names a part of the file.
_WITH_PARTS = (".npz", ".h5", ".hdf5", ".h5ad", ".zarr", ".parquet")
_REAL_KINDS = "biuf"
_MEANING = {1: "1-D array (one label per row)", 2: "2-D array (rows are samples)"}


@dataclass(frozen=True)
class FoundArray:
    """An array, and the name of the part of a file that it is, if it is one."""

    part: str | None
    array: Any


class FileRows(SlicedRows):
    """Rows of a matrix in a file that cannot be mapped; travels as the name of the file."""

    def __init__(self, path: str, kind: str, part: str) -> None:
        self._specification = path, kind, part
        _, source = STORES[kind](path, part, 2, repr(path))
        super().__init__(source, repr(path))

    def __reduce__(self) -> tuple[Any, ...]:
        return FileRows, self._specification

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Matrix:
        if copy is False:
            raise ValueError(f"the rows of {self._specification[0]!r} lie in a file")
        return np.asarray(self.in_memory(), dtype)

    def in_memory(self) -> Matrix:
        self._require_memory()
        loaded = LoadedRows(self.shape, self.dtype)
        loaded.origin = self
        return self._read_into(np.asarray(loaded))


class LoadedRows(np.ndarray[Any, np.dtype[Any]]):
    """The memory of all rows of a file, which a job takes from there instead."""

    origin: FileRows | None = None


def open_rows(
    path: str | os.PathLike[str],
    *,
    member: str | None = None,
    dataset: str | None = None,
    column: str | None = None,
) -> Matrix | FileRows:
    """Open a matrix in a file, one row per sample, for any function that takes one.

    Parameters
    ----------
    path : str or path-like
        A ``.npy`` or ``.npz`` file, an HDF5 file, a zarr store, or a Parquet file; the content
        decides, not the name.
    member : str, optional
        The array of a ``.npz`` file.
    dataset : str, optional
        The data set of an HDF5 file, or the array of a zarr store.
    column : str, optional
        The column of a Parquet file, whose values are lists of one length.

    Returns
    -------
    ndarray, or rows of shape (n_samples, n_features)
        ``.npy`` files, and uncompressed members of ``.npz`` files of 64 MiB and more, are mapped:
        their pages are read when they are used. Compressed and smaller members are read. Rows of
        the other files stay there: they have ``shape`` and ``dtype``, give arrays when indexed
        by a slice or by row numbers, and can be pickled. Functions that need all rows at once
        read them in their own element type.

    Raises
    ------
    ValueError
        A file of another kind, a damaged one, an array that is not two-dimensional, no array of
        that name or, without a name, not exactly one that could be meant.
    TypeError
        Not real numbers.
    ImportError
        The package that reads such files is missing: h5py, zarr or pyarrow.
    OSError
        The file cannot be read.

    Notes
    -----
    Opening costs no pass over the data. A file that is written to while it is used gives results
    of what was there at one time or another; one that is cut short while it is mapped ends the
    process if that happens within a pass, and is refused if it happens between two.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> import fastshesha
    >>> X = np.random.default_rng(0).standard_normal((50, 8))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.save(f"{folder}/X.npy", X)
    ...     rows = fastshesha.open_rows(f"{folder}/X.npy")
    ...     fastshesha.feature_split(rows, seed=0) == fastshesha.feature_split(X, seed=0)
    True
    """
    named = [part for part in (member, dataset, column) if part is not None]
    if len(named) > 1:
        raise ValueError(f"one of member, dataset and column can be given, got {len(named)}")
    found = open_array(os.fspath(path), named[0] if named else None, 2, repr(os.fspath(path)))
    rows: Matrix | FileRows = found.array
    return rows


def split_specification(specification: str) -> tuple[str, str | None]:
    """File and part of ``FILE:PART``, where the file has a kind that has parts."""
    path, colon, part = specification.rpartition(":")
    if colon and path.lower().rstrip("/").endswith(_WITH_PARTS):
        return path, part
    return specification, None


def open_array(path: str, part: str | None, n_dimensions: int, subject: str) -> FoundArray:
    """A matrix, or with one dimension the labels, of a file.

    Raises
    ------
    ValueError, TypeError, ImportError, OSError
        As :func:`open_rows`; messages begin with ``subject``.
    """
    kind = _kind_of(path, subject)
    array: Any
    if kind == "numpy":
        part, array = open_numpy_file(path, part, n_dimensions, subject)
    else:
        part, array = STORES[kind](path, part, n_dimensions, subject)
    if len(array.shape) != n_dimensions:
        wanted = _MEANING[n_dimensions]
        raise ValueError(f"{subject} has shape {tuple(array.shape)}; needed is a {wanted}")
    if n_dimensions == 1:
        return FoundArray(part, np.asarray(array[:]))
    if np.dtype(array.dtype).kind not in _REAL_KINDS:
        raise TypeError(f"{subject} holds {array.dtype} values; needed are real numbers")
    return FoundArray(part, array if kind == "numpy" else FileRows(path, kind, part or ""))


def _kind_of(path: str, subject: str) -> str:
    if any(os.path.exists(os.path.join(path, name)) for name in _ZARR_FILES):
        return "zarr"
    with open(path, "rb") as file:
        start = file.read(8)
    for magic, kind in _MAGIC.items():
        if start.startswith(magic):
            return kind
    raise ValueError(f"{subject} is not a .npy, .npz, HDF5, zarr or Parquet file")
