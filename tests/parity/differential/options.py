"""Random options of every mirrored function, valid and not, in the order of its signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .functions import FUNCTIONS

Generator = np.random.Generator
Draw = Callable[[Generator], Any]


def _one_of(*values: Any) -> Draw:
    return lambda rng: values[int(rng.integers(len(values)))]


def _draw_seed(rng: Generator) -> Any:
    seed = int(rng.integers(2**32))
    kinds = (seed, seed, seed, seed, seed, np.int64(seed), [seed, 3], np.random.SeedSequence(seed))
    return kinds[int(rng.integers(len(kinds)))]


FRACTIONS = (0.2, 0.4, 0.5, 0.8, 1.0, 1, np.float32(0.5), np.float64(0.3))
SWITCH = (True, False, np.True_, 0)
VALID: dict[str, Draw] = {
    "n_splits": _one_of(1, 2, 3, 5, 8, np.int64(4)),
    "seed": _draw_seed,
    "max_samples": _one_of(2, 5, 9, 20, np.int32(7), None, 1600),
    "n_bootstrap_ci": _one_of(1, 2, 4, np.int64(3)),
    "ci": _one_of(0.5, 0.9, 0.99, np.float32(0.8)),
    "return_all_splits": _one_of(True, False),
    "nan_policy": _one_of("raise", "omit", "propagate", "replace"),
    "return_type": _one_of("float", "result", "result"),
    "target_mc_se": _one_of(0.02, 0.1, 1, 1e-9, np.float64(0.05)),
    "max_splits": _one_of(2, 8, 12, np.int64(9)),
    "normalize": _one_of(True, False),
    "method": _one_of("spearman", "pearson"),
    "metric": _one_of("cosine", "correlation", "euclidean"),
    "subsample_fraction": _one_of(*FRACTIONS),
    "rank_normalize": _one_of(*SWITCH),
    "n_bootstrap": _one_of(1, 2, 5, np.int64(7)),
    "subsample_frac": _one_of(*FRACTIONS),
    "debiased": _one_of(*SWITCH),
    "center": _one_of(*SWITCH),
    "scale": _one_of(*SWITCH),
    "k": _one_of(1, 3, 5, np.int64(8), 50),
    "regularization": _one_of(1e-6, 1e-3, 1, np.float32(0.25), np.float64(2.0)),
    "control_label": _one_of("control"),
    "layer": _one_of("counts"),
    "random_state": _one_of(0, 7, 320, np.int64(11)),
    "min_cells": _one_of(2, 4, 10, np.int64(6)),
    "n_bins": _one_of(1, 2, 3, 4, np.int64(2)),
    "coherence_col": _one_of("Sp", "other"),
    "repro_col": _one_of("split_half_cosine"),
    "magnitude_col": _one_of("Mp"),
    "loess_frac": _one_of(0.3, 0.5, 0.9, 1.0),
}
COUNTS = (0, -1, 2.5, 3.0, True, "3", np.float64(2.0), [4])
NO_FRACTION = (0.0, -0.5, 1.5, np.nan, True, "0.5", "half", None, [0.5])
NO_SWITCH: tuple[Any, ...] = ("no", None, 1, [])
COLUMN = ("absent", None, 3)
INVALID: dict[str, tuple[Any, ...]] = {
    "n_splits": (*COUNTS, None),
    "seed": (-1, 1.5, "seven", {}),
    "max_samples": (*COUNTS, None),
    "n_bootstrap_ci": COUNTS,
    "ci": (0.0, 1.0, 1.5, -0.1, np.nan, True, "0.9", "high", None, [0.9]),
    "return_all_splits": ("no", 1, None),
    "nan_policy": ("drop", "RAISE", None, 1, ["omit"]),
    "return_type": ("dict", None, "Result", 1),
    "target_mc_se": (0.0, -0.1, np.nan, np.inf, True, "0.1", "small", [0.1]),
    "max_splits": (*COUNTS, 10**4),
    "normalize": ("no", None, 0),
    "method": ("kendall", None, "Pearson", 1, ["knn"]),
    "metric": ("hamming", "Cosine", "euclidean", "correlation", "cohen", None, 1, ["cosine"]),
    "variant": ("anchors", None, 1),
    "subsample_fraction": NO_FRACTION,
    "n_anchors": (*COUNTS, None),
    "n_per_split": (*COUNTS, None),
    "rank_normalize": NO_SWITCH,
    "n_bootstrap": (*COUNTS, None),
    "subsample_frac": NO_FRACTION,
    "debiased": NO_SWITCH,
    "center": NO_SWITCH,
    "scale": NO_SWITCH,
    "k": (*COUNTS, None),
    "regularization": (0.0, -1.0, np.nan, np.inf, True, "0.1", "small", None, [0.1]),
    "control_label": ("NT", None, 0),
    "layer": ("absent", "", 0),
    "random_state": (-3, 1.5, "7", None, [1]),
    "min_cells": (0, 1, -1, 2.5, "3", None),
    "n_bins": (0, -1, 2.5, 50, "2", None),
    "coherence_col": COLUMN,
    "repro_col": COLUMN,
    "magnitude_col": COLUMN,
    "loess_frac": (0.0, -0.5, 1.5, np.nan, "0.3", None, 0.01),
    "ids": (),
}


def draw_options(rng: Generator, name: str) -> tuple[dict[str, Any], set[str]]:
    """Options of a function, one of them wrong in one case out of ten.

    The option "ids" is none: the replicates draw their identifiers themselves.
    """
    function = FUNCTIONS[name]
    shares = {option: share for option, share in function.options.items() if option != "ids"}
    choices = {option: _one_of(*values) for option, values in function.choices.items()}
    drawers = {**VALID, **choices}
    options = {option: drawers[option](rng) for option in shares if rng.random() < shares[option]}
    if rng.random() > 0.1:
        return options, _traits(options)
    wrong = list(shares)[int(rng.integers(len(shares)))]
    options[wrong] = _one_of(*INVALID[wrong])(rng)
    ordered = {option: options[option] for option in shares if option in options}
    return ordered, {f"odd={wrong}:{options[wrong]!r}"} | _traits(options)


def _traits(options: dict[str, Any]) -> set[str]:
    told = ("method", "metric", "n_bootstrap_ci", "return_type")
    return {f"{name}={options[name]}" for name in told if name in options}


def leading_options(name: str, options: dict[str, Any]) -> tuple[Any, ...]:
    """The values that can be given by position: those of an unbroken start of the signature."""
    function = FUNCTIONS[name]
    values: list[Any] = []
    for option in list(function.options)[: function.positional]:
        if option not in options:
            break
        values.append(options[option])
    return tuple(values)
