"""CKA corrected for the number of samples: as the original does it, and unbiased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .alignment import Alignment
from .paired_forms import evaluate

if TYPE_CHECKING:
    from fastshesha._typing import MatrixLike, ReturnType, Score, Seed


def cka_debiased(
    X: MatrixLike,
    Y: MatrixLike,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    seed: Seed = None,
    return_type: ReturnType = "float",
) -> Score:
    r"""CKA with a partial correction for the number of samples, as shesha 0.3.0 defines it.

    Despite its name it is **not unbiased**: for independent data of 50 samples and 200 features
    it gives about 0.80, as :func:`cka_linear` does. It stays for agreement with published
    values; :func:`cka_unbiased` is the estimator that the name promises.

    Parameters
    ----------
    X, Y : array_like of shape (n_samples, n_features_x), (n_samples, n_features_y)
        Two representations; row i of both is the same sample.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    seed : int, optional
        Seed of the bootstrap.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.

    Returns
    -------
    float
        Mostly from 0 to 1. 0.0 where a representation does not vary; with fewer than 4 samples,
        that of :func:`cka_linear`.
    dict
        With ``n_bootstrap_ci``: 'mean', 'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level'.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError
        An option outside its range, an input that is not a finite matrix, or different numbers
        of samples.
    TypeError
        An input that numpy cannot read, or an unusable ``seed``.

    Notes
    -----
    With centred kernels K and L it takes

    .. math:: \langle K, L \rangle + \frac{\operatorname{tr} K \operatorname{tr} L}
              {(n - 1)(n - 2)} - \frac{2}{n - 2} \sum_i K_{ii} L_{ii}

    for the criterion of independence. The unbiased one has :math:`n / (n - 2)` for the last
    factor, which removes the products of the diagonals from the first term.

    Time and memory are those of :func:`cka_linear`; no n x n matrix is made where the features
    are fewer than the samples.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha import sim
    >>> rng = np.random.default_rng(0)
    >>> X, Y = rng.standard_normal((50, 200)), rng.standard_normal((50, 200))
    >>> sim.cka_debiased(X, Y) > 0.75
    True
    >>> abs(sim.cka_unbiased(X, Y)) < 0.1
    True
    """
    alignment = Alignment("debiased")
    return evaluate(alignment, "cka_debiased", X, Y, n_bootstrap_ci, ci, seed, return_type)


def cka_unbiased(
    X: MatrixLike,
    Y: MatrixLike,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    seed: Seed = None,
    return_type: ReturnType = "float",
) -> Score:
    r"""CKA from unbiased estimates of the criterion of independence.

    Unlike :func:`cka_linear` and :func:`cka_debiased`, it is about 0 for representations that
    have nothing in common, however few the samples are next to the features.

    Parameters
    ----------
    X, Y : array_like of shape (n_samples, n_features_x), (n_samples, n_features_y)
        Two representations; row i of both is the same sample.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval. A sample drawn
        several times weighs more, but is not compared with itself, which would bring the bias
        back; replicates of fewer than 4 distinct samples are skipped.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    seed : int, optional
        Seed of the bootstrap; draws the same samples as for :func:`cka_debiased`.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.

    Returns
    -------
    float
        At most about 1, and below 0 about as often as above for independent data. NaN with fewer
        than 4 samples, or where the estimate of a representation with itself is not positive.
    dict
        With ``n_bootstrap_ci``: 'mean', 'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level'.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError
        An option outside its range, an input that is not a finite matrix, or different numbers
        of samples.
    TypeError
        An input that numpy cannot read, or an unusable ``seed``.

    Notes
    -----
    The three criteria, of X with Y and of each with itself, are unbiased; their ratio is not
    exactly, but its bias vanishes with n instead of staying at d / (n + d). With centred kernels
    K and L the criterion is, up to a factor,

    .. math:: \langle K, L \rangle + \frac{\operatorname{tr} K \operatorname{tr} L}
              {(n - 1)(n - 2)} - \frac{n}{n - 2} \sum_i K_{ii} L_{ii}.

    Time is O(n d min(n, d)) and memory O(min(n, d)^2).

    The estimator is that of Song, Smola, Gretton, Bedo and Borgwardt, "Feature selection via
    dependence maximization", JMLR 13, 2012, used for CKA by Nguyen, Raghu and Kornblith, "Do
    wide and deep networks learn the same things?", ICLR 2021.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.sim import cka_unbiased
    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((40, 300))
    >>> abs(cka_unbiased(X, rng.standard_normal((40, 300)))) < 0.1
    True
    >>> round(cka_unbiased(X, -X), 9)
    1.0
    """
    alignment = Alignment("unbiased")
    return evaluate(alignment, "cka_unbiased", X, Y, n_bootstrap_ci, ci, seed, return_type)
