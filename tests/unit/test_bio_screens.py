"""Scores of every perturbation: the same from every storage, in the order of the labels."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import bio
from fastshesha._bio import row_blocks, row_groups

anndata = pytest.importorskip("anndata")
pandas = pytest.importorskip("pandas")
sparse = pytest.importorskip("scipy.sparse")

NAMES = ("control", "b", "a", "few")
SIZES = (90, 70, 40, 3)
N_FEATURES = 12
STORAGES: dict[str, Callable[[Any], Any]] = {
    "dense": lambda X: X,
    "fortran": np.asfortranarray,
    "csr": sparse.csr_matrix,
    "csc": sparse.csc_matrix,
    "csr_array": sparse.csr_array,
    "float32": lambda X: X.astype(np.float32),
    "integers": lambda X: X.astype(np.int64),
}
SCORES: dict[str, tuple[Callable[..., Any], Callable[[Any, Any], Any]]] = {
    "standard": (bio.compute_coherence, bio.perturbation_coherence),
    "whitened": (
        lambda adata, key: bio.compute_coherence_whitened(adata, key, max_samples=50, seed=4),
        lambda c, p: bio.perturbation_coherence_whitened(c, p, max_samples=50, seed=4),
    ),
    "knn": (
        lambda adata, key: bio.compute_coherence_knn(adata, key, k=7),
        lambda c, p: bio.perturbation_coherence_knn(c, p, k=7),
    ),
    "bootstrap": (
        lambda adata, key: bio.compute_coherence(adata, key, n_bootstrap_ci=3, seed=5),
        lambda c, p: bio.perturbation_coherence(c, p, n_bootstrap_ci=3, seed=5),
    ),
    "result": (
        lambda adata, key: bio.compute_coherence(
            adata, key, method="whitened", return_type="result", max_samples=50, seed=6
        ),
        lambda c, p: bio.perturbation_coherence(
            c, p, method="whitened", return_type="result", max_samples=50, seed=6
        ),
    ),
    "magnitude": (bio.compute_magnitude, bio.perturbation_effect_size),
    "cohen": (
        lambda adata, key: bio.compute_magnitude(adata, key, metric="cohen"),
        lambda c, p: bio.perturbation_effect_size(c, p, metric="cohen"),
    ),
}


@pytest.fixture(scope="module")
def labels() -> Any:
    return np.random.default_rng(0).permutation(np.repeat(NAMES, SIZES))


@pytest.fixture(scope="module")
def counts(labels: Any) -> Any:
    rng = np.random.default_rng(1)
    rates = np.array([[1.0], [2.0], [3.0], [1.5]])[[NAMES.index(name) for name in labels]]
    return rng.poisson(rates * rng.gamma(1.0, size=N_FEATURES)).astype(np.float64)


def annotated(matrix: Any, labels: Any) -> Any:
    rows = [f"cell {row}" for row in range(len(labels))]
    return anndata.AnnData(matrix, obs=pandas.DataFrame({"p": labels}, index=rows))


@pytest.fixture(params=[*STORAGES, "view", "backed dense", "backed csr", "backed csc"])
def stored(request: pytest.FixtureRequest, counts: Any, labels: Any, tmp_path: Path) -> Any:
    """The same counts in every kind of storage."""
    name = request.param
    if name == "view":
        twice = annotated(np.repeat(counts, 2, axis=0), np.repeat(labels, 2))
        return twice[::2]
    if not name.startswith("backed"):
        return annotated(STORAGES[name](counts), labels)
    annotated(STORAGES[name.split()[1]](counts), labels).write_h5ad(tmp_path / "cells.h5ad")
    return anndata.read_h5ad(tmp_path / "cells.h5ad", backed="r")


@pytest.mark.parametrize("name", SCORES)
def test_every_storage_gives_the_score_of_the_arrays(
    stored: Any, counts: Any, labels: Any, name: str
) -> None:
    assert_score_of_the_arrays(stored, counts, labels, name)


def assert_score_of_the_arrays(stored: Any, counts: Any, labels: Any, name: str) -> None:
    screen, score = SCORES[name]
    control = counts[labels == "control"]
    expected = {p: score(control, counts[labels == p]) for p in dict.fromkeys(labels.tolist())}
    del expected["control"]
    found = screen(stored, "p")
    assert list(found) == list(expected)
    for perturbation, value in expected.items():
        assert_same(found[perturbation], value)


def assert_same(found: Any, expected: Any) -> None:
    assert type(found) is type(expected)
    if isinstance(expected, fastshesha.StabilityResult):
        found, expected = found.to_dict(), expected.to_dict()
        assert found.pop("metadata") == expected.pop("metadata")
        assert found.pop("component_scores") == expected.pop("component_scores")
        assert found.pop("warnings") == expected.pop("warnings")
    if isinstance(expected, dict):
        assert list(found) == list(expected)
        found, expected = list(found.values()), list(expected.values())
        found, expected = ([math.nan if v is None else v for v in vs] for vs in (found, expected))
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


@pytest.fixture
def tiny_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rows are a block, and a group a batch."""
    monkeypatch.setattr(row_blocks, "BYTES_PER_BLOCK", 8 * N_FEATURES * 7)
    monkeypatch.setattr(row_groups, "_BYTES_PER_BATCH", 1000)


@pytest.mark.parametrize("name", SCORES)
def test_blocks_do_not_show(
    stored: Any, counts: Any, labels: Any, name: str, tiny_blocks: None
) -> None:
    assert_score_of_the_arrays(stored, counts, labels, name)


@pytest.mark.parametrize("name", SCORES)
def test_the_number_of_threads_does_not_show(counts: Any, labels: Any, name: str) -> None:
    adata = annotated(sparse.csr_matrix(counts), labels)
    scores = []
    for threads in (1, 2, 7):
        with fastshesha.config(threads=threads):
            scores.append(SCORES[name][0](adata, "p"))
    assert repr(scores[0]) == repr(scores[1]) == repr(scores[2])


def test_a_generator_is_shared_by_the_perturbations_in_their_order(
    counts: Any, labels: Any
) -> None:
    adata = annotated(counts, labels)
    control = counts[labels == "control"]
    for keywords in ({"max_samples": 20}, {"n_bootstrap_ci": 3}):
        rng = np.random.default_rng(8)
        found = bio.compute_coherence(adata, "p", seed=np.random.default_rng(8), **keywords)
        for perturbation, score in found.items():
            group = counts[labels == perturbation]
            assert_same(score, bio.perturbation_coherence(control, group, seed=rng, **keywords))


def test_progress_is_told_from_none_to_all(counts: Any, labels: Any) -> None:
    told: list[tuple[int, int]] = []
    with fastshesha.config(progress=lambda done, total: told.append((done, total))):
        bio.compute_magnitude(annotated(counts, labels), "p")
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_progress_can_stop_the_call(counts: Any, labels: Any) -> None:
    def stop(done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), fastshesha.config(progress=stop):
        bio.compute_coherence(annotated(counts, labels), "p")


def test_anything_with_the_attributes_will_do(counts: Any, labels: Any) -> None:
    plain = SimpleNamespace(X=counts.tolist(), layers={"twice": 2 * counts}, obs={"p": labels})
    expected = bio.compute_magnitude(annotated(counts, labels), "p")
    assert bio.compute_magnitude(plain, "p") == pytest.approx(expected, rel=1e-12)
    doubled = {name: 2 * size for name, size in expected.items()}
    assert bio.compute_magnitude(plain, "p", layer="twice") == pytest.approx(doubled, rel=1e-12)
