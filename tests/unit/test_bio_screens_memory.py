"""What a screen reads of a file, and how much of a matrix is dense at a time."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import bio
from fastshesha._bio.stored_rows import DenseFile, Span, spans

anndata = pytest.importorskip("anndata")
pandas = pytest.importorskip("pandas")
sparse = pytest.importorskip("scipy.sparse")

N_CELLS, N_GENES, CELLS_EACH = 12_000, 8_000, 40
DENSE_BYTES = 8 * N_CELLS * N_GENES  # 768 MB


@pytest.fixture(scope="module")
def guides() -> Any:
    names = np.repeat([f"gene {i}" for i in range(150)], CELLS_EACH)
    labels = np.concatenate([names, np.repeat("control", N_CELLS - len(names))])
    return np.random.default_rng(0).permutation(labels)


@pytest.fixture(scope="module")
def counts() -> Any:
    rng = np.random.default_rng(1)
    rows = np.repeat(np.arange(N_CELLS), 100)
    columns = rng.integers(0, N_GENES, size=len(rows))
    values = rng.integers(1, 9, size=len(rows)).astype(np.float32)
    return sparse.csr_matrix((values, (rows, columns)), shape=(N_CELLS, N_GENES))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "coherence": bio.compute_coherence,
    "cohen": lambda adata, key: bio.compute_magnitude(adata, key, metric="cohen"),
    "split_half": lambda adata, key: bio.split_half_reproducibility(adata, key, n_splits=2),
}


@pytest.mark.parametrize(
    ("storage", "name"),
    [
        *(("csr", name) for name in FUNCTIONS),
        *(("backed csr", name) for name in FUNCTIONS),
        ("csc", "coherence"),
        ("backed csc", "coherence"),
        ("backed dense", "coherence"),
    ],
)
def test_the_matrix_is_never_dense_as_a_whole(
    counts: Any, guides: Any, tmp_path: Path, storage: str, name: str
) -> None:
    adata = stored(counts, guides, tmp_path, storage)
    tracemalloc.start()
    try:
        with fastshesha.config(threads=2):
            n_scores = len(FUNCTIONS[name](adata, "guide"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert n_scores == 150
    # Of a dense file, two batches of rows of 128 MiB are in memory.
    assert peak < DENSE_BYTES // (2 if storage == "backed dense" else 5)


def stored(counts: Any, guides: Any, folder: Path, storage: str) -> Any:
    matrix = counts.tocsc() if storage.endswith("csc") else counts
    rows = [str(row) for row in range(len(guides))]
    obs = pandas.DataFrame({"guide": guides}, index=rows)
    if not storage.startswith("backed"):
        return anndata.AnnData(matrix, obs=obs)
    if storage.endswith("dense"):
        # 16 MB on disk: most of the file are unwritten chunks.
        import h5py

        file = h5py.File(folder / "dense.h5", "w")
        dense = file.create_dataset("X", shape=counts.shape, dtype="f4", chunks=(500, N_GENES))
        dense[:1000] = counts[:1000].toarray()
        return SimpleNamespace(X=dense, layers={}, obs=obs)
    anndata.AnnData(matrix, obs=obs).write_h5ad(folder / "cells.h5ad")
    return anndata.read_h5ad(folder / "cells.h5ad", backed="r")


def test_spans_join_what_lies_near() -> None:
    rows = np.array([0, 1, 2, 5, 6, 30, 31, 90])
    assert list(spans(rows, widest_gap=2, most_rows=100)) == [
        Span(0, 7, slice(0, 5)),
        Span(30, 32, slice(5, 7)),
        Span(90, 91, slice(7, 8)),
    ]


def test_spans_are_no_longer_than_allowed() -> None:
    rows = np.arange(3, 20, 2)
    assert list(spans(rows, widest_gap=1, most_rows=6)) == [
        Span(3, 8, slice(0, 3)),
        Span(9, 14, slice(3, 6)),
        Span(15, 20, slice(6, 9)),
    ]
    assert list(spans(rows[:0], widest_gap=1, most_rows=6)) == []


class Recorded:
    """A matrix that notes which rows are read."""

    dtype = np.dtype("<f4")

    def __init__(self, matrix: Any) -> None:
        self._matrix = matrix
        self.shape = matrix.shape
        self.reads: list[tuple[int, int]] = []

    def __getitem__(self, rows: slice) -> Any:
        self.reads.append((rows.start, rows.stop))
        return self._matrix[rows]


def test_files_are_read_in_ranges_in_their_order() -> None:
    matrix = np.random.default_rng(0).standard_normal((60_000, 40)).astype(np.float32)
    matrix[:, 0] = np.arange(60_000)
    recorded = Recorded(matrix)
    labels = np.random.default_rng(1).permutation(np.arange(60_000) % 1000).astype(str)
    screen = SimpleNamespace(X=recorded, layers={}, obs=pandas.DataFrame({"p": labels}))
    assert len(bio.compute_coherence(screen, "p", "7")) == 999
    # The controls, read once to be checked and once for their mean, and then everything.
    starts = [start for start, _ in recorded.reads]
    assert sum(later < earlier for earlier, later in pairwise(starts)) <= 2
    assert len(recorded.reads) < 200


def test_rows_are_read_in_the_order_they_are_asked_for() -> None:
    matrix = np.arange(300.0).reshape(100, 3)
    rows = np.array([70, 2, 99, 3])
    np.testing.assert_array_equal(DenseFile(Recorded(matrix)).read(rows), matrix[rows])
