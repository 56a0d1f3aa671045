"""Matrices on which streamed correlations are compared with exact ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Matrix = np.ndarray[Any, Any]
Family = Callable[[np.random.Generator, int, int], Matrix]


def low_rank(rng: np.random.Generator, n: int, d: int) -> Matrix:
    rank = int(rng.integers(1, 9))
    signal = rng.standard_normal((n, rank)) @ rng.standard_normal((rank, d))
    return signal + rng.uniform(0.01, 2.0) * rng.standard_normal((n, d))


def clusters(rng: np.random.Generator, n: int, d: int) -> Matrix:
    """Sorted by cluster."""
    centres = rng.uniform(0.5, 5.0) * rng.standard_normal((int(rng.integers(2, 25)), d))
    return centres[np.sort(rng.integers(0, len(centres), n))] + rng.standard_normal((n, d))


def heavy_tails(rng: np.random.Generator, n: int, d: int) -> Matrix:
    """Row lengths of a t distribution with few degrees of freedom."""
    return rng.standard_t(rng.uniform(1.0, 3.0), (n, 1)) * low_rank(rng, n, d)


def anisotropic(rng: np.random.Generator, n: int, d: int) -> Matrix:
    """A mean far longer than what varies, so that all cosines are close to 1."""
    return low_rank(rng, n, d) + rng.uniform(10.0, 300.0) * rng.standard_normal(d)


def correlated_scales(rng: np.random.Generator, n: int, d: int) -> Matrix:
    """Few massive dimensions."""
    return low_rank(rng, n, d) * np.exp(2.0 * rng.standard_normal(d))


def integers(rng: np.random.Generator, n: int, d: int) -> Matrix:
    """Small integers, half of the rows twice."""
    X = rng.integers(0, int(rng.integers(2, 5)), (n, d)).astype(np.float64)
    X[n // 2 :] = X[: n - n // 2]
    return np.concatenate([X, np.ones((n, d // 8 + 2))], axis=1)[:, rng.permutation(d + d // 8 + 2)]


def sparse_binary(rng: np.random.Generator, n: int, d: int) -> Matrix:
    X = (rng.random((n, d)) < rng.uniform(0.02, 0.2)).astype(np.float64)
    X[:, :: max(1, d // 6)] += (rng.random((n, 1)) < 0.5) * 1.0
    return X


def one_hot(rng: np.random.Generator, n: int, d: int) -> Matrix:
    """Few values of the distance, one of them nearly all pairs'."""
    X = np.zeros((n, d))
    X[np.arange(n), rng.integers(0, d, n)] = 1.0
    X[np.arange(n), rng.integers(0, d, n)] += 1.0
    return X


def prototypes(rng: np.random.Generator, n: int, d: int) -> Matrix:
    """Exact copies of few rows."""
    n_rows = int(rng.integers(3, 60))
    return rng.standard_normal((n_rows, d))[(n_rows * rng.random(n) ** 2).astype(np.int64)]


def outliers(rng: np.random.Generator, n: int, d: int) -> Matrix:
    """Few rows a thousand times as long."""
    X = low_rank(rng, n, d)
    X[rng.integers(0, n, 3)] *= 1e3
    return X


def near_copies(rng: np.random.Generator, n: int, d: int) -> Matrix:
    """Rows in groups that differ by a millionth."""
    groups = rng.standard_normal((max(2, n // 40), d))[rng.integers(0, max(2, n // 40), n)]
    return groups + 1e-6 * rng.standard_normal((n, d))


def geometric(rng: np.random.Generator, n: int, d: int) -> Matrix:
    """Distances over many orders of magnitude."""
    return np.exp(rng.uniform(-9.0, 0.0, (n, 1))) * rng.standard_normal((n, d))


FREE_OF_TIES: dict[str, Family] = {
    "low_rank": low_rank,
    "clusters": clusters,
    "heavy_tails": heavy_tails,
    "anisotropic": anisotropic,
    "correlated_scales": correlated_scales,
}
WITH_TIES: dict[str, Family] = {
    "integers": integers,
    "sparse_binary": sparse_binary,
    "one_hot": one_hot,
    "prototypes": prototypes,
}
ADVERSE: dict[str, Family] = {
    "outliers": outliers,
    "near_copies": near_copies,
    "geometric": geometric,
}
