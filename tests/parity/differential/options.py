"""Random options of every mirrored function, valid and not, in the order of its signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Generator = np.random.Generator
Draw = Callable[[Generator], Any]


def _one_of(*values: Any) -> Draw:
    return lambda rng: values[int(rng.integers(len(values)))]


def _draw_seed(rng: Generator) -> Any:
    seed = int(rng.integers(2**32))
    kinds = (seed, seed, seed, seed, seed, np.int64(seed), [seed, 3], np.random.SeedSequence(seed))
    return kinds[int(rng.integers(len(kinds)))]


POLICIES = ("raise", "omit", "propagate", "replace")
VALID: dict[str, Draw] = {
    "n_splits": _one_of(1, 2, 3, 5, 8, np.int64(4)),
    "seed": _draw_seed,
    "max_samples": _one_of(2, 5, 9, 20, np.int32(7), 1600),
    "n_bootstrap_ci": _one_of(1, 2, 4, np.int64(3)),
    "ci": _one_of(0.5, 0.9, 0.99, np.float32(0.8)),
    "return_all_splits": _one_of(True, False),
    "nan_policy": _one_of(*POLICIES),
    "return_type": _one_of("float", "result", "result"),
    "target_mc_se": _one_of(0.02, 0.1, 1, 1e-9, np.float64(0.05)),
    "max_splits": _one_of(2, 8, 12, np.int64(9)),
    "normalize": _one_of(True, False),
    "method": _one_of("spearman", "pearson"),
}
COUNTS = (0, -1, 2.5, 3.0, True, "3", np.float64(2.0), [4])
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
    "method": ("kendall", None, "Pearson"),
    "metric": ("hamming", "Cosine", "euclidean", "correlation", None, 1, ["cosine"]),
    "variant": ("anchors", None, 1),
}
HALVES = ("cosine", "correlation")
METRICS = ("cosine", "correlation", "euclidean")
BOOTSTRAP = {"n_bootstrap_ci": 0.25, "ci": 0.3}

# Option -> how often it is given; the order is that of the signature.
FEATURE_SPLIT = {
    "n_splits": 0.97, "metric": 0.6, "seed": 1.0, "max_samples": 0.4, "n_bootstrap_ci": 0.15,
    "ci": 0.2, "return_all_splits": 0.2, "nan_policy": 0.6, "return_type": 0.4,
    "target_mc_se": 0.15, "max_splits": 0.08,
}  # fmt: skip
ALIGNMENT = {"metric": 0.5, "seed": 1.0, "max_samples": 0.4, **BOOTSTRAP, "return_type": 0.4}
VARIANCE = {**BOOTSTRAP, "seed": 1.0, "return_type": 0.4}
RDM = {**BOOTSTRAP, "seed": 1.0, "nan_policy": 0.6, "return_type": 0.4}
SIGNATURES: dict[str, dict[str, float]] = {
    "feature_split": FEATURE_SPLIT,
    "supervised_alignment": ALIGNMENT,
    "variance_ratio": VARIANCE,
    "rdm_similarity": {"method": 0.5, "metric": 0.7, **RDM},
    "rdm_drift": {"method": 0.5, "metric": 0.7, **RDM},
    "sim.rdm_similarity": {"metric": 0.7, "method": 0.5, **RDM},
    "compute_rdm": {"metric": 0.8, "normalize": 0.4, "nan_policy": 0.6},
}


def draw_options(rng: Generator, function: str) -> tuple[dict[str, Any], set[str]]:
    """Options of ``function``, one of them wrong in one case out of ten."""
    signature = SIGNATURES[function]
    metrics = HALVES if function in ("feature_split", "supervised_alignment") else METRICS
    drawers = {**VALID, "metric": _one_of(*metrics)}
    options = {name: drawers[name](rng) for name in signature if rng.random() < signature[name]}
    if rng.random() > 0.1:
        return options, set()
    name = list(signature)[int(rng.integers(len(signature)))]
    options[name] = _one_of(*INVALID[name])(rng)
    ordered = {key: options[key] for key in signature if key in options}
    return ordered, {f"odd={name}:{options[name]!r}"}


def leading_options(function: str, options: dict[str, Any]) -> tuple[Any, ...]:
    """The values that can be given by position: those of an unbroken start of the signature."""
    values = []
    for name in SIGNATURES[function]:
        if name not in options:
            break
        values.append(options[name])
    return tuple(values)
