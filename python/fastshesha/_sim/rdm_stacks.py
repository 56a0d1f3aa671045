"""Stacks of condensed RDMs, and the comparisons of all of one stack with all of another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._inputs.conversion import to_numpy

from .rank_agreement import centred_ranks, concordance

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, RdmComparison

# Columns whose products are summed at a time: short sums lose fewer digits.
_COLUMNS = 1 << 14


def as_rdm_stack(rdm: object, name: str) -> tuple[FloatArray, bool]:
    """Read condensed RDMs, one per row, and whether it was a single one without a second axis."""
    values = to_numpy(getattr(rdm, "dissimilarities", rdm), name, np.float64)
    if values.ndim not in (1, 2) or _is_square_rdm(values):
        raise ValueError(_not_condensed(values, name))
    stack = np.atleast_2d(values)
    n_pairs = stack.shape[1]
    n_items = (1 + math.isqrt(1 + 8 * n_pairs)) // 2
    if n_items * (n_items - 1) // 2 != n_pairs:
        raise ValueError(
            f"{name} must hold the distances of all pairs of some number of items; no number "
            f"has {n_pairs} pairs (shape {values.shape}). Representations are compared by "
            "rdm_similarity"
        )
    return stack, values.ndim == 1


def _is_square_rdm(values: FloatArray) -> bool:
    """Whether it is one symmetric matrix with a diagonal of zeros, not a stack that looks so."""
    if values.ndim != 2 or values.shape[0] != values.shape[1] or values.shape[0] < 2:
        return False
    is_symmetric = np.array_equal(values, values.T, equal_nan=True)
    return is_symmetric and not np.nan_to_num(values.diagonal()).any()


def _not_condensed(values: FloatArray, name: str) -> str:
    square = values.ndim > 1 and values.shape[-1] == values.shape[-2]
    found = f"square matrices of shape {values.shape}" if square else f"shape {values.shape}"
    remedy = "; scipy.spatial.distance.squareform condenses a square matrix" if square else ""
    return (
        f"{name} must be a condensed RDM of shape (n_pairs,) or a stack of them of shape "
        f"(n_rdms, n_pairs), got {found}{remedy}"
    )


def compare_stacks(a: FloatArray, b: FloatArray, method: RdmComparison) -> FloatArray:
    """Similarity of all pairs of rows of two stacks of finite distances.

    0.0 where a side is constant (for cosine: zero); NaN for fewer than two distances, one for
    cosine.
    """
    if a.shape[1] < (1 if method == "cosine" else 2):
        return np.full((a.shape[0], b.shape[0]), math.nan)
    if method == "tau-a":
        return _tau_a(a, b)
    left = _vectors(a, method)
    right = left if a is b else _vectors(b, method)
    similarity = np.zeros((a.shape[0], b.shape[0]))
    for start in range(0, a.shape[1], _COLUMNS):
        columns = slice(start, start + _COLUMNS)
        similarity += left[:, columns] @ right[:, columns].T
    return np.clip(similarity, -1.0, 1.0)


def _vectors(stack: FloatArray, method: RdmComparison) -> FloatArray:
    """Vectors whose inner products are the similarities."""
    if method in ("spearman", "rho-a"):
        stack = centred_ranks(stack).astype(np.float64)
    if method == "rho-a":
        # With ties broken at random, the squares of n doubled ranks add up to this.
        n = stack.shape[1]
        return stack / math.sqrt((n**3 - n) / 3)
    if method == "pearson":
        # A constant row has to become exactly zero, and its mean may be rounded.
        stack = stack - stack[:, :1]
        stack = stack - stack.mean(axis=1, keepdims=True)
    # Scaled first, so that no square leaves the range of float64.
    largest = np.abs(stack).max(axis=1, keepdims=True)
    scaled = stack / np.where(largest > 0.0, largest, 1.0)
    norms = np.linalg.norm(scaled, axis=1, keepdims=True)
    vectors: FloatArray = scaled / np.where(norms > 0.0, norms, 1.0)
    return vectors


def _tau_a(a: FloatArray, b: FloatArray) -> FloatArray:
    """Concordant less discordant pairs of distances, as a share of all of them."""
    ranks_a, ranks_b = centred_ranks(a), centred_ranks(b)
    n_pairs = a.shape[1] * (a.shape[1] - 1) // 2
    tau = [[concordance(x, y) / n_pairs for y in ranks_b] for x in ranks_a]
    return np.array(tau).reshape(a.shape[0], b.shape[0])
