"""Scores that the original has not, against their definitions in plain numpy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

import fastshesha
from bench.data import Data, Matrix
from bench.micro.cases import pinned
from bench.micro.figures import ROUNDS, Figure, note
from bench.scenarios.metrics import LARGE
from fastshesha import sim, spectrum

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

SHAPE = f"{LARGE[0]}x{LARGE[1]}"


def matrices(data: Data) -> tuple[Matrix, Matrix]:
    """Those from which the original's numbers came."""
    X, Y = (np.load(data.matrix(LARGE, seed=seed)) for seed in range(2))
    return X, Y


def note_per_value(benchmark: BenchmarkFixture, n_matrices: int) -> None:
    per_second = 1e9 / (n_matrices * math.prod(LARGE))
    note(benchmark, lambda seconds: [Figure(per_second * seconds, "ns a value of the input")])


def unbiased_criterion(K: Matrix, L: Matrix) -> float:
    """Of kernels without their diagonals: Song et al., JMLR 2012, equation 5."""
    n = len(K)
    whole = K.sum() * L.sum() / ((n - 1) * (n - 2))
    return float((K * L).sum() + whole - 2 * (K.sum(axis=1) @ L.sum(axis=1)) / (n - 2))


def eigenvalues_of(X: Matrix) -> Matrix:
    """Those of the products of features, the largest first."""
    return np.asarray(np.linalg.eigvalsh(X.T @ X)[::-1], dtype=np.float64)


def plain_spectrum(X: Matrix) -> dict[str, float]:
    shares = np.sqrt(eigenvalues_of(X))
    shares = shares / shares.sum() + 1e-7
    eigenvalues = eigenvalues_of(X - X.mean(axis=0))
    slope, _ = np.polyfit(np.log(np.arange(1, len(eigenvalues) + 1)), np.log(eigenvalues), 1)
    variances, units = X.var(axis=0), X / np.linalg.norm(X, axis=1, keepdims=True)
    cosines = (units @ units.T)[np.triu_indices(len(X), k=1)]
    return {
        "effective_rank": float(np.exp(-(shares * np.log(shares)).sum())),
        "participation_ratio": float(eigenvalues.sum() ** 2 / (eigenvalues**2).sum()),
        "feature_participation_ratio": float(variances.sum() ** 2 / (variances**2).sum()),
        "normalised_spread": float(units.std(axis=0, ddof=1).mean() * math.sqrt(X.shape[1])),
        "energy": float((X**2).mean()),
        "mean_cosine": float(cosines.mean()),
        "alpha_req": float(-slope),
    }


def test_spectrum_summary(data: Data, benchmark: BenchmarkFixture) -> None:
    X, _ = matrices(data)
    found = benchmark.pedantic(spectrum.summary, (X,), **ROUNDS)
    assert found == pytest.approx(plain_spectrum(X), rel=1e-9, abs=1e-12)
    note_per_value(benchmark, 1)


def test_cka_unbiased(data: Data, benchmark: BenchmarkFixture) -> None:
    X, Y = matrices(data)
    found = benchmark.pedantic(sim.cka_unbiased, (X, Y), **ROUNDS)
    K, L = X @ X.T, Y @ Y.T
    for kernel in (K, L):
        np.fill_diagonal(kernel, 0.0)
    size = math.sqrt(unbiased_criterion(K, K) * unbiased_criterion(L, L))
    assert found == pytest.approx(unbiased_criterion(K, L) / size, abs=1e-10)
    note_per_value(benchmark, 2)


def test_pairwise_similarity(data: Data, benchmark: BenchmarkFixture) -> None:
    found = benchmark.pedantic(sim.pairwise_similarity, (matrices(data),), **ROUNDS)
    (expected,) = pinned()[f"sim.cka_linear/{SHAPE}"]
    assert np.asarray(found) == pytest.approx(np.array([[1, expected], [expected, 1]]), abs=1e-12)
    note_per_value(benchmark, 2)


def test_compare_rdms(data: Data, benchmark: BenchmarkFixture) -> None:
    rdms = [fastshesha.compute_rdm(X) for X in matrices(data)]
    found = benchmark.pedantic(sim.compare_rdms, rdms, **ROUNDS)
    (expected,) = pinned()[f"rdm_similarity/{SHAPE}/spearman"]
    assert found == pytest.approx(expected, abs=1e-12)
    n_values = 2 * rdms[0].size
    note(benchmark, lambda seconds: [Figure(1e9 * seconds / n_values, "ns a distance")])
