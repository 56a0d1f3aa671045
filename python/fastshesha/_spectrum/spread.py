"""Size and directions of the rows: energy, spread of the directions, mean cosine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._spectrum.blocks import ScaledRows, scaled_rows

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, MatrixLike


@dataclass(frozen=True)
class Directions:
    """What the rows, divided by their norms, have in common."""

    n_directed: int
    mean_cosine: float
    normalised_spread: float


def normalised_spread(X: MatrixLike) -> float:
    """Standard deviation of the L2-normalised rows, times the root of the number of features.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Finite embeddings of any integer or floating-point type, at least 2 rows.

    Returns
    -------
    float
        About 1 where directions spread evenly, 0 where all rows point the same way.

    Raises
    ------
    ValueError
        ``X`` is not a finite matrix of numbers, or has fewer than 2 rows.

    Notes
    -----
    Rows are divided by their norm (a row of zeros stays zero), the standard deviation of every
    feature is taken with n - 1 in the denominator and averaged over the features: Chen and He,
    SimSiam (CVPR 2021), section 4.1. Time is O(n d), memory O(d).

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.spectrum import normalised_spread
    >>> round(normalised_spread(np.outer([1.0, 2.0, 3.0], [3.0, 4.0])), 9)
    0.0
    """
    return directions(scaled_rows(X, 2)).normalised_spread


def mean_cosine(X: MatrixLike) -> float:
    """Mean cosine of the angle between two different rows.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Finite embeddings of any integer or floating-point type, at least 2 rows.

    Returns
    -------
    float
        From -1 / (n - 1) to 1; NaN where fewer than two rows differ from zero.

    Raises
    ------
    ValueError
        ``X`` is not a finite matrix of numbers, or has fewer than 2 rows.

    Notes
    -----
    Over all pairs of the n rows that are not zero; with unit rows u it is
    (|sum(u)|^2 - n) / (n (n - 1)), so that no pair is visited: Ethayarajh (EMNLP 2019) calls it
    anisotropy. Time is O(n d), memory O(d).

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.spectrum import mean_cosine
    >>> mean_cosine([[1.0, 0.0], [0.0, 2.0]])
    0.0
    """
    return directions(scaled_rows(X, 2)).mean_cosine


def directions(source: ScaledRows) -> Directions:
    """Sums over the unit rows: the mean first, then the squares about it."""
    total, n_directed = np.zeros(source.n_features), 0
    for block in source.row_blocks():
        n_directed += _normalise(block)
        total += block.sum(axis=0)
    means, squares = total / source.n_samples, np.zeros(source.n_features)
    for block in source.row_blocks():
        _normalise(block)
        squares += ((block - means) ** 2).sum(axis=0)
    deviations = np.sqrt(squares / (source.n_samples - 1))
    spread = float(deviations.mean()) * math.sqrt(source.n_features)
    return Directions(n_directed, _mean_cosine(float(total @ total), n_directed), spread)


def _normalise(block: FloatArray) -> int:
    """Divide the rows by their norms in place; return how many are not zero."""
    norms = np.linalg.norm(block, axis=1, keepdims=True)
    directed = norms > 0.0
    block /= np.where(directed, norms, 1.0)
    return int(np.count_nonzero(directed))


def _mean_cosine(squared_length: float, n_directed: int) -> float:
    if n_directed < 2:
        return math.nan
    return (squared_length - n_directed) / (n_directed * (n_directed - 1.0))


def energy(X: MatrixLike) -> float:
    """Mean of the squared values.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Finite embeddings of any integer or floating-point type, at least 1 row.

    Returns
    -------
    float
        At least 0; infinite where the mean is beyond the range of float64.

    Raises
    ------
    ValueError
        ``X`` is not a finite matrix of numbers, or is empty.

    Notes
    -----
    The squared Frobenius norm divided by the number of values. Time is O(n d), memory O(1).

    Examples
    --------
    >>> from fastshesha.spectrum import energy
    >>> energy([[3.0, 4.0]])
    12.5
    """
    return mean_square(scaled_rows(X, 1))


def mean_square(source: ScaledRows) -> float:
    total = sum(float(np.vdot(block, block)) for block in source.row_blocks())
    mean = total / (source.n_samples * source.n_features)
    # The scale is at most 2^1023: taken twice, the product runs to infinity without an error.
    return mean * source.scale * source.scale
