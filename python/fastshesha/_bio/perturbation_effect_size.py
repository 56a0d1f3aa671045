"""Magnitude of the effect of a perturbation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._inputs.conversion import to_numpy
from fastshesha._rows import as_array
from fastshesha._validate import RETURN_TYPES, require_choice

from .effect_size import Moments, effect_size
from .options import require_count, require_share
from .two_sample import TwoSampleMeasure, evaluate

if TYPE_CHECKING:
    from fastshesha._typing import EffectMetric, Matrix, MatrixLike, ReturnType, Score, Seed

EFFECT_METRICS = ("euclidean", "cohen")


def perturbation_effect_size(
    X_control: MatrixLike,
    X_perturbed: MatrixLike,
    metric: EffectMetric = "euclidean",
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    seed: Seed = None,
    return_type: ReturnType = "float",
) -> Score:
    r"""Distance between the means of perturbed samples and of controls.

    Under 'cohen' in units of the pooled standard deviation: with the variances
    :math:`v_j` of the controls and :math:`w_j` of the perturbed samples in feature j,

    .. math:: \frac{\lVert \mu_{perturbed} - \mu_{control} \rVert}
              {\sqrt{\tfrac1d \sum_j (v_j + w_j) / 2} + 10^{-12}}.

    Parameters
    ----------
    X_control : array_like of shape (n_control, n_features) or (n_control,)
        Unperturbed samples, one per row; one-dimensional data are a single feature.
    X_perturbed : array_like of shape (n_perturbed, n_features) or (n_perturbed,)
        Perturbed samples, with the same features.
    metric : {'euclidean', 'cohen'}, default='euclidean'
        The distance itself, or the standardised one.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates for a confidence interval. Each resamples the controls
        and the perturbed samples independently of each other.
    ci : float, default=0.95
        Confidence level of the interval, from 0 to 1; not looked at without replicates.
    seed : int, optional
        Seed of the bootstrap.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.

    Returns
    -------
    float
        Zero or larger, in the units of the data or in standard deviations. NaN where the data
        hold NaN or no row, under 'cohen' also with a single row.
    dict
        With ``n_bootstrap_ci``: 'mean', 'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level'.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError
        An option outside its range, inputs that are not arrays of numbers, or different
        features.
    TypeError
        An input that numpy cannot read, a number of replicates that is no integer, a level that
        is no number, or an unusable ``seed``.

    Warns
    -----
    RuntimeWarning
        numpy's, where there are too few rows for a mean or a variance.

    Notes
    -----
    O((n_control + n_perturbed) n_features) time. The distance of two means is biased upwards:
    without any effect its square is :math:`\sum_j (v_j / n + w_j / m)` on average, which grows
    with the number of features and shrinks with that of samples, and so does its interval's
    lower end. Compare groups of similar size, or with controls treated as if perturbed.

    The standardised form resembles Cohen's d ("Statistical Power Analysis for the Behavioral
    Sciences", 1988) in one feature only; over many, the numerator is a length over all of them
    and the denominator the scale of one. As in Raju's shesha-geometry.

    Examples
    --------
    >>> from fastshesha.bio import perturbation_effect_size
    >>> control = [[0.0, 0.0], [2.0, 0.0]]
    >>> perturbed = [[4.0, 4.0], [4.0, 4.0]]
    >>> perturbation_effect_size(control, perturbed)
    5.0
    >>> round(perturbation_effect_size(control, perturbed, "cohen"), 6)
    7.071068
    """
    require_choice(return_type, "return_type", RETURN_TYPES)
    require_choice(metric, "metric", EFFECT_METRICS)
    if n_bootstrap_ci is not None:
        require_count(n_bootstrap_ci, "n_bootstrap_ci")
        require_share(ci, "ci")
    control, perturbed = _samples(X_control, "X_control"), _samples(X_perturbed, "X_perturbed")
    if _features(control) != _features(perturbed):
        raise ValueError(
            "X_control and X_perturbed must have the same features, "
            f"got shapes {control.shape} and {perturbed.shape}"
        )

    def score(controls: Matrix, group: Matrix) -> float:
        return effect_size(_moments(controls, metric), _moments(group, metric))

    measure = TwoSampleMeasure(
        "perturbation_effect_size", score, seed, {"metric": metric, "seed": seed}
    )
    return evaluate(measure, control, perturbed, n_bootstrap_ci, ci, return_type)


def _samples(X: MatrixLike, name: str) -> Matrix:
    """One sample per entry of the first axis, in whatever numeric type numpy finds."""
    rows = as_array(X, name)
    if rows.dtype.kind not in "biuf":
        rows = to_numpy(rows, name, float)
    if rows.ndim == 0:
        raise np.exceptions.AxisError(f"{name} must have one sample per row, got a single value")
    return rows


def _features(rows: Matrix) -> tuple[int, ...]:
    """The shape of a sample; a lone number is one feature."""
    return rows.shape[1:] or (1,)


def _moments(rows: Matrix, metric: EffectMetric) -> Moments:
    """Moments of samples of any number of dimensions: all axes but the first are features."""
    return Moments.from_rows(rows.reshape(rows.shape[0], math.prod(rows.shape[1:])), metric)
