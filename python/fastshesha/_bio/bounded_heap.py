"""A heap of the smallest values seen: which of equal values stay depends on their order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray

_VALUES_AT_A_TIME = 256


class BoundedHeap:
    """The ``size`` smallest of the values pushed, in a binary heap whose root is the largest.

    A value takes the place of the root only where it is smaller than it. Of equal values the
    ones stay that the heap does not bring to the root, so their order decides, and two heaps
    agree only if they sift alike: towards the larger child, the left one where both are equal.

    Attributes
    ----------
    values : list of float
    items : list of int
        What each value belongs to.
    """

    def __init__(self, size: int) -> None:
        self.values = [math.inf] * size
        self.items = [0] * size

    def push_all(self, values: FloatArray, items: IndexArray) -> None:
        """Push values in their order, the ones that cannot stay unseen."""
        for start in range(0, len(values), _VALUES_AT_A_TIME):
            some = values[start : start + _VALUES_AT_A_TIME]
            small = np.flatnonzero(some < self.values[0])
            for position, value in zip(small.tolist(), some[small].tolist(), strict=True):
                if value < self.values[0]:
                    self._replace_root(value, int(items[start + position]))

    def _replace_root(self, value: float, item: int) -> None:
        values, items = self.values, self.items
        size = len(values)
        hole = 0
        child = 1
        while child < size:
            if child + 1 < size and values[child] < values[child + 1]:
                child += 1
            if not values[child] > value:
                break
            values[hole], items[hole] = values[child], items[child]
            hole = child
            child = 2 * hole + 1
        values[hole], items[hole] = value, item
