"""The same matrix in every form that is read: of numpy, in files, of other libraries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

FloatRows = NDArray[np.float32]


class Sliced:
    """Rows that come as slices alone; counts those that were asked for."""

    def __init__(self, rows: FloatRows, dtype: Any = None) -> None:
        self.rows = rows
        self.shape = rows.shape
        self.dtype = rows.dtype if dtype is None else dtype
        self.n_read = 0

    def __getitem__(self, rows: slice) -> Any:
        self.n_read += len(self.rows[rows])
        return self.rows[rows]


class Tensor:
    """A tensor as torch has it, for numpy: shared through DLPack, bfloat16 through its bits."""

    def __init__(self, array: NDArray[Any], dtype: str, device: int = 1) -> None:
        self.array, self.dtype, self.device = array, dtype, device
        self.requires_grad = True

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.device, 0

    def __dlpack__(self, **options: Any) -> Any:
        if self.requires_grad:
            raise BufferError("requires grad")
        return self.array.__dlpack__()

    def __array__(self, *_: Any, **__: Any) -> NDArray[Any]:
        raise TypeError("use Tensor.cpu() first")

    def detach(self) -> Tensor:
        found = Tensor(self.array, self.dtype, self.device)
        found.requires_grad = False
        return found

    def cpu(self) -> Tensor:
        return self

    def view(self, dtype: Any) -> Tensor:
        found = Tensor(self.array.view(dtype), f"torch.{np.dtype(dtype)}", self.device)
        found.requires_grad = self.requires_grad
        return found


def mapped(rows: FloatRows, folder: Path) -> Any:
    np.save(folder / "rows.npy", rows)
    return np.load(folder / "rows.npy", mmap_mode="r")


def hdf5(rows: FloatRows, folder: Path, chunks: Any = None) -> Any:
    file = pytest.importorskip("h5py").File(folder / f"rows{chunks}.h5", "w")
    return file.create_dataset("rows", data=rows, chunks=chunks)


def zarr(rows: FloatRows, folder: Path) -> Any:
    package = pytest.importorskip("zarr")
    return package.create_array(str(folder / "rows.zarr"), data=rows, chunks=(70, rows.shape[1]))


def dask(rows: FloatRows, _: Path) -> Any:
    return pytest.importorskip("dask.array").from_array(rows, chunks=(90, rows.shape[1]))


def arrow(rows: FloatRows, _: Path, dropped: int = 0) -> Any:
    pyarrow = pytest.importorskip("pyarrow")
    padded = np.concatenate([np.zeros((dropped, rows.shape[1]), rows.dtype), rows])
    values = pyarrow.array(padded.ravel())
    return pyarrow.FixedSizeListArray.from_arrays(values, rows.shape[1])[dropped:]


def arrow_tensors(rows: FloatRows, _: Path) -> Any:
    return pytest.importorskip("pyarrow").FixedShapeTensorArray.from_numpy_ndarray(rows)


def arrow_chunks(rows: FloatRows, folder: Path) -> Any:
    column = arrow(rows, folder)
    return pytest.importorskip("pyarrow").chunked_array(
        [column[:100], column[100:130], column[130:]]
    )


SOURCES: dict[str, Callable[[FloatRows, Path], Any]] = {
    "every other column": lambda rows, _: np.repeat(rows, 2, axis=1)[:, ::2],
    "upside down": lambda rows, _: rows[::-1].copy()[::-1],
    "other byte order": lambda rows, _: rows.astype(rows.dtype.newbyteorder()),
    "mapped": mapped,
    "HDF5": hdf5,
    "HDF5 in chunks": lambda rows, folder: hdf5(rows, folder, (64, 8)),
    "zarr": zarr,
    "dask": dask,
    "Arrow": arrow,
    "Arrow, cut": lambda rows, folder: arrow(rows, folder, dropped=3),
    "Arrow chunks": arrow_chunks,
    "Arrow tensors": arrow_tensors,
    "slices": lambda rows, _: Sliced(rows),
    "tensor": lambda rows, _: Tensor(rows, "torch.float32"),
}
