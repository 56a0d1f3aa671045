"""Procrustes similarity of two representations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .paired_forms import evaluate
from .procrustes import Procrustes

if TYPE_CHECKING:
    from fastshesha._typing import MatrixLike, ReturnType, Score, Seed


def procrustes_similarity(
    X: MatrixLike,
    Y: MatrixLike,
    center: bool = True,
    scale: bool = True,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    seed: Seed = None,
    return_type: ReturnType = "float",
) -> Score:
    r"""How well one representation can be rotated and reflected onto another.

    One minus the squared residual of the best orthogonal map, as a share of both sums of
    squares:

    .. math:: 1 - \min_{R^\top R = I} \frac{\lVert X - Y R \rVert_F^2}
              {\lVert X \rVert_F^2 + \lVert Y \rVert_F^2}
              = \frac{2 \lVert X^\top Y \rVert_*}{\lVert X \rVert_F^2 + \lVert Y \rVert_F^2}

    with the sum of singular values :math:`\lVert \cdot \rVert_*`.

    Parameters
    ----------
    X, Y : array_like of shape (n_samples, n_features)
        Two representations of one shape; row i of both is the same sample.
    center : bool, default=True
        Subtract the mean of every feature first.
    scale : bool, default=True
        Divide both by their Frobenius norm first. Without it, representations of different
        size are less similar.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval. Replicates in
        which a feature is constant are skipped.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    seed : int, optional
        Seed of the bootstrap.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.

    Returns
    -------
    float
        From 0 to 1. NaN (also with ``n_bootstrap_ci``) where a feature is constant, which a
        single sample always is, or the norm of a representation is below 1e-12.
    dict
        With ``n_bootstrap_ci``: 'mean', 'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level'.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError
        An option outside its range, an input that is not a finite matrix, or different shapes.
    TypeError
        An input that numpy cannot read, or an unusable ``seed``.

    Notes
    -----
    With more features than samples any two representations can be rotated close to each other:
    the value grows with n_features / n_samples, as that of :func:`cka_linear` does, and a high
    one proves little.

    Only singular values are computed, never the rotation. Time is O(n d^2 + d^3), or
    O(n^2 d + n^3) and memory O(n^2) with at least twice as many features as samples, whose
    bootstrap does not look at the features again but for constant ones.

    The problem is that of Schönemann, "A generalized solution of the orthogonal Procrustes
    problem", Psychometrika 31, 1966.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.sim import procrustes_similarity
    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((50, 4))
    >>> rotation = np.linalg.qr(rng.standard_normal((4, 4)))[0]
    >>> round(procrustes_similarity(X, 5.0 * X @ rotation), 9)
    1.0
    """
    measure = Procrustes(bool(center), bool(scale))
    options = {"center": center, "scale": scale}
    return evaluate(
        measure,
        "procrustes_similarity",
        X,
        Y,
        n_bootstrap_ci,
        ci,
        seed,
        return_type,
        **options,
    )
