"""The nearest of the rows seen so far, for many queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fastshesha._typing import BoolArray, FloatArray, IndexArray


class NearestSoFar:
    """The k nearest rows of each query, and the next one, which tells whether there is doubt."""

    def __init__(self, n_queries: int, k: int) -> None:
        self.k = k
        self._values: FloatArray = np.empty((n_queries, 0))
        self._rows: IndexArray = np.empty((n_queries, 0), dtype=np.int64)

    def add(self, distances: FloatArray, first_row: int) -> None:
        """Distances to the next rows, shape (n_queries, n_rows), the first of this number."""
        start = 0
        while start < distances.shape[1]:
            # Among as many rows as were seen before, about k are nearer.
            stop = start + max(self.k + 1, first_row + start)
            self._merge(distances[:, start:stop], first_row + start)
            start = stop

    def _merge(self, distances: FloatArray, first_row: int) -> None:
        further, further_rows = self._closer(distances)
        values = np.hstack([self._values, further])
        rows = np.hstack([self._rows, further_rows + first_row])
        if values.shape[1] > self.k + 1:
            kept = np.argpartition(values, self.k, axis=1)[:, : self.k + 1]
            values = np.take_along_axis(values, kept, axis=1)
            rows = np.take_along_axis(rows, kept, axis=1)
        self._values, self._rows = values, rows

    def _closer(self, distances: FloatArray) -> tuple[FloatArray, IndexArray]:
        """Each query's distances below those it keeps, and their columns, filled up with NaN.

        Where NaN is kept everything is closer, so that a filling is never chosen.
        """
        is_full = self._values.shape[1] == self.k + 1
        furthest = self._values.max(axis=1, keepdims=True) if is_full else np.nan
        query, column = np.nonzero(~(distances >= furthest))
        counts = np.bincount(query, minlength=len(distances))
        place = np.arange(len(query)) - np.repeat(np.cumsum(counts) - counts, counts)
        values = np.full((len(distances), counts.max()), np.nan)
        columns = np.zeros(values.shape, dtype=np.int64)
        values[query, place] = distances[query, column]
        columns[query, place] = column
        return values, columns

    def found(self, errors: FloatArray) -> tuple[IndexArray, BoolArray]:
        """The nearest rows in their order, and for which queries others might be among them.

        ``errors`` bound the error of the distances of each query. With 0.0, queries are in doubt
        whose k-th and next distances are equal.
        """
        order = np.argsort(self._values, axis=1, kind="stable")
        near = np.take_along_axis(self._values, order, axis=1)
        rows = np.take_along_axis(self._rows, order[:, : self.k], axis=1)
        if near.shape[1] == self.k:
            return rows, np.zeros(len(rows), dtype=np.bool_)
        return rows, near[:, self.k] <= near[:, self.k - 1] + 2.0 * errors
