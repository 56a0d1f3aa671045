"""How many directions an embedding uses: effective rank and participation ratios."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from fastshesha._spectrum.blocks import ScaledRows, scaled_rows
from fastshesha._spectrum.eigenvalues import (
    centred_row_blocks,
    second_moments,
    spectra,
)
from fastshesha._validate import require_choice

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, MatrixLike

RANKME_EPSILON = 1e-7
SPECTRA = ("singular", "eigen")


def effective_rank(
    X: MatrixLike,
    *,
    center: bool = False,
    spectrum: Literal["singular", "eigen"] = "singular",
    eps: float = RANKME_EPSILON,
) -> float:
    """Effective rank as RankMe defines it: the exponential of the entropy of the spectrum.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Finite embeddings of any integer or floating-point type, at least 2 rows.
    center : bool, default=False
        Subtract the mean of every feature first. RankMe does not.
    spectrum : {'singular', 'eigen'}, default='singular'
        Take the singular values of the matrix, as RankMe does, or their squares, which are the
        eigenvalues of the second moments.
    eps : float, default=1e-7
        Added to every share, so that its logarithm is defined. At least 0; with 0, shares of 0
        are left out.

    Returns
    -------
    float
        From 1 to min(n_samples, n_features), but for the effect of ``eps``; NaN where all values
        are zero.

    Raises
    ------
    ValueError
        ``X`` is not a finite matrix of numbers or has fewer than 2 rows, ``spectrum`` is unknown,
        or ``eps`` is not a finite number of at least 0.

    Notes
    -----
    With singular values s_k, p_k = s_k / sum(s) + eps and the result is exp(-sum(p_k log p_k)):
    Garrido et al., RankMe (ICML 2023), equation 1; the entropy is that of Roy and Vetterli
    (EUSIPCO 2007). Squared singular values below max(n, d) times the machine epsilon times the
    largest count as zero. Time is O(n d min(n, d)), memory O(min(n, d)^2) beside the input.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.spectrum import effective_rank
    >>> round(effective_rank(np.eye(8), eps=0.0), 9)
    8.0
    """
    require_choice(spectrum, "spectrum", SPECTRA)
    if not (math.isfinite(eps) and eps >= 0.0):
        raise ValueError(f"eps must be a finite number >= 0, got {eps!r}")
    both = spectra(scaled_rows(X, 2))
    values = both.centred if center else both.uncentred
    return entropy_rank(np.sqrt(values) if spectrum == "singular" else values, eps)


def entropy_rank(values: FloatArray, eps: float) -> float:
    """Exponential of the entropy of the shares; NaN where there is nothing to share."""
    total = float(values.sum())
    if total <= 0.0:
        return math.nan
    shares = values / total + eps
    shares = shares[shares > 0.0]
    return float(np.exp(-np.sum(shares * np.log(shares))))


def participation_ratio(X: MatrixLike) -> float:
    """Participation ratio of the covariance: how many principal directions carry the variance.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Finite embeddings of any integer or floating-point type, at least 2 rows.

    Returns
    -------
    float
        From 1 to min(n_samples - 1, n_features); NaN where all rows are equal.

    Raises
    ------
    ValueError
        ``X`` is not a finite matrix of numbers, or has fewer than 2 rows.

    Notes
    -----
    sum(l)^2 / sum(l^2) over the eigenvalues l of the covariance, which is trace(C)^2 divided by
    the squared Frobenius norm of C, so that no eigenvalue is computed: Gao et al. (2017), A theory
    of multineuronal dimensionality. Time is O(n d min(n, d)), memory O(min(n, d)^2).

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.spectrum import participation_ratio
    >>> round(participation_ratio(np.vstack([np.eye(4), -np.eye(4)])), 9)
    4.0
    """
    return trace_ratio(second_moments(scaled_rows(X, 2), center=True))


def trace_ratio(products: FloatArray) -> float:
    """Squared trace over squared Frobenius norm."""
    return _ratio(float(np.trace(products)) ** 2, float(np.vdot(products, products)))


def feature_participation_ratio(X: MatrixLike) -> float:
    """Participation ratio of the features' variances: how many features carry the variance.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Finite embeddings of any integer or floating-point type, at least 2 rows.

    Returns
    -------
    float
        From 1 to n_features; NaN where all rows are equal.

    Raises
    ------
    ValueError
        ``X`` is not a finite matrix of numbers, or has fewer than 2 rows.

    Notes
    -----
    sum(v)^2 / sum(v^2) over the variances v of the features: the participation ratio of the
    diagonal of the covariance. Unlike that of the covariance it depends on the basis, and falls
    when features die. Time is O(n d), memory O(d).

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.spectrum import feature_participation_ratio
    >>> feature_participation_ratio([[0.0, 1.0, 5.0], [1.0, 0.0, 5.0]])
    2.0
    """
    return variance_ratio_of_features(scaled_rows(X, 2))


def variance_ratio_of_features(source: ScaledRows) -> float:
    """The participation ratio of the sums of squares about the mean."""
    squares = np.zeros(source.n_features)
    for block in centred_row_blocks(source):
        squares += (block**2).sum(axis=0)
    return _ratio(float(squares.sum()) ** 2, float(np.vdot(squares, squares)))


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator > 0.0 else math.nan
