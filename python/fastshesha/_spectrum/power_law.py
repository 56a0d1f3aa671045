"""How fast the eigenvalues of the covariance fall: alpha-ReQ."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._spectrum.blocks import scaled_rows
from fastshesha._spectrum.eigenvalues import spectra
from fastshesha._validate import require_int

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, MatrixLike

_FEWEST_VALUES = 3


def alpha_req(X: MatrixLike, *, first: int = 1, last: int | None = None) -> float:
    """Exponent of the power law that the eigenvalues of the covariance follow, as in alpha-ReQ.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Finite embeddings of any integer or floating-point type, at least 2 rows.
    first, last : int, default=1, None
        The eigenvalues to fit, counted from 1 for the largest; None stands for the last that is
        not zero.

    Returns
    -------
    float
        0 where all eigenvalues are equal; larger the faster they fall. NaN where fewer than three
        eigenvalues in the range are positive.

    Raises
    ------
    ValueError
        ``X`` is not a finite matrix of numbers or has fewer than 2 rows, or the range is empty.

    Notes
    -----
    The j-th eigenvalue of the covariance is taken to be proportional to j^-alpha; alpha is the
    least-squares slope of -log(eigenvalue) on log(j): Agrawal et al., alpha-ReQ (NeurIPS 2022).
    Which eigenvalues are fitted changes the number, and published code differs in it; here it is
    all of them unless a range is given. Time is O(n d min(n, d)), memory O(min(n, d)^2).

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.spectrum import alpha_req
    >>> X = np.vstack([np.diag([1.0, 1 / 2, 1 / 3, 1 / 4]), -np.diag([1.0, 1 / 2, 1 / 3, 1 / 4])])
    >>> round(alpha_req(X), 9)
    2.0
    """
    require_int(first, "first")
    require_int(last, "last", allow_none=True)
    if last is not None and last < first:
        raise ValueError(f"last must be at least first = {first}, got {last}")
    return power_law(spectra(scaled_rows(X, 2)).centred, first, last)


def power_law(values: FloatArray, first: int = 1, last: int | None = None) -> float:
    """Slope of -log(value) on log(position), over the positive values of a range."""
    positions = np.arange(1, len(values) + 1)[first - 1 : last]
    fitted = values[first - 1 : last]
    positive = fitted > 0.0
    if np.count_nonzero(positive) < _FEWEST_VALUES:
        return math.nan
    x, y = np.log(positions[positive]), -np.log(fitted[positive])
    x -= x.mean()
    return float(x @ (y - y.mean()) / (x @ x))
