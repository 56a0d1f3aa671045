"""The calls whose instructions have a budget; run under callgrind by instruction_budget.py.

    python tools/budgeted_calls.py LIBRARY

LIBRARY is callgrind_requests.cpp, compiled. Every call is made once to load what it needs, and
once more to be counted: its counts are written under its name.
"""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable

import numpy as np

import fastshesha

_N_SAMPLES, _N_FEATURES, _SEED = 240, 64, 320


def calls() -> dict[str, Callable[[], object]]:
    """A call or more of every kernel, on inputs that never change."""
    rng = np.random.default_rng(0)
    X, Y = rng.standard_normal((2, _N_SAMPLES, _N_FEATURES))
    ties = (rng.random((_N_SAMPLES, _N_FEATURES)) < 0.3).astype(np.float64)
    repeated = X[np.arange(_N_SAMPLES) % 40]
    y = np.arange(_N_SAMPLES) % 2
    split = functools.partial(fastshesha.feature_split, seed=_SEED)
    compare = functools.partial(fastshesha.rdm_similarity, X, Y, seed=_SEED)
    return {
        "compute_rdm, cosine": lambda: fastshesha.compute_rdm(X, metric="cosine"),
        "compute_rdm, correlation": lambda: fastshesha.compute_rdm(X, metric="correlation"),
        "compute_rdm, euclidean": lambda: fastshesha.compute_rdm(X, metric="euclidean"),
        "feature_split, 6 splits": lambda: split(X, n_splits=6),
        "feature_split, one split": lambda: split(X, n_splits=1),
        "feature_split, correlation": lambda: split(X, n_splits=2, metric="correlation"),
        "feature_split, ties": lambda: split(ties, n_splits=2),
        "feature_split, repeated rows": lambda: split(repeated, n_splits=6),
        "feature_split, float32": lambda: split(X.astype(np.float32), n_splits=6),
        "feature_split, replicates": lambda: split(X, n_splits=1, n_bootstrap_ci=32),
        "rdm_similarity, spearman": lambda: compare(method="spearman"),
        "rdm_similarity, pearson": lambda: compare(method="pearson"),
        "rdm_similarity, spearman replicates": lambda: compare(n_bootstrap_ci=32),
        "rdm_similarity, pearson replicates": lambda: compare(method="pearson", n_bootstrap_ci=32),
        "supervised_alignment": lambda: fastshesha.supervised_alignment(X, y, seed=_SEED),
        "variance_ratio": lambda: fastshesha.variance_ratio(X, y),
        "class_separation_ratio": lambda: fastshesha.class_separation_ratio(X, y, seed=_SEED),
        "lda_stability": lambda: fastshesha.lda_stability(X, y, seed=_SEED),
        "cka_debiased": lambda: fastshesha.sim.cka_debiased(X, Y),
        "perturbation_coherence_knn": lambda: fastshesha.bio.perturbation_coherence_knn(X, Y),
    }


def main(library: str) -> None:
    callgrind = ctypes.CDLL(library)
    budgeted = calls()
    for call in budgeted.values():
        call()
    callgrind.start_counting()
    for name, call in budgeted.items():
        callgrind.forget_counts()
        call()
        callgrind.write_counts(name.encode())
    callgrind.stop_counting()


if __name__ == "__main__":
    main(sys.argv[1])
