"""The statistics in plain numpy, one formula each, for small data without ties in rounding."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def distances(X: NDArray[Any], metric: str) -> NDArray[np.float64]:
    """Condensed distances of all pairs of rows."""
    first, second = np.triu_indices(len(X), k=1)
    if metric == "euclidean":
        return np.sqrt(((X[first] - X[second]) ** 2).sum(axis=1))
    if metric == "correlation":
        X = X - X.mean(axis=1, keepdims=True)
    norms = np.sqrt((X * X).sum(axis=1))
    return 1.0 - (X[first] * X[second]).sum(axis=1) / (norms[first] * norms[second])


def average_ranks(values: NDArray[Any]) -> NDArray[np.float64]:
    """Ranks from 1, equal values sharing their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]


def spearman(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Pearson's correlation of the average ranks."""
    return float(np.corrcoef(average_ranks(a), average_ranks(b))[0, 1])


def split_score(X: NDArray[Any], permutation: NDArray[Any], metric: str) -> float:
    """Agreement of the two halves of the features in the order of a permutation."""
    if metric == "cosine":
        X = X / np.linalg.norm(X, axis=1, keepdims=True)
    half = X.shape[1] // 2
    first, second = permutation[:half], permutation[half : 2 * half]
    return spearman(distances(X[:, first], metric), distances(X[:, second], metric))
