"""How far the mean of perturbed samples lies from that of the controls.

For many perturbations of one control, take its moments once::

    control = Moments.from_rows(control_rows, metric)
    sizes = [effect_size(control, Moments.from_rows(group, metric)) for group in groups]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._column_sums import column_means, column_variances

if TYPE_CHECKING:
    from fastshesha._typing import EffectMetric, FloatArray, Matrix

_SMALLEST_SPREAD = 1e-12


@dataclass(frozen=True)
class Moments:
    """Mean of each feature and, for 'cohen', its variance with n - 1 degrees of freedom.

    Attributes
    ----------
    mean : ndarray of float64, shape (n_features,)
    variance : ndarray of float64, shape (n_features,), or None
        None for the raw distance, which does not need it.
    """

    mean: FloatArray
    variance: FloatArray | None

    @classmethod
    def from_rows(cls, rows: Matrix, metric: EffectMetric) -> Moments:
        """What ``metric`` needs of a two-dimensional array of any numeric type."""
        variance = column_variances(rows) if metric == "cohen" else None
        return cls(column_means(rows), variance)


def effect_size(control: Moments, perturbed: Moments) -> float:
    """Distance of the means, in units of the pooled standard deviation where both have one."""
    distance = np.linalg.norm(perturbed.mean - control.mean)
    if control.variance is None or perturbed.variance is None:
        return float(distance)
    pooled = np.mean((control.variance + perturbed.variance) / 2)
    return float(distance / (np.sqrt(pooled) + _SMALLEST_SPREAD))
