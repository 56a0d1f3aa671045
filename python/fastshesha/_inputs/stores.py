"""Arrays in HDF5 files, zarr stores and Parquet files, read by packages that are optional."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from .arrow import arrow_rows

if TYPE_CHECKING:
    from fastshesha._typing import Matrix

_MOST_LISTED = 10


def open_hdf5(path: str, name: str | None, n_dimensions: int, subject: str) -> tuple[str, Any]:
    """A data set of an HDF5 file, and its name."""
    file = _package("h5py", "hdf5", subject).File(path, "r")
    found: dict[str, Any] = {}

    def visit(name: str, item: Any) -> None:
        if hasattr(item, "shape"):
            found[name] = item

    file.visititems(visit)
    return _chosen(found, name, n_dimensions, f"{subject} holds", "FILE.h5:DATASET")


def open_zarr(path: str, name: str | None, n_dimensions: int, subject: str) -> tuple[str, Any]:
    """An array of a zarr store, and its name; empty for a store that is one array."""
    store = _package("zarr", "zarr", subject).open(path, mode="r")
    found = {"": store} if hasattr(store, "shape") else dict(_arrays_below(store))
    if name is None and "" in found:
        name = ""
    return _chosen(found, name, n_dimensions, f"{subject} holds", "FILE.zarr:ARRAY")


def _arrays_below(group: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, array in group.arrays():
        yield f"{prefix}{name}", array
    for name, inner in group.groups():
        yield from _arrays_below(inner, f"{prefix}{name}/")


def open_parquet(path: str, name: str | None, n_dimensions: int, subject: str) -> tuple[str, Any]:
    """A column of a Parquet file, and its name: of lists for rows, of single values for labels."""
    file = _package("pyarrow.parquet", "parquet", subject).ParquetFile(path)
    found = {
        field.name: _Column(2 if hasattr(field.type, "value_type") else 1)
        for field in file.schema_arrow
    }
    name, _ = _chosen(found, name, n_dimensions, f"{subject} has columns", "FILE.parquet:COLUMN")
    if n_dimensions == 1:
        column = file.read(columns=[name]).column(0)
        return name, column.to_numpy()
    return name, ParquetRows(file, name, subject)


class _Column:
    def __init__(self, n_dimensions: int) -> None:
        self.shape = ("rows", "values")[:n_dimensions]


class ParquetRows:
    """A column of lists, of which one row group at a time is in memory."""

    def __init__(self, file: Any, column: str, subject: str) -> None:
        self._file, self._column, self._subject = file, column, subject
        metadata = file.metadata
        sizes = [metadata.row_group(k).num_rows for k in range(metadata.num_row_groups)]
        self._starts: list[int] = np.cumsum([0, *sizes]).tolist()
        self._cached: tuple[int, Matrix] | None = None
        first = self._group(0)
        self.shape = (self._starts[-1], first.shape[1])
        self.dtype = first.dtype
        self.chunks = (max(sizes), first.shape[1])

    def __getitem__(self, rows: slice) -> Matrix:
        """Rows of a slice of step 1."""
        start, stop, _ = rows.indices(self.shape[0])
        pieces = [
            self._group(group)[max(0, start - first) : stop - first]
            for group, first in enumerate(self._starts[:-1])
            if first < stop and start < self._starts[group + 1]
        ]
        return np.concatenate(pieces or [self._group(0)[:0]])

    def _group(self, group: int) -> Matrix:
        if group >= len(self._starts) - 1:
            raise ValueError(f"{self._subject} has no rows")
        if self._cached is None or self._cached[0] != group:
            column = self._file.read_row_group(group, columns=[self._column]).column(0)
            rows = arrow_rows(column, f"{self._subject}, column {self._column!r},")
            self._cached = group, rows[: rows.shape[0]]
        return self._cached[1]


STORES: dict[str, Callable[[str, str | None, int, str], tuple[str, Any]]] = {
    "HDF5": open_hdf5,
    "zarr": open_zarr,
    "Parquet": open_parquet,
}


def _chosen(
    found: dict[str, Any], name: str | None, n_dimensions: int, holds: str, how: str
) -> tuple[str, Any]:
    """The array of a name, or the only one with so many dimensions."""
    shown = ", ".join(f"{key} {value.shape}" for key, value in list(found.items())[:_MOST_LISTED])
    if name is not None:
        key = name.strip("/")
        if key not in found:
            raise ValueError(f"{holds} no {name!r}, but {shown or 'nothing'}")
        return key, found[key]
    candidates = [key for key, value in found.items() if len(value.shape) == n_dimensions]
    if len(candidates) != 1:
        raise ValueError(
            f"{holds} {len(candidates)} {n_dimensions}-D arrays; name one as {how} ({shown})"
        )
    return candidates[0], found[candidates[0]]


def _package(name: str, extra: str, subject: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise ImportError(
            f"{subject} is read by the package {package}: pip install 'fastshesha[{extra}]'"
        ) from error
