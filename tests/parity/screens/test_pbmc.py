"""The workflow of the original's guide on real cells, in every storage.

Peripheral blood cells, 700 of 765 genes, that scanpy carries: the cell types serve as
perturbations, of which one is the control.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastshesha import bio
from oracle.client import Oracle
from oracle.wire import AnnotatedFile

anndata = pytest.importorskip("anndata")
pandas = pytest.importorskip("pandas")

DENDRITIC = ("bulk_labels", "Dendritic")
STORAGES = ("dense", "csr", "csc", "backed dense", "backed csr", "backed csc")
CALLS: dict[str, tuple[str, tuple[str, str], dict[str, Any]]] = {
    "coherence": ("compute_coherence", DENDRITIC, {}),
    "euclidean": ("compute_coherence", DENDRITIC, {"metric": "euclidean"}),
    "subsample": ("compute_coherence", DENDRITIC, {"max_samples": 50, "seed": 320}),
    "interval": ("compute_coherence", DENDRITIC, {"n_bootstrap_ci": 20, "seed": 320}),
    "whitened": ("compute_coherence_whitened", DENDRITIC, {"regularization": 1e-2}),
    "knn": ("compute_coherence_knn", DENDRITIC, {"k": 20}),
    "knn cosine": ("compute_coherence_knn", DENDRITIC, {"k": 20, "metric": "cosine"}),
    "magnitude": ("compute_magnitude", DENDRITIC, {}),
    "cohen": ("compute_magnitude", DENDRITIC, {"metric": "cohen"}),
    "split half": ("split_half_reproducibility", DENDRITIC, {"min_cells": 10, "n_splits": 20}),
    "layer": ("compute_coherence", ("louvain", "0"), {"layer": "scaled"}),
    "magnitude of a layer": ("compute_magnitude", ("louvain", "0"), {"layer": "scaled"}),
    "split half of a layer": ("split_half_reproducibility", ("louvain", "0"), {"layer": "scaled"}),
}


@pytest.fixture(scope="module")
def blood_cells() -> Any:
    path = os.environ.get("FASTSHESHA_TEST_PBMC")
    if not path:
        pytest.skip("FASTSHESHA_TEST_PBMC is not set; 'nox -s tests' fetches the cells and sets it")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return anndata.read_h5ad(path)


@pytest.fixture(scope="module")
def files(blood_cells: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The counts, log-normalised, as three files; the scaled ones are a layer."""
    folder: Path = tmp_path_factory.mktemp("blood")
    sparse = blood_cells.raw.X
    matrices = {"dense": sparse.toarray(), "csr": sparse.tocsr(), "csc": sparse.tocsc()}
    layers = {"scaled": blood_cells.X}
    paths = {}
    for name, matrix in matrices.items():
        paths[name] = str(folder / f"{name}.h5ad")
        cells = anndata.AnnData(matrix, obs=blood_cells.obs[["bulk_labels", "louvain"]])
        cells.layers.update(layers)
        cells.write_h5ad(paths[name])
    return paths


# The original factors the covariance of the controls once per perturbation: seconds each time.
PAIRS = [(s, name) for s in STORAGES for name in CALLS if name != "whitened" or s == "csr"]


@pytest.mark.parametrize(("storage", "name"), PAIRS)
def test_scores_are_those_of_the_original(
    files: dict[str, str], oracle: Oracle, storage: str, name: str
) -> None:
    function, (key, control_label), keywords = CALLS[name]
    path, is_backed = files[storage.split()[-1]], storage.startswith("backed")
    theirs = oracle.call(
        f"shesha.bio.{function}", AnnotatedFile(path, is_backed), key, control_label, **keywords
    )
    assert theirs.exception is None
    cells = anndata.read_h5ad(path, backed="r" if is_backed else None)
    ours = getattr(bio, function)(cells, key, control_label, **keywords)
    assert_same(ours, theirs.value)


def assert_same(ours: Any, theirs: Any) -> None:
    assert type(ours) is type(theirs)
    if isinstance(theirs, pandas.DataFrame):
        pandas.testing.assert_frame_equal(ours, theirs, rtol=0.0, atol=1e-12)
        return
    assert list(ours) == list(theirs)
    assert len(ours) >= 5
    for label, score in theirs.items():
        assert type(ours[label]) is type(score)
        assert ours[label] == pytest.approx(score, rel=1e-12, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("name", CALLS)
def test_all_storages_give_the_same_scores(files: dict[str, str], name: str) -> None:
    function, (key, control_label), keywords = CALLS[name]
    scores = []
    for storage in STORAGES:
        backed = "r" if storage.startswith("backed") else None
        cells = anndata.read_h5ad(files[storage.split()[-1]], backed=backed)
        found = getattr(bio, function)(cells, key, control_label, **keywords)
        scores.append(numbers(found))
    # In float32, numpy sums the controls of a matrix compressed by columns in another order.
    tolerance = 1e-6 if name == "split half" else 1e-12
    for other in scores[1:]:
        np.testing.assert_allclose(other, scores[0], rtol=tolerance, atol=tolerance)


def numbers(scores: Any) -> Any:
    if isinstance(scores, pandas.DataFrame):
        return scores.to_numpy(dtype=float)
    rows = [score.values() if isinstance(score, dict) else [score] for score in scores.values()]
    return np.array([list(row) for row in rows])


def test_the_guide_from_cells_to_discordance(files: dict[str, str], oracle: Oracle) -> None:
    """Coherence and magnitude of the clusters in one table, and who is out of line."""
    tables = []
    for compute in (_ours, lambda *arguments: _theirs(oracle, *arguments)):
        coherence = compute("compute_coherence", files["csr"])
        magnitude = compute("compute_magnitude", files["csr"])
        tables.append(pandas.DataFrame({"Sp": coherence, "Mp": magnitude}))
    pandas.testing.assert_frame_equal(*tables, rtol=0.0, atol=1e-12)
    for method in ("linear", "rank"):
        theirs = oracle.call("shesha.bio.discordance", tables[1], method=method).value
        ours = bio.discordance(tables[0], method=method)
        pandas.testing.assert_series_equal(ours, theirs, rtol=0.0, atol=1e-9)


def _ours(function: str, path: str) -> Any:
    return getattr(bio, function)(anndata.read_h5ad(path), "louvain", "0")


def _theirs(oracle: Oracle, function: str, path: str) -> Any:
    return oracle.call(f"shesha.bio.{function}", AnnotatedFile(path), "louvain", "0").value
