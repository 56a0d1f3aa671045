"""What is kept of all pairs is refused where no memory holds it, whoever would keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import sim
from fastshesha._resources import pair_memory

N_SAMPLES = 300
N_PAIRS = N_SAMPLES * (N_SAMPLES - 1) // 2
RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((2, N_SAMPLES, 8))
LABELS = np.arange(N_SAMPLES) % 3
BOTH: dict[str, Any] = {"n_bootstrap_ci": 3, "return_type": "result", "seed": 1}

# Bytes that each call takes for every pair, as it says itself.
CALLS: dict[str, tuple[int, Callable[[], Any]]] = {
    "feature_split": (36, lambda: fastshesha.feature_split(X, n_splits=2, seed=1)),
    "its bootstrap": (250, lambda: fastshesha.feature_split(X, n_splits=2, **BOTH)),
    "rdm_similarity": (36, lambda: fastshesha.rdm_similarity(X, Y)),
    "pearson": (16, lambda: fastshesha.rdm_similarity(X, Y, method="pearson")),
    "a bootstrap": (160, lambda: fastshesha.rdm_drift(X, Y, n_bootstrap_ci=3, seed=1)),
    "replicates": (36, lambda: fastshesha.replicate_stability(X, Y, method="pearson", **BOTH)),
    "labels": (28, lambda: fastshesha.supervised_alignment(X, LABELS, seed=1)),
    "compute_rdm": (8, lambda: fastshesha.compute_rdm(X)),
    "many": (81, lambda: sim.pairwise_similarity([X, Y, X], measure="rdm")),
    "many pearson": (24, lambda: sim.pairwise_similarity([X], [X, Y], "rdm", method="pearson")),
    "compare_rdms": (68, lambda: sim.compare_rdms(X_RDM, Y_RDM)),
    "tau": (116, lambda: sim.compare_rdms(X_RDM, Y_RDM, "tau-a")),
}
X_RDM, Y_RDM = (fastshesha.compute_rdm(rows) for rows in (X, Y))


@pytest.mark.parametrize("name", CALLS)
def test_one_byte_less_than_needed_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    n_bytes, call = CALLS[name]
    monkeypatch.setattr(pair_memory, "_WORTH_ASKING", 1)
    monkeypatch.setattr(pair_memory, "memory_limit", lambda: n_bytes * N_PAIRS)
    call()
    monkeypatch.setattr(pair_memory, "memory_limit", lambda: n_bytes * N_PAIRS - 1)
    with pytest.raises(
        MemoryError, match=rf"{n_bytes * N_PAIRS} bytes \(0\.0 GiB\).* can be had; "
    ):
        call()


def test_many_matrices_can_be_streamed_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair_memory, "_WORTH_ASKING", 1)
    monkeypatch.setattr(pair_memory, "memory_limit", lambda: 16 * N_PAIRS)
    with pytest.raises(MemoryError, match=rf"use fewer .* config\(exact_pairs={N_PAIRS - 1}\) to"):
        sim.pairwise_similarity([X, Y], measure="rdm")
    with fastshesha.config(exact_pairs=N_PAIRS - 1):
        found = sim.pairwise_similarity([X, Y], measure="rdm")
        assert found[0, 1] == fastshesha.rdm_similarity(X, Y)


def test_small_calls_do_not_ask_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair_memory, "memory_limit", None)
    for _, call in CALLS.values():
        call()
