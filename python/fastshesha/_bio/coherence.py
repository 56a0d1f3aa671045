"""How far single samples move in the direction of their mean.

A *shift* is a perturbed sample minus its control reference. For many perturbations of one
control, make the reference once::

    reference = Centroid.from_rows(control, metric)
    scores = [reference.coherence(as_float64(group)) for group in groups]

``whitening.Whitening`` and ``neighbours.Neighbours`` have the same method.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._column_sums import column_means

if TYPE_CHECKING:
    from fastshesha._typing import CoherenceMetric, FloatArray, Matrix

# A shorter vector has no direction.
SMALLEST_NORM = 1e-12
_FEWEST_MOVED = 5


@dataclass(frozen=True)
class Centroid:
    """The mean of all controls as the point from which every sample is shifted.

    Attributes
    ----------
    mean : ndarray of float64, shape (n_features,)
    metric : {'cosine', 'euclidean'}
        Consistency of directions, or of the shift vectors themselves.
    """

    mean: FloatArray
    metric: CoherenceMetric

    @classmethod
    def from_rows(cls, control: Matrix, metric: CoherenceMetric) -> Centroid:
        """The centroid of controls of any numeric type."""
        return cls(column_means(control), metric)

    def coherence(self, perturbed: FloatArray) -> float:
        """Coherence of the shifts of perturbed samples away from the centroid."""
        shifts = perturbed - self.mean
        if self.metric == "cosine":
            return mean_cosine(shifts)
        return share_of_common_shift(shifts)


def mean_cosine(shifts: FloatArray) -> float:
    """Mean cosine between the shifts and their mean, 0.0 for a shift of length zero."""
    direction = _mean_direction(shifts)
    if direction is None:
        return 0.0
    norms = np.maximum(np.linalg.norm(shifts, axis=1, keepdims=True), SMALLEST_NORM)
    return float(np.mean((shifts / norms) @ direction))


def mean_cosine_of_moved(shifts: FloatArray) -> float:
    """Mean cosine between shifts and their mean, without the shifts of length zero."""
    direction = _mean_direction(shifts)
    if direction is None:
        return 0.0
    norms = np.linalg.norm(shifts, axis=1)
    moved = norms > SMALLEST_NORM
    if np.sum(moved) < _FEWEST_MOVED:
        return 0.0
    return float(np.mean(np.dot(shifts[moved], direction) / norms[moved]))


def share_of_common_shift(shifts: FloatArray) -> float:
    """One minus the mean square deviation from the mean shift over the mean square shift."""
    mean_shift = np.mean(shifts, axis=0)
    if np.linalg.norm(mean_shift) < SMALLEST_NORM:
        return 0.0
    deviation = np.mean(np.sum((shifts - mean_shift) ** 2, axis=1))
    total = np.mean(np.sum(shifts**2, axis=1))
    if total < SMALLEST_NORM:
        return math.nan
    return float(np.clip(1.0 - deviation / total, -1.0, 1.0))


def _mean_direction(shifts: FloatArray) -> FloatArray | None:
    """The mean shift as a unit vector, None where it has no direction."""
    mean_shift = np.mean(shifts, axis=0)
    norm = np.linalg.norm(mean_shift)
    return None if norm < SMALLEST_NORM else mean_shift / norm
