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

Many rows are compared a block at a time, for all queries; distances to all of them are held only
for queries that the nearest leave in doubt, a few at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from .nearest_so_far import NearestSoFar
from .row_products import QUERIES_PER_PRODUCT
from .searches import Search, search_among
from .smallest import smallest

if TYPE_CHECKING:
    from fastshesha._typing import CoherenceMetric, FloatArray, IndexArray, Matrix

_DISTANCES_PER_BLOCK = 2**22
# 64 MiB of rows in float64, or of the distances of a product.
_MOST_VALUES_AT_ONCE = 2**23
_MOST_QUERIES = 1024
_VALUES_PER_BLOCK = 2**21
_DISTANCES_IN_DOUBT = 2**23
# The last few queries of a product, fewer than this, may be rounded otherwise.
_QUERIES_ROUNDED_ALIKE = 16


def is_large(rows: Matrix) -> bool:
    """Whether rows, of any numeric type and layout then, are compared a block at a time."""
    n_rows, n_features = (int(length) for length in rows.shape)
    return n_rows * max(QUERIES_PER_PRODUCT, n_features) > _MOST_VALUES_AT_ONCE


def nearest_rows(queries: FloatArray, rows: Matrix, k: int, metric: CoherenceMetric) -> IndexArray:
    """Indices of the k nearest of ``rows`` for each query, shape (n_queries, k), nearest first.

    Both matrices have the same number of features, at least one, and are C-contiguous float64,
    the rows only unless they are large; ``k`` is at most their number. Memory is at most that of
    some 2^24 distances, or of 16 queries, and of rows of up to 15 features in float64.
    """
    found = np.empty((len(queries), k), dtype=np.int64)
    search = search_among(rows, k, metric)
    find = _nearest_in_blocks if is_large(rows) else _nearest_at_once
    for some in _parts(len(queries), _queries_at_a_time(rows, k)):
        found[some] = find(search, queries[some], k)
    return found


def _queries_at_a_time(rows: Matrix, k: int) -> int:
    if is_large(rows):
        return max(1, min(_MOST_QUERIES, _MOST_VALUES_AT_ONCE // k))
    return _rounded_down(_DISTANCES_PER_BLOCK // len(rows), QUERIES_PER_PRODUCT)


def _nearest_at_once(search: Search, queries: FloatArray, k: int) -> IndexArray:
    return _nearest_of(search, queries, search.distances(queries), k)


def _nearest_of(search: Search, queries: FloatArray, distances: FloatArray, k: int) -> IndexArray:
    """The nearest rows by the distances to all of them."""
    chosen, in_doubt = smallest(distances, k, search.errors(queries))
    for query in np.flatnonzero(in_doubt):
        chosen[query] = search.resolve(queries[query], distances[query], chosen[query])
    near = np.take_along_axis(distances, chosen, axis=1)
    order = np.argsort(near, axis=1, kind="stable")
    return np.take_along_axis(chosen, order, axis=1)


def _nearest_in_blocks(search: Search, queries: FloatArray, k: int) -> IndexArray:
    nearest = NearestSoFar(len(queries), k)
    step = _rounded_down(_VALUES_PER_BLOCK // max(queries.shape), QUERIES_PER_PRODUCT)
    for some in _parts(len(search.rows), step):
        nearest.add(search.among(some).distances(queries), some.start)
    found, in_doubt = nearest.found(search.errors(queries))
    doubtful = np.flatnonzero(in_doubt)
    n_held = _DISTANCES_IN_DOUBT // len(search.rows)
    for part in _parts(len(doubtful), _rounded_down(n_held, _QUERIES_ROUNDED_ALIKE)):
        again = queries[doubtful[part]]
        distances = _all_distances(search, again, step)
        found[doubtful[part]] = _nearest_of(search, again, distances, k)
    return found


def _all_distances(search: Search, queries: FloatArray, step: int) -> FloatArray:
    """Distances to all rows, rounded as in the products of more queries."""
    n_queries, width = len(queries), _QUERIES_ROUNDED_ALIKE
    filled = queries[np.arange(-(-n_queries // width) * width) % n_queries]
    distances = np.empty((n_queries, len(search.rows)))
    for some in _parts(len(search.rows), step):
        distances[:, some] = search.among(some).distances(filled)[:n_queries]
    return distances


def _rounded_down(length: int, multiple: int) -> int:
    """A multiple that is at most the length, or the least one."""
    return max(1, length // multiple) * multiple


def _parts(length: int, step: int) -> Iterator[slice]:
    for start in range(0, length, step):
        yield slice(start, min(start + step, length))
