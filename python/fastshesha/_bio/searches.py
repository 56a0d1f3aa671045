"""What scikit-learn's searches for neighbours compare, and which of equal distances they take."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from fastshesha._rows import as_float64

from .bounded_heap import BoundedHeap
from .kd_tree import KDTree, sums_of_squares
from .row_products import product_error, row_norms_squared, squared_distances, unit_rows
from .smallest import smallest

if TYPE_CHECKING:
    from fastshesha._typing import CoherenceMetric, FloatArray, IndexArray, Matrix

_MOST_TREE_FEATURES = 15
_ROWS_PER_COMPARISON = 4096


class Search(Protocol):
    """A way of measuring distances, and of choosing among equal ones."""

    @property
    def rows(self) -> Matrix: ...

    def among(self, some: slice) -> Search:
        """The same distances to some of the rows, which become float64 here."""

    def distances(self, queries: FloatArray) -> FloatArray:
        """Distances of all pairs, shape (n_queries, n_rows); of rows in C-contiguous float64."""

    def errors(self, queries: FloatArray) -> FloatArray:
        """For each query a bound on the error of its distances, 0.0 where they are final."""

    def resolve(
        self, query: FloatArray, distances: FloatArray, chosen: IndexArray, /
    ) -> IndexArray:
        """The nearest rows of a query for which others might do as well as ``chosen``."""


def search_among(rows: Matrix, k: int, metric: CoherenceMetric) -> Search:
    """The search that scikit-learn would choose for k of these rows."""
    if metric == "cosine":
        return ByCosine(rows)
    if rows.shape[1] > _MOST_TREE_FEATURES or k >= len(rows) // 2:
        return ByProducts(rows)
    plain = contiguous(rows)
    return ByDifferences(plain, row_norms_squared(plain), KDTree(plain))


def contiguous(rows: Matrix) -> FloatArray:
    """C-contiguous float64, a copy only of what is not."""
    return np.ascontiguousarray(as_float64(rows))


@dataclass(frozen=True)
class ByCosine:
    """One minus the products of unit rows."""

    rows: Matrix

    @cached_property
    def unit(self) -> FloatArray:
        return unit_rows(self.rows)

    def among(self, some: slice) -> ByCosine:
        return ByCosine(contiguous(self.rows[some]))

    def distances(self, queries: FloatArray) -> FloatArray:
        distances = unit_rows(queries) @ self.unit.T
        np.subtract(1.0, distances, out=distances)
        return np.clip(distances, 0.0, 2.0, out=distances)

    def errors(self, queries: FloatArray) -> FloatArray:
        return np.zeros(len(queries))

    def resolve(self, _query: FloatArray, distances: FloatArray, chosen: IndexArray) -> IndexArray:
        k = len(chosen)
        return np.argpartition(distances, k - 1)[:k]


@dataclass(frozen=True)
class ByProducts:
    """Squared distances from norms and products, in a heap in the order of the rows."""

    rows: Matrix

    @cached_property
    def norms(self) -> FloatArray:
        return row_norms_squared(self.rows)

    def among(self, some: slice) -> ByProducts:
        return ByProducts(contiguous(self.rows[some]))

    def distances(self, queries: FloatArray) -> FloatArray:
        return squared_distances(queries, self.rows, self.norms)

    def errors(self, queries: FloatArray) -> FloatArray:
        return np.zeros(len(queries))

    def resolve(self, _query: FloatArray, distances: FloatArray, chosen: IndexArray) -> IndexArray:
        if _tied_are_duplicates(self.rows, distances, chosen):
            return chosen
        heap = BoundedHeap(len(chosen))
        heap.push_all(distances, np.arange(len(distances)))
        return np.array(heap.items)


@dataclass(frozen=True)
class ByDifferences:
    """Squared distances summed over the features, in a heap in the order of a tree's leaves."""

    rows: FloatArray
    norms: FloatArray
    tree: KDTree

    def among(self, some: slice) -> ByProducts:
        return ByProducts(self.rows[some])

    def distances(self, queries: FloatArray) -> FloatArray:
        return squared_distances(queries, self.rows, self.norms)

    def errors(self, queries: FloatArray) -> FloatArray:
        squares = row_norms_squared(queries) + self.norms.max()
        bounds: FloatArray = product_error(self.rows.shape[1]) * squares
        return bounds

    def resolve(self, query: FloatArray, distances: FloatArray, chosen: IndexArray) -> IndexArray:
        # From here on the sums count; rows beyond the doubt keep distances that are too large.
        reach = distances[chosen].max() + 2.0 * self.errors(query[np.newaxis])[0]
        candidates = np.flatnonzero(distances <= reach)
        distances[candidates] = sums_of_squares(query, self.rows[candidates].T)
        nearest, tied = smallest(distances[np.newaxis, candidates], len(chosen), np.zeros(1))
        chosen = candidates[nearest[0]]
        if not tied[0] or _tied_are_duplicates(self.rows, distances, chosen):
            return chosen
        return self.tree.kept(query, len(chosen))


def _tied_are_duplicates(rows: Matrix, distances: FloatArray, chosen: IndexArray) -> bool:
    """Whether it makes no difference which of the rows at the largest distance are chosen."""
    tied = np.flatnonzero(distances == distances[chosen].max())
    starts = range(0, len(tied), _ROWS_PER_COMPARISON)
    return all(
        bool((rows[tied[start : start + _ROWS_PER_COMPARISON]] == rows[tied[0]]).all())
        for start in starts
    )
