"""A k-d tree for the one thing it is needed for: the order in which it is walked.

Where several rows are equally distant from a query, a tree search keeps some of them, by the
order in which it meets them. The tree is scikit-learn's, with leaves of 30 to 60 rows, halved
along the widest feature by the selection algorithm of the GNU C++ library.
"""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate
from math import log2
from typing import TYPE_CHECKING

import numpy as np

from .bounded_heap import BoundedHeap
from .selection import select_in_place

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray

_LEAF_SIZE = 30


class KDTree:
    """Rows in a complete binary tree; node i has the children 2 i + 1 and 2 i + 2.

    Attributes
    ----------
    rows : ndarray of float64, shape (n_rows, n_features)
    """

    def __init__(self, rows: FloatArray) -> None:
        self.rows = rows

    def kept(self, query: FloatArray, k: int) -> IndexArray:
        """The rows that a search for the k nearest of a query keeps."""
        walk = _Walk(self, query, k)
        walk.visit(0)
        return np.array(walk.heap.items)

    @cached_property
    def nodes(self) -> list[IndexArray]:
        """Row numbers of every node, in the tree's order."""
        n_rows = len(self.rows)
        n_nodes = 2 ** int(log2(max(1.0, (n_rows - 1) / _LEAF_SIZE)) + 1) - 1
        nodes = [np.arange(n_rows)]
        # The children of the nodes of a level follow each other on the next.
        for node in range(n_nodes // 2):
            ordered = self._halved(nodes[node])
            middle = len(ordered) // 2
            nodes += [ordered[:middle], ordered[middle:]]
        return nodes

    @cached_property
    def leaves(self) -> list[IndexArray]:
        """Row numbers of the nodes of the last level."""
        return self.nodes[len(self.nodes) // 2 :]

    @cached_property
    def leaf_starts(self) -> list[int]:
        """Where each leaf begins among the rows in the order of the leaves, and the end."""
        return [0, *accumulate(map(len, self.leaves))]

    @cached_property
    def leaf_columns(self) -> FloatArray:
        """The rows in the order of the leaves, one feature after the other."""
        return np.ascontiguousarray(self.rows[np.concatenate(self.leaves)].T)

    @cached_property
    def boxes(self) -> tuple[FloatArray, FloatArray]:
        """Least and greatest coordinates of the rows of each node."""
        members = [self.rows[node] for node in self.nodes]
        lowest = np.array([rows.min(axis=0) for rows in members])
        return lowest, np.array([rows.max(axis=0) for rows in members])

    def _halved(self, node: IndexArray) -> IndexArray:
        """The rows of a node in an order with the lower half of its widest feature first."""
        members = self.rows[node]
        widest = int(np.argmax(members.max(axis=0) - members.min(axis=0)))
        by_value = np.lexsort((node, members[:, widest]))
        places = np.empty(len(node), dtype=np.int64)
        places[by_value] = np.arange(len(node))
        selected = places.tolist()
        select_in_place(selected, len(node) // 2)
        return node[by_value[selected]]


class _Walk:
    """One query's way through a tree, the nearer child first."""

    def __init__(self, tree: KDTree, query: FloatArray, k: int) -> None:
        self.heap = BoundedHeap(k)
        self._leaves, self._starts = tree.leaves, tree.leaf_starts
        self._distances = sums_of_squares(query, tree.leaf_columns)
        closest_in_leaf = np.minimum.reduceat(self._distances, self._starts[:-1])
        self._closest = _over_all_levels(closest_in_leaf)
        lowest, highest = tree.boxes
        outside = np.maximum(lowest - query, 0.0) + np.maximum(query - highest, 0.0)
        self._from_box: list[float] = sums_of_squares(np.zeros_like(query), outside.T).tolist()

    def visit(self, node: int) -> None:
        """Push the rows of a node, unless none is close enough to stay."""
        if self._closest[node] >= self.heap.values[0]:
            return
        left, right = 2 * node + 1, 2 * node + 2
        if left >= len(self._closest):
            leaf = node - len(self._closest) // 2
            distances = self._distances[self._starts[leaf] : self._starts[leaf + 1]]
            self.heap.push_all(distances, self._leaves[leaf])
            return
        is_left_first = self._from_box[left] <= self._from_box[right]
        for child in (left, right) if is_left_first else (right, left):
            self.visit(child)


def _over_all_levels(leaf_values: FloatArray) -> list[float]:
    """The least value below each node, from that of each leaf."""
    levels = [leaf_values]
    while len(levels[-1]) > 1:
        levels.append(np.minimum(levels[-1][0::2], levels[-1][1::2]))
    values: list[float] = np.concatenate(levels[::-1]).tolist()
    return values


def sums_of_squares(query: FloatArray, columns: FloatArray) -> FloatArray:
    """Squared distances from a query, summed over the features one after the other.

    ``columns`` has shape (n_features, n_rows).
    """
    sums = np.zeros(columns.shape[1])
    for value, column in zip(query, columns, strict=True):
        differences = column - value
        sums += np.square(differences, out=differences)
    return sums
