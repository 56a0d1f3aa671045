"""``fastshesha score`` prints what the functions return, as strict JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fastshesha
from cli.command import run_command

RNG = np.random.default_rng(7)
EMBEDDINGS = RNG.standard_normal((40, 12))
OTHER = EMBEDDINGS + 0.5 * RNG.standard_normal((40, 12))
LABELS = np.repeat([3, 1, 2, 0], 10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("arrays")
    np.save(folder / "x.npy", EMBEDDINGS)
    np.save(folder / "single.npy", np.asfortranarray(EMBEDDINGS.astype(np.float32)))
    np.save(folder / "labels.npy", LABELS)
    np.save(folder / "words.npy", LABELS.astype(str))
    np.save(folder / "constant.npy", np.ones((10, 8)))
    np.savez(folder / "one.npz", embeddings=EMBEDDINGS, labels=LABELS)
    np.savez_compressed(folder / "two.npz", first=EMBEDDINGS, second=OTHER)
    with pytest.importorskip("h5py").File(folder / "rows.h5", "w") as file:
        file["x"], file["y"], file["labels"] = EMBEDDINGS, OTHER, LABELS
    return folder


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "x.npy --metric feature_split --seed 320",
            fastshesha.feature_split(EMBEDDINGS, seed=320),
        ),
        (
            "x.npy --metric feature_split --seed 1 --n-splits 4 --distance correlation "
            "--max-samples 20 --nan-policy omit --threads 2",
            fastshesha.feature_split(
                EMBEDDINGS, 4, "correlation", seed=1, max_samples=20, nan_policy="omit"
            ),
        ),
        (
            "x.npy --metric feature_split --seed 1 --max-samples none",
            fastshesha.feature_split(EMBEDDINGS, seed=1, max_samples=None),
        ),
        (
            "one.npz --labels one.npz --metric supervised_alignment --seed 2 --max-samples 30",
            fastshesha.supervised_alignment(EMBEDDINGS, LABELS, seed=2, max_samples=30),
        ),
        (
            "one.npz:embeddings --labels one.npz:labels --metric variance_ratio",
            fastshesha.variance_ratio(EMBEDDINGS, LABELS),
        ),
        (
            "one.npz --labels one.npz --metric class_separation_ratio --distance cosine --seed 2",
            fastshesha.class_separation_ratio(EMBEDDINGS, LABELS, metric="cosine", seed=2),
        ),
        (
            "x.npy --labels labels.npy --metric class_separation_ratio --seed 2 --max-pairs 400",
            fastshesha.class_separation_ratio(EMBEDDINGS, LABELS, seed=2, max_pairs=400),
        ),
        (
            "rows.h5:x --labels rows.h5:labels --metric variance_ratio",
            fastshesha.variance_ratio(EMBEDDINGS, LABELS),
        ),
        (
            "two.npz:first --other two.npz:second --metric rdm_similarity",
            fastshesha.rdm_similarity(EMBEDDINGS, OTHER),
        ),
        (
            "x.npy --other two.npz:second --metric rdm_drift --method pearson --distance euclidean",
            fastshesha.rdm_drift(EMBEDDINGS, OTHER, "pearson", "euclidean"),
        ),
    ],
)
def test_the_value_is_that_of_the_function(folder: Path, words: str, expected: float) -> None:
    finished = run_command("score", *words.split(), folder=folder)
    assert (finished.code, finished.stderr) == (0, "")
    assert finished.document["value"] == expected


def test_the_document_says_what_was_computed_of_what(folder: Path) -> None:
    words = "one.npz --labels labels.npy --metric supervised_alignment --seed 5"
    assert run_command("score", *words.split(), folder=folder).document == {
        "metric": "supervised_alignment",
        "file": "one.npz",
        "member": "embeddings",
        "shape": [40, 12],
        "dtype": "float64",
        "labels": {"file": "labels.npy", "member": None, "shape": [40], "dtype": "int64"},
        "value": fastshesha.supervised_alignment(EMBEDDINGS, LABELS, seed=5),
        "options": {
            "distance": "correlation",
            "max_samples": 300,
            "max_pairs": None,
            "n_bootstrap_ci": None,
            "ci": 0.95,
            "seed": 5,
        },
        "version": fastshesha.__version__,
    }


def test_element_type_and_layout_are_read_as_they_lie(folder: Path) -> None:
    document = run_command(
        "score", "single.npy", "--metric", "feature_split", "--seed", 3, folder=folder
    ).document
    single = np.asfortranarray(EMBEDDINGS.astype(np.float32))
    assert document["dtype"] == "float32"
    assert document["value"] == fastshesha.feature_split(single, seed=3)


def test_labels_may_be_words(folder: Path) -> None:
    words = "x.npy --labels words.npy --metric variance_ratio"
    document = run_command("score", *words.split(), folder=folder).document
    assert document["value"] == fastshesha.variance_ratio(EMBEDDINGS, LABELS)


def test_a_bootstrap_adds_the_interval_of_the_data(folder: Path) -> None:
    words = "x.npy --metric feature_split --n-splits 5 --seed 9 --n-bootstrap-ci 12 --ci 0.8"
    document = run_command("score", *words.split(), folder=folder).document
    result: Any = fastshesha.feature_split(
        EMBEDDINGS, n_splits=5, seed=9, n_bootstrap_ci=12, ci=0.8, return_type="result"
    )
    assert document["value"] == result.estimate
    assert document["interval"] == {
        "low": result.data_ci_low,
        "high": result.data_ci_high,
        "level": 0.8,
        "n_bootstraps": 12,
    }


def test_a_sample_of_pairs_tells_its_error(folder: Path) -> None:
    words = "rows.h5:x --other rows.h5:y --metric rdm_similarity --seed 3 --max-pairs 4e2 --ci 0.9"
    document = run_command("score", *words.split(), folder=folder).document
    result: Any = fastshesha.rdm_similarity(
        EMBEDDINGS, OTHER, seed=3, max_pairs=400, ci=0.9, return_type="result"
    )
    assert document["value"] == result.estimate
    assert document["pairs"]["pair_se"] == result.metadata["pair_se"]
    assert document["pairs"]["pair_ci_low"] == result.metadata["pair_ci_low"]
    assert document["options"]["max_pairs"] == 400


def test_an_undefined_value_is_null_and_explained_on_stderr(folder: Path) -> None:
    words = "constant.npy --metric feature_split --n-splits 3 --n-bootstrap-ci 2"
    finished = run_command("score", *words.split(), folder=folder)
    assert finished.code == 0
    assert finished.document["value"] is None
    assert finished.document["interval"]["low"] is None
    assert "3 of 3" in finished.stderr
    assert all(line.startswith("fastshesha: warning: ") for line in finished.stderr.splitlines())


def test_warnings_of_the_library_become_notes(tmp_path: Path) -> None:
    with_zero_row = EMBEDDINGS.copy()
    with_zero_row[4] = 0
    np.save(tmp_path / "zero.npy", with_zero_row)
    words = "zero.npy --metric feature_split --n-splits 2 --seed 0 --nan-policy omit"
    finished = run_command("score", *words.split(), folder=tmp_path)
    assert finished.code == 0
    assert isinstance(finished.document["value"], float)
    assert finished.stderr.startswith("fastshesha: warning: ")
    assert "Warning:" not in finished.stderr
