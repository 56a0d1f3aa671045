"""Which cells a screen takes for controls and perturbations, and what it says of bad input."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fastshesha import bio
from fastshesha._plan import label_seed

pandas = pytest.importorskip("pandas")

CELLS = np.random.default_rng(3).standard_normal((40, 6))
LABELS = np.array(["z", "control", "a", "control"] * 10, dtype=object)


def screen(labels: Any, cells: Any = CELLS, **layers: Any) -> Any:
    frame = pandas.DataFrame({"p": labels, "other": 1})
    return SimpleNamespace(X=cells, layers=layers, obs=frame)


def test_perturbations_come_in_the_order_of_appearance() -> None:
    categories = pandas.Categorical(LABELS, categories=["unused", "a", "control", "z"])
    for labels in (LABELS, categories, pandas.array(LABELS, dtype="string")):
        assert list(bio.compute_magnitude(screen(labels), "p")) == ["z", "a"]


@pytest.mark.parametrize("missing", [None, math.nan, pandas.NA, pandas.NaT])
def test_missing_labels_are_an_entry_without_cells(missing: Any) -> None:
    labels = np.where(LABELS == "a", missing, LABELS)
    scores = bio.compute_coherence(screen(labels), "p")
    assert len(scores) == 2
    assert np.isfinite(scores["z"])
    assert math.isnan(list(scores.values())[1])
    with pytest.warns(RuntimeWarning, match="1 perturbations have fewer than 1 cells"):
        bio.compute_magnitude(screen(labels), "p")


def test_labels_of_other_types_are_compared_as_they_are() -> None:
    codes = np.array([2, 0, 1, 0] * 10)
    expected = list(bio.compute_magnitude(screen(LABELS), "p").values())
    for labels in (codes, codes.astype(float), pandas.Categorical(codes), codes.astype(str)):
        control_label = "0" if labels.dtype.kind == "U" else 0
        found = bio.compute_magnitude(screen(labels), "p", control_label)
        assert list(map(int, found)) == [2, 1]
        assert list(found.values()) == expected


@pytest.mark.parametrize(
    "function",
    [
        bio.compute_coherence,
        bio.compute_magnitude,
        lambda adata, key, label: bio.split_half_reproducibility(
            adata, key, label, min_cells=5
        ).split_half_cosine.to_dict(),
    ],
)
def test_no_controls_are_one_warning_and_no_scores(function: Callable[..., Any]) -> None:
    with pytest.warns(RuntimeWarning) as caught:
        scores = function(screen(LABELS), "p", "NT")
    assert [str(warning.message) for warning in caught] == [
        "no cell has control_label='NT' in adata.obs['p'], so all scores are NaN"
    ]
    assert caught[0].filename == __file__
    assert sorted(scores) == ["a", "control", "z"]
    assert all(map(math.isnan, scores.values()))


def test_only_controls_are_no_scores() -> None:
    adata = screen(["control"] * 40)
    assert bio.compute_coherence(adata, "p") == {} == bio.compute_magnitude(adata, "p")
    assert len(bio.split_half_reproducibility(adata, "p")) == 0


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: bio.compute_coherence(CELLS, "p"), ImportError, "got a ndarray; anndata comes"),
        (lambda: bio.compute_magnitude(None, "p"), ImportError, r"'fastshesha\[bio\]'"),
        (lambda: bio.split_half_reproducibility(7), ImportError, "adata must be an AnnData"),
        (
            lambda: bio.compute_magnitude(screen(LABELS), "q"),
            KeyError,
            "a column of adata.obs, 'p', 'other'; got 'q'",
        ),
        (
            lambda: bio.compute_magnitude(screen(LABELS, counts=CELLS), "p", layer="raw"),
            KeyError,
            "layer must be one of 'counts'; got 'raw'",
        ),
        (lambda: bio.compute_magnitude(screen(LABELS, None), "p"), ValueError, "adata.X .* None"),
        (lambda: bio.compute_magnitude(screen(LABELS), "p", metric="l1"), ValueError, "metric"),
        (lambda: bio.compute_coherence(screen(LABELS), "p", k=0), ValueError, "k must be"),
        (lambda: bio.compute_coherence(screen(LABELS), "p", ci=2), ValueError, "ci must be"),
        (
            lambda: bio.compute_coherence(screen(LABELS), "p", n=3),
            TypeError,
            "unexpected keywords 'n'; it passes on 'metric'",
        ),
        (
            lambda: bio.split_half_reproducibility(screen(LABELS), "p", n_splits=0),
            ValueError,
            "n_splits must be an integer >= 1, got 0",
        ),
        (
            lambda: bio.split_half_reproducibility(
                screen(LABELS), "p", random_state=None, min_cells=5
            ),
            TypeError,
            "random_state must be an integer, got None",
        ),
    ],
)
def test_messages_name_what_is_accepted(
    call: Callable[[], Any], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        call()


def test_values_that_are_not_finite_are_found_among_cells_that_are_not_drawn() -> None:
    labels = np.repeat(["control", "a", "b"], [10, 5, 25])
    for row, whose in ((3, "the controls"), (12, "a"), (39, "b")):
        cells = CELLS.copy()
        cells[row, 4] = np.inf
        with pytest.raises(ValueError, match=rf"rows of '{whose}', must .* got inf at"):
            bio.compute_coherence(screen(labels, cells), "p", max_samples=2, seed=0)
        assert not np.isfinite(bio.compute_magnitude(screen(labels, cells), "p")["b"]) or row == 12


def test_split_half_is_computed_in_the_type_of_the_matrix() -> None:
    cells = (CELLS + 0.5).astype(np.float32)
    table = bio.split_half_reproducibility(screen(LABELS, cells), "p", n_splits=3, min_cells=10)
    assert table.index.name == "perturbation"
    assert list(table.index) == ["a", "z"]
    assert dict(table.dtypes.astype(str)) == {"split_half_cosine": "float64", "n_cells": "int64"}
    shifts = cells[LABELS == "a"] - cells[LABELS == "control"].mean(axis=0)
    rng = np.random.default_rng(label_seed("a", 320))
    cosines = []
    for _ in range(3):
        rows = rng.permutation(10)
        a, b = shifts[rows[:5]].mean(axis=0), shifts[rows[5:]].mean(axis=0)
        cosines.append(float(np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b))))
    assert table.split_half_cosine["a"] == np.mean(cosines)


def test_split_half_takes_labels_as_strings() -> None:
    codes = np.array([2, 0, 1, 0] * 10)
    table = bio.split_half_reproducibility(screen(codes), "p", 0, min_cells=10)
    assert list(table.index) == ["1", "2"]
    pandas.testing.assert_frame_equal(
        table, bio.split_half_reproducibility(screen(codes), "p", "0", min_cells=10)
    )


def test_split_half_leaves_small_groups_out_and_names_missing_labels() -> None:
    labels = LABELS.copy()
    labels[:12] = math.nan
    table = bio.split_half_reproducibility(screen(labels), "p", min_cells=8)
    assert list(table.index) == ["nan"]
    assert table.n_cells["nan"] == 12


def test_a_single_cell_has_no_halves() -> None:
    labels = LABELS.copy()
    labels[0] = "alone"
    with pytest.warns(RuntimeWarning, match="1 perturbations have a single cell"):
        table = bio.split_half_reproducibility(screen(labels), "p", min_cells=1)
    assert math.isnan(table.split_half_cosine["alone"])


def test_seeds_of_labels_are_those_of_the_original() -> None:
    assert label_seed("gene_strong", 42) == 30624
    assert label_seed(7, 42) == 89675
