"""Coherence of shifts away from each sample's own nearest controls.

For many perturbations of one control, hold the controls once::

    reference = Neighbours.from_rows(control, k, metric)
    scores = [reference.coherence(as_float64(group)) for group in groups]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastshesha import _kernels

from .coherence import mean_cosine_of_moved
from .nearest import is_large, nearest_rows
from .searches import contiguous

if TYPE_CHECKING:
    from fastshesha._typing import CoherenceMetric, FloatArray, IndexArray, Matrix


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
        return _kernels.mean_rows(self.control, self.nearest(perturbed))

    def nearest(self, queries: FloatArray) -> IndexArray:
        """Rows of the k nearest controls of each sample, the nearest first."""
        return nearest_rows(contiguous(queries), self.control, self.k, self.metric)
