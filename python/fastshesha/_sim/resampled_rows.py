"""CKA of one resample, from its distinct rows and how often each was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .distinct_tuples import distinct_criterion
from .gram import (
    CentredRows,
    about_exact_mean,
    inner_product,
    linear_kernel,
    row_blocks,
    squared_norms,
)

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray, Matrix

    from .alignment import Alignment


def alignment_of_rows(alignment: Alignment, X: Matrix, Y: Matrix, counts: IndexArray) -> float:
    """CKA of rows of which each stands for several."""
    root = np.sqrt(counts)
    n_samples = int(counts.sum())
    a, b = (
        alignment.side(about_exact_mean(rows, counts).scaled(root), n_samples, root)
        for rows in (X, Y)
    )
    return alignment.compare(a, b)


def unbiased_alignment_of_rows(
    alignment: Alignment, X: Matrix, Y: Matrix, counts: IndexArray
) -> float:
    """Unbiased CKA over tuples of distinct rows, each weighted by the counts of its members."""
    a, b = (about_exact_mean(rows, counts) for rows in (X, Y))
    weights = counts.astype(np.float64)
    cross, own_x, own_y = (_criterion(*pair, weights) for pair in ((a, b), (a, a), (b, b)))
    return alignment.normalized(cross, own_x, own_y, int(counts.sum()))


def _criterion(a: CentredRows, b: CentredRows, counts: FloatArray) -> float:
    norms_a, norms_b = squared_norms(a), squared_norms(b)

    def weighted_pairs(weights: FloatArray) -> float:
        """Sum over distinct i and j of K_ij L_ij times the weights of both."""
        root = np.sqrt(weights)
        product = inner_product(linear_kernel(a.scaled(root)), linear_kernel(b.scaled(root)))
        return product - float((weights**2 * norms_a) @ norms_b)

    pairs, squared = weighted_pairs(counts), weighted_pairs(counts**2)
    # (w_i + w_i^2)(w_j + w_j^2) holds w_i w_j^2 twice, next to the two sums above.
    mixed = (weighted_pairs(counts + counts**2) - pairs - squared) / 2
    of_k, of_l = (
        np.stack([_products_with(side, weights, norms) for weights in (counts, counts**2)])
        for side, norms in ((a, norms_a), (b, norms_b))
    )
    sums = np.array([pairs, mixed, squared])
    return float(distinct_criterion(sums, of_k, of_l, counts))


def _products_with(a: CentredRows, weights: FloatArray, norms: FloatArray) -> FloatArray:
    """The kernel of the rows, without its diagonal, times weights."""
    total = np.zeros(a.rows.shape[1])
    for rows in row_blocks(a.rows):
        total += weights[rows] @ a.block(rows)
    parts = [a.block(rows) @ total for rows in row_blocks(a.rows)]
    return np.concatenate(parts) - weights * norms
