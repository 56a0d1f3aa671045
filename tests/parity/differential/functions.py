"""The functions of the original's public interface: what they take, in the order they take it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Function:
    """How calls of one function are drawn.

    ``data`` names what it is called on (`arguments.DRAWERS`). ``options`` says how often each
    option is given; the order is that of the signature, and ``positional`` tells how many of
    them may be given by position. ``choices`` are values valid for this function only.
    ``needs_blas``: numbers hang on a product, solution or decomposition of matrices, whose last
    bits differ between kernels of the BLAS; their tolerance is measured (`spread`).
    """

    data: str
    options: dict[str, float]
    choices: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    positional: int | None = None
    needs_blas: bool = False


BOOTSTRAP = {"n_bootstrap_ci": 0.25, "ci": 0.3}
RESULT = {"return_type": 0.4}
HALVES = {"metric": ("cosine", "correlation")}
PLANAR = {"metric": ("cosine", "euclidean")}
RDM = {**BOOTSTRAP, "seed": 1.0, "nan_policy": 0.6, **RESULT}
SUBSAMPLED = {"n_bootstrap": 0.95, "subsample_frac": 0.6}
REPLICATES = {"ids": 0.4, "metric": 0.7, "method": 0.5, **RDM}
LIMITED = {"seed": 1.0, "max_samples": 0.4}
SCREEN = {"control_label": 0.5, "layer": 0.3}

CORE = {
    "feature_split": Function("batch", {
        "n_splits": 0.97, "metric": 0.6, "seed": 1.0, "max_samples": 0.4, "n_bootstrap_ci": 0.15,
        "ci": 0.2, "return_all_splits": 0.2, "nan_policy": 0.6, "return_type": 0.4,
        "target_mc_se": 0.15, "max_splits": 0.08,
    }, HALVES),
    "sample_split": Function("matrix", {
        "n_splits": 0.97, "subsample_fraction": 0.6, "metric": 0.6, **LIMITED, **BOOTSTRAP,
        "return_all_splits": 0.2, "nan_policy": 0.6,
    }, HALVES),
    "anchor_stability": Function("many_rows", {
        "n_splits": 0.97, "n_anchors": 0.8, "n_per_split": 0.8, "metric": 0.6,
        "rank_normalize": 0.4, **LIMITED, **BOOTSTRAP, "nan_policy": 0.6,
    }, {
        **PLANAR, "max_samples": (20, 45, None, 1500),
        "n_anchors": (1, 2, 3, 5, np.int64(10), 100), "n_per_split": (3, 4, 5, np.int64(6), 20),
    }),
    "variance_ratio": Function("labelled", {**BOOTSTRAP, "seed": 1.0, **RESULT}),
    "supervised_alignment": Function(
        "labelled", {"metric": 0.5, **LIMITED, **BOOTSTRAP, **RESULT},
        {**HALVES, "max_samples": (2, 5, 9, 20, 1600)},
    ),
    "class_separation_ratio": Function(
        "labelled", {**SUBSAMPLED, "metric": 0.6, "seed": 1.0, **BOOTSTRAP, **RESULT}, PLANAR
    ),
    "lda_stability": Function(
        "two_classes", {**SUBSAMPLED, "seed": 1.0, **BOOTSTRAP, **RESULT}, needs_blas=True
    ),
    "rdm_similarity": Function("paired", {"method": 0.5, "metric": 0.7, **RDM}),
    "rdm_drift": Function("paired", {"method": 0.5, "metric": 0.7, **RDM}),
    "compute_rdm": Function("matrix", {"metric": 0.8, "normalize": 0.4, "nan_policy": 0.6}),
    "replicate_stability": Function("paired", REPLICATES, positional=0),
    "anchor_profile_stability": Function("anchored", REPLICATES, positional=0),
}  # fmt: skip
SIM = {
    "sim.rdm_similarity": Function("paired", {"metric": 0.7, "method": 0.5, **RDM}),
    "sim.cka": Function(
        "paired", {"debiased": 0.6, **BOOTSTRAP, "seed": 1.0, **RESULT}, needs_blas=True
    ),
    "sim.cka_linear": Function("paired", {**BOOTSTRAP, "seed": 1.0, **RESULT}, needs_blas=True),
    "sim.cka_debiased": Function("paired", {**BOOTSTRAP, "seed": 1.0, **RESULT}, needs_blas=True),
    "sim.procrustes_similarity": Function(
        "same_shape", {"center": 0.4, "scale": 0.4, **BOOTSTRAP, "seed": 1.0, **RESULT},
        needs_blas=True,
    ),
}  # fmt: skip

METHODS = {**PLANAR, "method": ("standard", "whitened", "knn")}
MAGNITUDES = {"metric": ("euclidean", "cohen")}
COHERENCE = {
    "method": 0.7, "metric": 0.5, "k": 0.5, "regularization": 0.3, **LIMITED, **BOOTSTRAP, **RESULT,
}  # fmt: skip
BIO = {
    "bio.perturbation_coherence": Function("populations", COHERENCE, METHODS, needs_blas=True),
    "bio.perturbation_coherence_whitened": Function(
        "populations", {"regularization": 0.5, **LIMITED}, needs_blas=True
    ),
    "bio.perturbation_coherence_knn": Function(
        "populations", {"k": 0.7, "metric": 0.6, **LIMITED}, PLANAR, needs_blas=True
    ),
    "bio.perturbation_effect_size": Function(
        "populations", {"metric": 0.6, **BOOTSTRAP, "seed": 1.0, **RESULT}, MAGNITUDES
    ),
    "bio.compute_coherence": Function(
        "screen", {**SCREEN, **COHERENCE}, METHODS, positional=3, needs_blas=True
    ),
    "bio.compute_coherence_whitened": Function(
        "screen", {**SCREEN, "regularization": 0.5, **LIMITED}, needs_blas=True
    ),
    "bio.compute_coherence_knn": Function(
        "screen", {**SCREEN, "k": 0.7, "metric": 0.6, **LIMITED}, PLANAR, needs_blas=True
    ),
    "bio.compute_magnitude": Function(
        "screen", {"control_label": 0.5, "metric": 0.6, "layer": 0.3}, MAGNITUDES
    ),
    "bio.split_half_reproducibility": Function("screen", {
        "control_label": 0.5, "n_splits": 0.9, "random_state": 0.7, "min_cells": 0.9, "layer": 0.3,
    }, {"n_splits": (1, 2, 5, 20)}, needs_blas=True),
    "bio.magnitude_matched_comparison": Function("table", {
        "coherence_col": 0.3, "repro_col": 0.3, "magnitude_col": 0.3, "n_bins": 0.6,
    }),
    "bio.discordance": Function("table", {
        "coherence_col": 0.3, "magnitude_col": 0.3, "method": 0.8, "loess_frac": 0.4,
    }, {"method": ("linear", "rank", "loess")}, needs_blas=True),
}  # fmt: skip
FUNCTIONS: dict[str, Function] = {**CORE, **SIM, **BIO}
