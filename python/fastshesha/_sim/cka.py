"""CKA as it is mostly used, and by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .alignment import Alignment
from .paired_forms import evaluate

if TYPE_CHECKING:
    from fastshesha._typing import MatrixLike, ReturnType, Score, Seed


def cka_linear(
    X: MatrixLike,
    Y: MatrixLike,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    seed: Seed = None,
    return_type: ReturnType = "float",
) -> Score:
    r"""Centred kernel alignment of two representations with linear kernels.

    With features centred over the samples,

    .. math:: \frac{\lVert X^\top Y \rVert_F^2}
              {\lVert X^\top X \rVert_F \, \lVert Y^\top Y \rVert_F + 10^{-12}}.

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
        From 0 to 1; 1.0 for representations equal up to rotation and isotropic scaling.
    dict
        With ``n_bootstrap_ci``: 'mean', 'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level',
        where 'mean' is the mean of the replicates.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError
        An option outside its range, an input that is not a finite matrix, or different numbers
        of samples.
    TypeError
        An input that numpy cannot read, or an unusable ``seed``.

    See Also
    --------
    cka_unbiased : Near 0 for unrelated representations, however few the samples.
    pairwise_similarity : Many representations against many.

    Notes
    -----
    The value depends on the number of samples: with n samples of d independent features it is
    near d / (n + d), not near 0, for representations that have nothing in common. Compare values
    of equal n and d only, or use :func:`cka_unbiased`. It is dominated by the directions of
    largest variance, and a value of 1 does not say that two networks compute alike elsewhere.

    Time is O(n d min(n, d)) and memory O(min(n, d)^2); float32 and integers are widened block
    by block. A bootstrap weights the samples; for up to a few hundred samples, or fewer samples
    than features, a replicate costs O(n^2), whatever d is.

    The measure is that of Kornblith, Norouzi, Lee and Hinton, "Similarity of neural network
    representations revisited", ICML 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.sim import cka_linear
    >>> X = np.random.default_rng(0).standard_normal((100, 8))
    >>> round(cka_linear(X, 3.0 * X[:, ::-1]), 9)
    1.0
    """
    alignment = Alignment("linear")
    return evaluate(alignment, "cka_linear", X, Y, n_bootstrap_ci, ci, seed, return_type)


def cka(
    X: MatrixLike,
    Y: MatrixLike,
    debiased: bool = False,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    seed: Seed = None,
    return_type: ReturnType = "float",
) -> Score:
    """Centred kernel alignment: :func:`cka_linear`, or :func:`cka_debiased` if asked for.

    Parameters
    ----------
    X, Y : array_like of shape (n_samples, n_features_x), (n_samples, n_features_y)
        Two representations; row i of both is the same sample.
    debiased : bool, default=False
        Take :func:`cka_debiased`, which is not unbiased; that is :func:`cka_unbiased`.
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
    float, dict or StabilityResult
        What the chosen function returns.

    Raises
    ------
    ValueError, TypeError
        What the chosen function raises.

    Notes
    -----
    Range, cost and source are told at the two functions.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha import sim
    >>> rng = np.random.default_rng(0)
    >>> X, Y = rng.standard_normal((60, 8)), rng.standard_normal((60, 5))
    >>> sim.cka(X, Y) == sim.cka_linear(X, Y)
    True
    """
    alignment = Alignment("debiased" if debiased else "linear")
    return evaluate(
        alignment, "cka", X, Y, n_bootstrap_ci, ci, seed, return_type, debiased=debiased
    )
