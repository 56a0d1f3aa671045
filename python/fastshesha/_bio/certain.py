"""Nearest rows that no rounding of their distances could change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastshesha import _kernels

from .row_products import product_error, row_norms_squared

if TYPE_CHECKING:
    from fastshesha._typing import BoolArray, CoherenceMetric, FloatArray, IndexArray, Matrix

# Equal rows that may stand at the k-th place, besides the first k, before there is doubt.
_MORE_ROWS = 8
_PAIRS_PER_COMPARISON = 4096


def certainly_nearest(
    queries: FloatArray, rows: Matrix, k: int, metric: CoherenceMetric
) -> tuple[IndexArray, BoolArray]:
    """The k nearest rows of each query in their order, and which queries are in doubt.

    There is none where distances that are computed in any order, without more roundings than
    products take, put the same rows into the same order, or equal rows into another.
    """
    n_kept = min(rows.shape[0], k + _MORE_ROWS)
    kept, distances, largest = _kernels.find_nearest(queries, rows, metric, n_kept)
    is_finite = _finite_rows(distances)
    distances[~is_finite] = 0.0
    errors = np.full(len(queries), product_error(rows.shape[1]))
    if metric == "euclidean":
        # Products below the smallest normal number have errors of their own.
        errors = errors * (row_norms_squared(queries) + largest) + np.finfo(np.float64).tiny
    # Where distances are cut off, they may be equal.
    np.clip(distances, 0.0, 2.0 if metric == "cosine" else None, out=distances)
    gaps = np.diff(distances, axis=1)
    is_last = np.full((len(queries), 1), n_kept == rows.shape[0])
    # Either distance of two may be off, and that with which it is compared.
    is_apart = np.hstack([gaps > 4.0 * errors[:, np.newaxis], is_last])
    is_settled = is_apart.copy()
    is_settled[:, :-1] |= _equal_neighbours(rows, kept, gaps == 0.0)
    return kept[:, :k], ~(is_finite & _is_certain(is_apart, is_settled, k))


def _finite_rows(values: FloatArray) -> BoolArray:
    """Which rows are finite; that all of them are is seen faster than which."""
    is_finite = np.isfinite(values)
    every: BoolArray = np.ones(len(values), dtype=np.bool_)
    return every if is_finite.all() else is_finite.all(axis=1, out=every)


def _is_certain(is_apart: BoolArray, is_settled: BoolArray, k: int) -> BoolArray:
    """Whether everything is settled up to the first gap behind the k-th place."""
    beyond = is_apart[:, k - 1 :]
    gap = k - 1 + beyond.argmax(axis=1)
    n_settled = np.where(is_settled.all(axis=1), is_settled.shape[1], is_settled.argmin(axis=1))
    certain: BoolArray = beyond.any(axis=1) & (n_settled > gap)
    return certain


def _equal_neighbours(rows: Matrix, kept: IndexArray, asked: BoolArray) -> BoolArray:
    """Which of the rows that follow each other are equal, of those that are asked for."""
    equal = np.zeros(asked.shape, dtype=np.bool_)
    if not asked.any():
        return equal
    query, place = np.nonzero(asked)
    for start in range(0, len(query), _PAIRS_PER_COMPARISON):
        some = slice(start, start + _PAIRS_PER_COMPARISON)
        first, second = kept[query[some], place[some]], kept[query[some], place[some] + 1]
        equal[query[some], place[some]] = (rows[first] == rows[second]).all(axis=1)
    return equal
