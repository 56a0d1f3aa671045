"""Coherence of shifts away from each sample's own nearest controls.

For many perturbations of one control, hold the controls once::

    reference = Neighbours.from_rows(control, k, metric)
    scores = [reference.coherence(as_float64(group)) for group in groups]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._rows import as_float64

from .coherence import mean_cosine_of_moved
from .nearest import is_large, nearest_rows
from .searches import contiguous

if TYPE_CHECKING:
    from fastshesha._typing import CoherenceMetric, FloatArray, IndexArray, Matrix

_VALUES_PER_BLOCK = 2**21


@dataclass(frozen=True)
class Neighbours:
    """The controls among which the nearest are looked for.

    Attributes
    ----------
    control : ndarray, shape (n_controls, n_features)
        C-contiguous float64, or as it came where that would be large.
    k : int
        Neighbours per sample, at most ``n_controls``.
    metric : {'cosine', 'euclidean'}
    """

    control: Matrix
    k: int
    metric: CoherenceMetric

    @classmethod
    def from_rows(cls, control: Matrix, k: int, metric: CoherenceMetric) -> Neighbours:
        """Controls of any numeric type; all of them are neighbours where there are fewer than k.

        Raises
        ------
        ValueError
            Without features there are no distances.
        """
        if control.shape[1] == 0:
            raise ValueError(
                f"method='knn' needs at least one feature, got X_control of shape {control.shape}"
            )
        rows = control if is_large(control) else contiguous(control)
        return cls(rows, min(int(k), rows.shape[0]), metric)

    def coherence(self, perturbed: FloatArray) -> float:
        """Coherence of the shifts of samples away from the centroid of their neighbours."""
        return mean_cosine_of_moved(perturbed - self.local_centroids(perturbed))

    def local_centroids(self, perturbed: FloatArray) -> FloatArray:
        """Mean of the nearest controls of each sample, shape (n_samples, n_features)."""
        centroids = np.empty(perturbed.shape)
        nearest = self.nearest(perturbed)
        for block in _row_blocks(len(nearest), self.k * perturbed.shape[1]):
            centroids[block] = as_float64(self.control[nearest[block]]).mean(axis=1)
        return centroids

    def nearest(self, queries: FloatArray) -> IndexArray:
        """Rows of the k nearest controls of each sample, the nearest first."""
        return nearest_rows(contiguous(queries), self.control, self.k, self.metric)


def _row_blocks(n_rows: int, values_per_row: int) -> Iterator[slice]:
    step = max(1, _VALUES_PER_BLOCK // values_per_row)
    for start in range(0, n_rows, step):
        yield slice(start, start + step)
