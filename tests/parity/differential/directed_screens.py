"""Directed calls of the functions on populations, screens and tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

Generator = np.random.Generator
Call = tuple[str, tuple[Any, ...], dict[str, Any], set[str]]

COHERENCE = "bio.perturbation_coherence"
EFFECT = "bio.perturbation_effect_size"
COMPARISON = "bio.magnitude_matched_comparison"
HALVES = "bio.split_half_reproducibility"


def _populations(rng: Generator, n: int = 30, d: int = 4) -> tuple[Any, Any]:
    return rng.standard_normal((n, d)), rng.standard_normal((n, d)) + 0.5


def _screen(rng: Generator, labels: Any = None, d: int = 4) -> Any:
    from anndata import AnnData

    names = [f"cell {row}" for row in range(40)]
    labels = np.array(["control", "KLF1"])[np.arange(40) % 2] if labels is None else labels
    obs = pd.DataFrame({"perturbation": labels}, index=names)
    return AnnData(rng.standard_normal((40, d)), obs=obs)


def _table(rng: Generator, n: int) -> Any:
    columns = {"Sp": rng.random(n), "Mp": rng.random(n), "split_half_cosine": rng.random(n)}
    return pd.DataFrame(columns)


def _coherence_of_many(rng: Generator) -> Call:
    return COHERENCE, _populations(rng, 1100), {"seed": 320}, set()


def _neighbours_by_default(rng: Generator) -> Call:
    return f"{COHERENCE}_knn", _populations(rng, 150), {"seed": 320}, set()


def _one_whitened_feature(rng: Generator) -> Call:
    return f"{COHERENCE}_whitened", _populations(rng, d=1), {"seed": 1}, {"n_features=1"}


def _whitened_screen_of_one_feature(rng: Generator) -> Call:
    arguments = (_screen(rng, d=1), "perturbation")
    return "bio.compute_coherence_whitened", arguments, {"seed": 1}, {"n_features=1"}


def _regularization_as_text(rng: Generator) -> Call:
    options = {"regularization": "0.1"}
    traits = {"odd=regularization:'0.1'"}
    return f"{COHERENCE}_whitened", _populations(rng), options, traits


def _limit_of_a_result_as_text(rng: Generator) -> Call:
    options = {"max_samples": "3", "return_type": "result"}
    return COHERENCE, _populations(rng), options, {"odd=max_samples:'3'"}


def _no_perturbed_matrix(rng: Generator) -> Call:
    options = {"return_type": "result"}
    return COHERENCE, (_populations(rng)[0], None), options, {"X=none"}


def _effect_of_different_features(rng: Generator) -> Call:
    X, Y = _populations(rng)
    return EFFECT, (X, Y[:, :1]), {}, {"features=differ"}


def _effect_of_three_dimensions(rng: Generator) -> Call:
    X, Y = _populations(rng)
    return EFFECT, (X[:, :, np.newaxis], Y), {}, {"X=three_dimensions"}


def _effect_without_a_replicate(rng: Generator) -> Call:
    return EFFECT, _populations(rng), {"n_bootstrap_ci": 0}, {"odd=n_bootstrap_ci:0"}


def _no_cell_is_a_control(rng: Generator) -> Call:
    options = {"control_label": "NT", "seed": 1}
    arguments = (_screen(rng), "perturbation")
    return "bio.compute_coherence", arguments, options, {"odd=control_label:'NT'"}


def _integer_control(rng: Generator) -> Call:
    options = {"control_label": 0, "min_cells": 4, "n_splits": 2}
    screen = _screen(rng, np.arange(40) % 3)
    return HALVES, (screen, "perturbation"), options, {"labels=integers"}


def _no_control_and_few_cells(rng: Generator) -> Call:
    options = {"control_label": "NT"}
    return HALVES, (_screen(rng), "perturbation"), options, {"labels=text"}


def _wrong_option_without_a_screen(rng: Generator) -> Call:
    traits = {"X=no_screen", "odd=max_samples:0"}
    return "bio.compute_coherence", (None, "gene"), {"max_samples": 0}, traits


def _wrong_option_without_a_perturbation(rng: Generator) -> Call:
    arguments = (_screen(rng, ["control"] * 40), "perturbation")
    return "bio.compute_coherence", arguments, {"k": 0}, {"labels=only_control", "odd=k:0"}


def _no_split_of_halves(rng: Generator) -> Call:
    options = {"n_splits": 0, "min_cells": 4}
    return HALVES, (_screen(rng), "perturbation"), options, {"odd=n_splits:0"}


def _splits_of_halves_as_text(rng: Generator) -> Call:
    options = {"n_splits": "3", "min_cells": 4}
    return HALVES, (_screen(rng), "perturbation"), options, {"odd=n_splits:'3'"}


def _no_table(rng: Generator) -> Call:
    return "bio.discordance", (_table(rng, 20).to_numpy(),), {}, {"table=no_table"}


def _comparison_at_its_minimum(rng: Generator) -> Call:
    return COMPARISON, (_table(rng, 16),), {}, {"table=plain"}


def _comparison_of_tied_magnitudes(rng: Generator) -> Call:
    table = _table(rng, 40)
    table["Mp"] = np.minimum(np.arange(40) % 20, 12)
    return COMPARISON, (table,), {}, {"table=tied_magnitudes"}


def _comparison_of_negative_bins(rng: Generator) -> Call:
    return COMPARISON, (_table(rng, 40),), {"n_bins": -1}, {"odd=n_bins:-1"}


SCREENS: tuple[Callable[[Generator], Call], ...] = (
    _coherence_of_many,
    _neighbours_by_default,
    _one_whitened_feature,
    _whitened_screen_of_one_feature,
    _regularization_as_text,
    _limit_of_a_result_as_text,
    _no_perturbed_matrix,
    _effect_of_different_features,
    _effect_of_three_dimensions,
    _effect_without_a_replicate,
    _no_cell_is_a_control,
    _integer_control,
    _no_control_and_few_cells,
    _wrong_option_without_a_screen,
    _wrong_option_without_a_perturbation,
    _no_split_of_halves,
    _splits_of_halves_as_text,
    _no_table,
    _comparison_at_its_minimum,
    _comparison_of_tied_magnitudes,
    _comparison_of_negative_bins,
)
