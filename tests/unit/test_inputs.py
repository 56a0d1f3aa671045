"""Every form of a matrix gives the numbers of the plain array, and none is read for nothing."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import fastshesha
from fastshesha import sim
from fastshesha._rows import as_rows, as_source
from unit.input_sources import SOURCES, Sliced, Tensor

N_SAMPLES, N_FEATURES = 300, 24
LABELS = np.arange(N_SAMPLES) % 2
OTHER = np.random.default_rng(5).standard_normal((N_SAMPLES, 5))

CALLS: dict[str, Callable[[Any], Any]] = {
    "feature_split": lambda X: fastshesha.feature_split(X, n_splits=3, seed=1),
    "of a subsample": lambda X: fastshesha.feature_split(X, n_splits=3, seed=1, max_samples=80),
    "rdm_similarity": lambda X: fastshesha.rdm_similarity(X, OTHER),
    "euclidean": lambda X: fastshesha.replicate_stability(X, X, metric="euclidean"),
    "compute_rdm": lambda X: fastshesha.compute_rdm(X).sum(),
    "variance_ratio": lambda X: fastshesha.variance_ratio(X, LABELS),
    "supervised_alignment": lambda X: fastshesha.supervised_alignment(
        X, LABELS, seed=1, max_samples=80
    ),
    "class_separation_ratio": lambda X: fastshesha.class_separation_ratio(X, LABELS, seed=1),
    "lda_stability": lambda X: fastshesha.lda_stability(X, LABELS, n_bootstrap=3, seed=1),
    "sample_split": lambda X: fastshesha.sample_split(X, n_splits=3, seed=1, max_samples=80),
    "anchor_stability": lambda X: fastshesha.anchor_stability(X, n_splits=3, seed=1),
    "cka_linear": lambda X: sim.cka_linear(X, X),
    "procrustes_similarity": lambda X: sim.procrustes_similarity(X, X),
    "effective_rank": lambda X: fastshesha.spectrum.effective_rank(X),
    "effect size": lambda X: fastshesha.bio.perturbation_effect_size(X, X),
}


@pytest.fixture(scope="module")
def rows() -> NDArray[np.float32]:
    rng = np.random.default_rng(0)
    latent = rng.standard_normal((N_SAMPLES, 4)) + LABELS[:, None]
    mixed = latent @ rng.standard_normal((4, N_FEATURES))
    return (mixed + 0.3 * rng.standard_normal(mixed.shape)).astype(np.float32)


def answers(X: Any) -> dict[str, float]:
    with pytest.warns(FutureWarning):
        return {name: call(X) for name, call in CALLS.items()}


def streamed(X: Any) -> list[float]:
    with fastshesha.config(exact_pairs=1000):
        return [
            fastshesha.feature_split(X, n_splits=1, seed=1, max_samples=None),
            fastshesha.rdm_similarity(X, X, metric="euclidean"),
            fastshesha.supervised_alignment(X, LABELS, seed=1, max_pairs=20_000),
        ]


@pytest.fixture(scope="module")
def expected(rows: NDArray[np.float32]) -> dict[str, float]:
    return answers(rows)


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_gives_the_same_numbers(
    name: str, rows: NDArray[np.float32], expected: dict[str, float], tmp_path: Path
) -> None:
    X = SOURCES[name](rows, tmp_path)
    assert answers(X) == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert streamed(X) == streamed(rows)


@pytest.mark.parametrize("name", ["mapped", "tensor", "Arrow", "Arrow, cut", "other byte order"])
def test_what_lies_in_memory_is_not_copied(
    name: str, rows: NDArray[np.float32], tmp_path: Path
) -> None:
    X = SOURCES[name](rows, tmp_path)
    first, again = as_rows(X, "X"), as_rows(X, "X")
    assert np.shares_memory(first, again)
    assert first.dtype.itemsize == 4


def test_bfloat16_gives_the_numbers_of_its_values(rows: NDArray[np.float32]) -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    X = rows.astype(ml_dtypes.bfloat16)
    widened = X.astype(np.float32)
    assert np.array_equal(as_rows(X, "X"), widened)
    assert np.shares_memory(as_rows(X, "X", keeps_bfloat16=True), X)
    assert answers(X) == answers(widened)
    assert streamed(X) == streamed(widened)
    assert answers(Sliced(X)) == answers(widened)


def test_bfloat16_of_a_tensor_is_read_as_it_lies(
    rows: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", types.SimpleNamespace(int16=np.int16))
    bits = (rows.view(np.uint32) >> 16).astype(np.uint16)
    widened = (bits.astype(np.uint32) << 16).view(np.float32)
    X = Tensor(bits, "torch.bfloat16")
    assert np.shares_memory(as_source(X, "X"), bits)
    assert answers(X) == answers(widened)
    assert streamed(X) == streamed(widened)
    bits[7, 5] = 0x7FC0
    with pytest.raises(ValueError, match="got nan at row 7, column 5"):
        as_rows(X, "X")


def test_two_bytes_without_a_meaning_are_not_taken_for_numbers() -> None:
    with pytest.raises(TypeError, match=r"x.view\(ml_dtypes.bfloat16\)"):
        as_rows(np.zeros((3, 4), "V2"), "X")


def test_a_subsample_reads_its_rows_alone(rows: NDArray[np.float32]) -> None:
    X = Sliced(rows)
    fastshesha.feature_split(X, n_splits=2, seed=1, max_samples=80)
    assert X.n_read == N_SAMPLES + 80, "one pass for the check, then the sample"


def test_chosen_rows_come_in_the_order_asked_for(rows: NDArray[np.float32], tmp_path: Path) -> None:
    order = np.random.default_rng(1).permutation(N_SAMPLES)[:50]
    for name in ("HDF5", "HDF5 in chunks", "zarr", "dask", "Arrow chunks", "slices"):
        source = as_source(SOURCES[name](rows, tmp_path), "X")
        assert np.array_equal(source[order], rows[order]), name


def test_only_matrices_are_read_in_slices(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "rows.h5", "w") as file:
        single = file.create_dataset("single", data=np.arange(6.0))
        with pytest.raises(ValueError, match=r"got shape \(6,\); a single sample is"):
            fastshesha.feature_split(single)
        assert fastshesha.bio.perturbation_effect_size(single, single[...] + 2.0) == 2.0


def test_undefined_values_in_a_file_are_found(rows: NDArray[np.float32], tmp_path: Path) -> None:
    undefined = rows.copy()
    undefined[123, 4] = np.nan
    with pytest.raises(ValueError, match="got nan at row 123, column 4"):
        fastshesha.feature_split(SOURCES["HDF5 in chunks"](undefined, tmp_path), max_samples=80)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (Tensor(np.ones((3, 4)), "torch.float64", device=2), r"pass x.detach\(\).cpu\(\)"),
        (Sliced(np.array([["a"]])), "X holds <U1; needed are real numbers"),
        (Sliced(np.ones((2, 2), complex)), "X holds complex128; needed are real numbers"),
    ],
)
def test_what_cannot_be_read_is_refused(X: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        fastshesha.feature_split(X)


def test_arrow_columns_must_be_lists_of_one_length() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    lists = pyarrow.array([[1.0, 2.0], [3.0]])
    with pytest.raises(ValueError, match="lists of one length, got lengths from 1 to 2"):
        as_rows(lists, "X")
    with pytest.raises(ValueError, match="X must hold no missing values, got 1 nulls"):
        as_rows(pyarrow.array([[1.0, None], [3.0, 4.0]]), "X")
    with pytest.raises(ValueError, match="must be an Arrow array of lists of numbers"):
        as_rows(pyarrow.array([1.0, 2.0]), "X")
    assert as_rows(pyarrow.array([[1.0, 2.0], [3.0, 4.0]]), "X").tolist() == [[1, 2], [3, 4]]


def test_rows_that_do_not_fit_are_refused_before_they_are_read(
    monkeypatch: pytest.MonkeyPatch, rows: NDArray[np.float32]
) -> None:
    monkeypatch.setattr("fastshesha._inputs.sliced.memory_limit", lambda: 1000)
    X = Sliced(rows)
    with pytest.raises(MemoryError, match=f"X takes {rows.nbytes} bytes"):
        as_rows(X, "X")
    assert X.n_read == 0
