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

Compiled products, rounded in another way, find the neighbours first. Only queries for which
rounding could matter are compared as above, and of many rows only a block is in float64 at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from .certain import certainly_nearest
from .row_products import QUERIES_PER_PRODUCT
from .searches import Search, search_among
from .smallest import smallest

if TYPE_CHECKING:
    from fastshesha._typing import CoherenceMetric, FloatArray, IndexArray, Matrix

# 64 MiB of rows in float64, or of the distances of a product.
_MOST_VALUES_AT_ONCE = 2**23
# 32 MiB of what is kept of each query, or of distances to all rows.
_MOST_VALUES_KEPT = 2**22
_VALUES_BESIDES = 336
_VALUES_PER_BLOCK = 2**21
# To lay out rows for fewer queries takes longer than to compare them.
_FEWEST_QUERIES = 32
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
    search = search_among(rows, k, metric)
    if len(queries) < _FEWEST_QUERIES and not is_large(rows):
        return _nearest_of(search, queries, search.distances(queries), k)
    found = np.empty((len(queries), k), dtype=np.int64)
    in_doubt = np.empty(len(queries), dtype=np.bool_)
    values_per_query = 2 * k + 3 * rows.shape[1] // 2 + _VALUES_BESIDES
    for some in _parts(len(queries), max(1, _MOST_VALUES_KEPT // values_per_query)):
        found[some], in_doubt[some] = certainly_nearest(queries[some], rows, k, metric)
    compare = _compared_in_blocks if is_large(rows) else _compared_at_once
    for doubtful, distances in compare(search, queries, np.flatnonzero(in_doubt)):
        found[doubtful] = _nearest_of(search, queries[doubtful], distances, k)
    return found


def _nearest_of(search: Search, queries: FloatArray, distances: FloatArray, k: int) -> IndexArray:
    """The nearest rows by the distances to all of them."""
    chosen, in_doubt = smallest(distances, k, search.errors(queries))
    for query in np.flatnonzero(in_doubt):
        chosen[query] = search.resolve(queries[query], distances[query], chosen[query])
    near = np.take_along_axis(distances, chosen, axis=1)
    order = np.argsort(near, axis=1, kind="stable")
    return np.take_along_axis(chosen, order, axis=1)


def _compared_at_once(
    search: Search, queries: FloatArray, doubtful: IndexArray
) -> Iterator[tuple[IndexArray, FloatArray]]:
    """Some queries after the other with their distances to all rows, rounded as those of all."""
    step = _rounded_down(_MOST_VALUES_KEPT // len(search.rows), QUERIES_PER_PRODUCT)
    for block in _parts(len(queries), step):
        some = doubtful[(doubtful >= block.start) & (doubtful < block.stop)]
        if len(some):
            yield some, search.distances(queries[block])[some - block.start]


def _compared_in_blocks(
    search: Search, queries: FloatArray, doubtful: IndexArray
) -> Iterator[tuple[IndexArray, FloatArray]]:
    """The same in products with a block of the rows, as many queries as are rounded alike."""
    width = _QUERIES_ROUNDED_ALIKE
    for part in _parts(len(doubtful), _rounded_down(_MOST_VALUES_KEPT // len(search.rows), width)):
        some = doubtful[part]
        filled = queries[some[np.arange(-(-len(some) // width) * width) % len(some)]]
        distances = np.empty((len(some), len(search.rows)))
        step = _rounded_down(_VALUES_PER_BLOCK // max(filled.shape), QUERIES_PER_PRODUCT)
        for rows in _parts(len(search.rows), step):
            distances[:, rows] = search.among(rows).distances(filled)[: len(some)]
        yield some, distances


def _rounded_down(length: int, multiple: int) -> int:
    """A multiple that is at most the length, or the least one."""
    return max(1, length // multiple) * multiple


def _parts(length: int, step: int) -> Iterator[slice]:
    for start in range(0, length, step):
        yield slice(start, min(start + step, length))
