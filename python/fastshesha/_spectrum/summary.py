"""All scores of one matrix, with what they share computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastshesha._spectrum.blocks import scaled_rows
from fastshesha._spectrum.eigenvalues import spectra
from fastshesha._spectrum.power_law import power_law
from fastshesha._spectrum.rank import (
    RANKME_EPSILON,
    entropy_rank,
    trace_ratio,
    variance_ratio_of_features,
)
from fastshesha._spectrum.spread import directions, mean_square

if TYPE_CHECKING:
    from fastshesha._typing import MatrixLike


def summary(X: MatrixLike) -> dict[str, float]:
    """All scores of this module at once, at less than the cost of one by one.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Finite embeddings of any integer or floating-point type, at least 2 rows.

    Returns
    -------
    dict of str to float
        ``effective_rank``, ``participation_ratio``, ``feature_participation_ratio``,
        ``normalised_spread``, ``energy``, ``mean_cosine`` and ``alpha_req``, each as its function
        gives it with default options. What is not defined is NaN.

    Raises
    ------
    ValueError
        ``X`` is not a finite matrix of numbers, or has fewer than 2 rows.

    Notes
    -----
    Time is O(n d min(n, d)), memory O(min(n, d)^2) beside the input, which is read in blocks and
    never copied as a whole.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.spectrum import summary
    >>> summary(np.array([[0.0, 1.0], [1.0, 0.0]]))["energy"]
    0.5
    """
    source = scaled_rows(X, 2)
    both = spectra(source)
    found = directions(source)
    return {
        "effective_rank": entropy_rank(np.sqrt(both.uncentred), RANKME_EPSILON),
        "participation_ratio": trace_ratio(both.covariance),
        "feature_participation_ratio": variance_ratio_of_features(source),
        "normalised_spread": found.normalised_spread,
        "energy": mean_square(source),
        "mean_cosine": found.mean_cosine,
        "alpha_req": power_law(both.centred),
    }
