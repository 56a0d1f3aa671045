"""The k nearest rows, those that scikit-learn's ``NearestNeighbors`` finds with its defaults.

What scikit-learn compares depends on metric and shape, and so does which of equally distant
rows it takes. Three searches follow it:

* cosine: products of unit rows, then numpy's partition;
* euclidean with more than 15 features or ``k >= n // 2``: |x|^2 - 2 x.y + |y|^2 from products
  of blocks of rows, kept in a heap in the order of the rows;
* other euclidean: sums of squared differences, kept in a heap in the order in which a k-d tree
  is walked. Products find the candidates here, and where they leave no doubt the neighbours.

Equal distances are equal to the bit where products are exact, as of integers; elsewhere their
rounding, and so the choice, is that of the linear algebra library behind numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from .bounded_heap import BoundedHeap
from .kd_tree import KDTree, sums_of_squares
from .row_products import QUERIES_PER_PRODUCT, row_norms_squared, squared_distances, unit_rows
from .smallest import smallest

if TYPE_CHECKING:
    from fastshesha._typing import CoherenceMetric, FloatArray, IndexArray

_MOST_TREE_FEATURES = 15
_DISTANCES_PER_BLOCK = 2**20
# The error of a squared distance from products of d features, in units of the machine epsilon
# times the squared norms, is less than this times d + 3.
_ROUNDINGS = 4.0


def nearest_rows(
    queries: FloatArray, rows: FloatArray, k: int, metric: CoherenceMetric
) -> IndexArray:
    """Indices of the k nearest of ``rows`` for each query, shape (n_queries, k), nearest first.

    Both matrices are C-contiguous with the same number of features, at least one; ``k`` is at
    most the number of rows. Memory is that of about 2^20 distances, or of 256 for each row.
    """
    return nearest_in(search_among(rows, k, metric), queries, k)


def nearest_in(search: Search, queries: FloatArray, k: int) -> IndexArray:
    """The nearest rows by a search that serves any number of queries."""
    found = np.empty((len(queries), k), dtype=np.int64)
    n_products = _DISTANCES_PER_BLOCK // len(search.rows) // QUERIES_PER_PRODUCT
    step = max(1, n_products) * QUERIES_PER_PRODUCT
    for start in range(0, len(queries), step):
        block = queries[start : start + step]
        distances = search.distances(block)
        chosen, in_doubt = smallest(distances, k, search.errors(block))
        for query in np.flatnonzero(in_doubt):
            chosen[query] = search.resolve(block[query], distances[query], chosen[query])
        near = np.take_along_axis(distances, chosen, axis=1)
        order = np.argsort(near, axis=1, kind="stable")
        found[start : start + step] = np.take_along_axis(chosen, order, axis=1)
    return found


class Search(Protocol):
    """A way of measuring distances, and of choosing among equal ones."""

    @property
    def rows(self) -> FloatArray: ...

    def distances(self, queries: FloatArray) -> FloatArray:
        """Distances of all pairs, shape (n_queries, n_rows)."""

    def errors(self, queries: FloatArray) -> FloatArray:
        """For each query a bound on the error of its distances, 0.0 where they are final."""

    def resolve(
        self, query: FloatArray, distances: FloatArray, chosen: IndexArray, /
    ) -> IndexArray:
        """The nearest rows of a query for which others might do as well as ``chosen``."""


def search_among(rows: FloatArray, k: int, metric: CoherenceMetric) -> Search:
    """The search that scikit-learn would choose for k of these rows."""
    if metric == "cosine":
        return ByCosine(rows, unit_rows(rows))
    norms = row_norms_squared(rows)
    if rows.shape[1] > _MOST_TREE_FEATURES or k >= len(rows) // 2:
        return ByProducts(rows, norms)
    return ByDifferences(rows, norms, KDTree(rows))


@dataclass(frozen=True)
class ByCosine:
    """One minus the products of unit rows."""

    rows: FloatArray
    unit: FloatArray

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

    rows: FloatArray
    norms: FloatArray

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

    def distances(self, queries: FloatArray) -> FloatArray:
        return squared_distances(queries, self.rows, self.norms)

    def errors(self, queries: FloatArray) -> FloatArray:
        roundings = _ROUNDINGS * (self.rows.shape[1] + 3) * np.finfo(np.float64).eps
        bounds: FloatArray = roundings * (row_norms_squared(queries) + self.norms.max())
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


def _tied_are_duplicates(rows: FloatArray, distances: FloatArray, chosen: IndexArray) -> bool:
    """Whether it makes no difference which of the rows at the largest distance are chosen."""
    tied = rows[distances == distances[chosen].max()]
    return bool((tied == tied[0]).all())
