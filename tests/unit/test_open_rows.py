"""Matrices in files, by the name of the file: mapped, or read a slice at a time."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import fastshesha
from fastshesha._inputs import numpy_files
from fastshesha._rows import as_rows
from fastshesha.scale.row_source import RowSource, describe

ROWS = np.random.default_rng(0).standard_normal((300, 12)).astype(np.float32)


def write_npy(path: Path) -> None:
    np.save(path, ROWS)


def write_npz(path: Path) -> None:
    np.savez(path, other=np.zeros(3), rows=ROWS)


def write_packed(path: Path) -> None:
    np.savez_compressed(path, rows=ROWS)


def write_hdf5(path: Path) -> None:
    with pytest.importorskip("h5py").File(path, "w") as file:
        file.create_dataset("inner/rows", data=ROWS, chunks=(40, 12))
        file["labels"] = np.arange(300) % 2


def write_zarr(path: Path) -> None:
    group = pytest.importorskip("zarr").open_group(str(path), mode="w")
    group.create_group("inner").create_array("rows", data=ROWS, chunks=(50, 12))


def write_single_zarr(path: Path) -> None:
    pytest.importorskip("zarr").create_array(str(path), data=ROWS)


def write_parquet(path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    lists = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(ROWS.ravel()), 12)
    table = pyarrow.table({"id": np.arange(300), "label": np.arange(300) % 2, "rows": lists})
    pytest.importorskip("pyarrow.parquet").write_table(table, path, row_group_size=70)


# Name of the file, what writes it, and the option that names the array in it.
FILES: dict[str, tuple[Any, dict[str, str]]] = {
    "rows.npy": (write_npy, {}),
    "rows.npz": (write_npz, {"member": "rows"}),
    "packed.npz": (write_packed, {"member": "rows"}),
    "rows.h5": (write_hdf5, {"dataset": "inner/rows"}),
    "rows.zarr": (write_zarr, {"dataset": "inner/rows"}),
    "single.zarr": (write_single_zarr, {}),
    "rows.parquet": (write_parquet, {"column": "rows"}),
}


@pytest.fixture(scope="module", params=FILES)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / request.param
    FILES[request.param][0](path)
    return path


def scores(X: Any) -> list[float]:
    with fastshesha.config(exact_pairs=2000):
        return [
            fastshesha.feature_split(X, n_splits=2, seed=1, max_samples=50),
            fastshesha.feature_split(X, n_splits=1, seed=1, max_samples=None),
            fastshesha.variance_ratio(X, np.arange(300) % 3),
        ]


def test_functions_take_what_was_opened(written: Path) -> None:
    for options in (FILES[written.name][1], {}):
        X = fastshesha.open_rows(written, **options)
        assert X.shape == (300, 12)
        assert X.dtype == np.float32
        assert scores(X) == scores(ROWS)


def test_rows_travel_as_the_name_of_their_file(written: Path) -> None:
    X = fastshesha.open_rows(written)
    source = RowSource(as_rows(X, "X")[20:200:3, ::-1])
    if written.suffix == ".npz":
        assert describe(source.matrix) is None, "small members are read"
        return
    sent = pickle.dumps(source)
    assert len(sent) < 2000
    assert np.array_equal(pickle.loads(sent).matrix, ROWS[20:200:3, ::-1])


def test_rows_that_stay_in_a_file_are_like_an_array(tmp_path: Path) -> None:
    write_parquet(tmp_path / "rows.parquet")
    X = fastshesha.open_rows(tmp_path / "rows.parquet", column="rows")
    assert len(X) == 300
    assert np.array_equal(np.asarray(X), ROWS)
    assert np.array_equal(X[60:150], ROWS[60:150])
    assert np.array_equal(pickle.loads(pickle.dumps(X))[np.array([299, 0, 70])], ROWS[[299, 0, 70]])


@pytest.mark.parametrize("order", ["C", "F"])
def test_large_members_are_mapped_where_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: Any
) -> None:
    monkeypatch.setattr(numpy_files, "_LEAST_MAPPED", 1)
    np.savez(tmp_path / "rows.npz", other=np.zeros(3), rows=np.asarray(ROWS, order=order))
    X = fastshesha.open_rows(tmp_path / "rows.npz", member="rows")
    assert isinstance(X, np.memmap)
    assert np.array_equal(X, ROWS)
    assert scores(X) == pytest.approx(scores(ROWS), abs=1e-12)
    sent = pickle.dumps(RowSource(np.asarray(X)))
    assert len(sent) < 1000
    assert np.array_equal(pickle.loads(sent).matrix, ROWS)


def test_no_or_several_candidates_are_listed(written: Path) -> None:
    option = next(iter(FILES[written.name][1]), None)
    if option is None:
        return
    with pytest.raises(ValueError, match=r"no.* 'missing'.*rows") as caught:
        fastshesha.open_rows(written, **{option: "missing"})
    assert str(written) in str(caught.value)


def test_only_matrices_of_numbers_are_opened(tmp_path: Path) -> None:
    write_hdf5(tmp_path / "rows.h5")
    with pytest.raises(ValueError, match=r"has shape \(300,\); needed is a 2-D array"):
        fastshesha.open_rows(tmp_path / "rows.h5", dataset="labels")
    np.save(tmp_path / "complex.npy", ROWS * 1j)
    with pytest.raises(TypeError, match="holds complex64 values; needed are real numbers"):
        fastshesha.open_rows(tmp_path / "complex.npy")
    (tmp_path / "text").write_text("1 2 3")
    with pytest.raises(ValueError, match=r"is not a .npy, .npz, HDF5, zarr or Parquet file"):
        fastshesha.open_rows(tmp_path / "text")
    with pytest.raises(FileNotFoundError):
        fastshesha.open_rows(tmp_path / "none")
    with pytest.raises(ValueError, match="one of member, dataset and column can be given, got 2"):
        fastshesha.open_rows(tmp_path / "rows.h5", dataset="a", column="b")


@pytest.mark.parametrize(
    ("name", "package"),
    [("rows.h5", "h5py"), ("single.zarr", "zarr"), ("rows.parquet", "pyarrow")],
)
def test_a_missing_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, package: str
) -> None:
    FILES[name][0](tmp_path / name)
    for module in [module for module in sys.modules if module.partition(".")[0] == package]:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=f"is read by the package {package}: pip install"):
        fastshesha.open_rows(tmp_path / name)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", ROWS)
    whole: NDArray[np.uint8] = np.fromfile(tmp_path / "rows.npy", np.uint8)
    whole[:-100].tofile(tmp_path / "cut.npy")
    with pytest.raises(ValueError, match=r"cut.npy' is damaged"):
        fastshesha.open_rows(tmp_path / "cut.npy")
