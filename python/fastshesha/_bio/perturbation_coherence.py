"""Coherence of a perturbation, by any of the three methods."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from fastshesha._rows import as_rows
from fastshesha._validate import RETURN_TYPES, require_bootstrap, require_choice

from .methods import FEWEST_SAMPLES, CoherenceOptions, ControlReference
from .two_sample import TwoSampleMeasure, evaluate

if TYPE_CHECKING:
    from fastshesha._typing import (
        CoherenceMethod,
        CoherenceMetric,
        Matrix,
        MatrixLike,
        ReturnType,
        Score,
        Seed,
    )


def perturbation_coherence(
    X_control: MatrixLike,
    X_perturbed: MatrixLike,
    method: CoherenceMethod = "standard",
    metric: CoherenceMetric = "cosine",
    k: int = 50,
    regularization: float = 1e-6,
    seed: Seed = None,
    max_samples: int | None = 1000,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    return_type: ReturnType = "float",
) -> Score:
    r"""Agreement in direction among the shifts of single perturbed samples.

    The shift of a sample is its difference from a reference among the controls. Coherence is
    the mean cosine between the shifts :math:`s_i` and their mean :math:`\bar s`,

    .. math:: \frac1n \sum_i \frac{s_i \cdot \bar s}{\lVert s_i \rVert \lVert \bar s \rVert}.

    Parameters
    ----------
    X_control : array_like of shape (n_control, n_features)
        Unperturbed samples, one per row.
    X_perturbed : array_like of shape (n_perturbed, n_features)
        Perturbed samples, with the same features.
    method : {'standard', 'whitened', 'knn'}, default='standard'
        The reference: the mean of all controls; the same after a linear map that gives the
        controls unit covariance; or for each sample the mean of its nearest controls.
    metric : {'cosine', 'euclidean'}, default='cosine'
        Under 'standard', 'euclidean' takes one minus the mean square deviation of the shifts
        from their mean over their mean square. Under 'knn', the distance to the controls.
        Under 'whitened' it has no meaning.
    k : int, default=50
        Neighbours under 'knn'; all controls where there are fewer.
    regularization : float, default=1e-6
        Under 'whitened', added to the diagonal of the covariance, and the least eigenvalue.
    seed : int, optional
        Seed of the subsample and of the bootstrap.
    max_samples : int, optional
        Draw that many perturbed samples at random when there are more; None takes all.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates for a confidence interval. Each resamples the controls
        and the perturbed samples independently of each other.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.

    Returns
    -------
    float
        From -1 to 1. NaN with fewer than 5 controls or 5 perturbed samples; 0.0 where the mean
        shift is shorter than 1e-12 or, under 'whitened' and 'knn', fewer than 5 samples are
        shifted at all.
    dict
        With ``n_bootstrap_ci``: 'mean', 'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level',
        where 'mean' is the mean of the replicates.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError
        An option outside its range, an input that is not a finite matrix, different numbers of
        features, or under 'knn' none at all.
    TypeError
        An input that numpy cannot read, or an unusable ``seed``.

    Warns
    -----
    RuntimeWarning
        Squares of the data overflow.

    See Also
    --------
    perturbation_effect_size : How far the mean moves.
    compute_coherence : All perturbations of an AnnData object.

    Notes
    -----
    A perturbation without any effect does not score 0: the mean shift is made of the very
    shifts that are compared with it, which gives about ``1 / sqrt(n_perturbed)`` for spherical
    noise, and more where few directions hold most of the variance. A score is evidence of an
    effect only against that of controls treated as if perturbed, in groups of the same size.
    A high score says that samples move alike, not that the perturbation is the cause.

    'standard' takes O((n_control + n_perturbed) d) time, 'whitened' O(n_control d^2 + d^3)
    time and O(d^2) memory. 'knn' compares each perturbed sample with all controls,
    O(n_control n_perturbed d) time, in blocks of at most 32 MiB of distances. Its neighbours
    are those of scikit-learn's ``NearestNeighbors`` with its default settings, which is not
    needed here.

    The measure is that of Raju's shesha-geometry.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.bio import perturbation_coherence
    >>> rng = np.random.default_rng(0)
    >>> control = rng.standard_normal((200, 20))
    >>> perturbed = rng.standard_normal((100, 20)) + 2.0
    >>> perturbation_coherence(control, perturbed) > 0.8
    True
    >>> interval = perturbation_coherence(control, perturbed, n_bootstrap_ci=50, seed=0)
    >>> interval["ci_low"] < interval["mean"] < interval["ci_high"]
    True
    """
    require_choice(return_type, "return_type", RETURN_TYPES)
    # Without replicates, results do not look at the confidence level.
    if return_type != "result" or n_bootstrap_ci is not None:
        require_bootstrap(n_bootstrap_ci, ci)
    options = CoherenceOptions(method, metric, k, regularization, seed, max_samples)
    control, perturbed = as_rows(X_control, "X_control"), as_rows(X_perturbed, "X_perturbed")
    _require_same_features(control, perturbed)
    measure = TwoSampleMeasure(
        "perturbation_coherence",
        partial(_coherence, options=options),
        seed,
        vars(options),
        max_samples,
    )
    return evaluate(measure, control, perturbed, n_bootstrap_ci, ci, return_type)


def _coherence(control: Matrix, perturbed: Matrix, options: CoherenceOptions) -> float:
    # Nothing is computed of the controls, nor warned of, where they are not used.
    if perturbed.shape[0] < FEWEST_SAMPLES:
        return math.nan
    return ControlReference.from_rows(control, options).coherence(perturbed)


def _require_same_features(control: Matrix, perturbed: Matrix) -> None:
    if control.shape[1] != perturbed.shape[1]:
        raise ValueError(
            "X_control and X_perturbed must have the same number of features (columns), "
            f"got shapes {control.shape} and {perturbed.shape}"
        )
