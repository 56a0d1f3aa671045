"""The unbiased criterion of a resample, over tuples of distinct samples.

HSIC is a U-statistic: a mean over tuples of four different samples. A sample that was drawn
twice is not two different ones; taken as such, its kernel with itself would bring back the bias
that the estimator removes. A resample therefore weights the tuples of distinct samples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray


def distinct_criterion(
    sums: FloatArray, of_k: FloatArray, of_l: FloatArray, counts: FloatArray
) -> FloatArray:
    """HSIC of two kernels K and L without their diagonals, weighted by counts w.

    The mean of K_ij L_ij - 2 K_ij L_iq + K_ij L_qr over distinct i, j, q, r with weights
    w_i w_j w_q w_r. Sums over distinct indices are sums over all less those with equal ones.

    Parameters
    ----------
    sums : ndarray, first axis of length 3
        Sums over i and j of K_ij L_ij times w_i w_j, w_i w_j^2 and w_i^2 w_j^2.
    of_k, of_l : ndarray, first axis of length 2
        The kernels times w and times w^2, samples along the second axis.
    counts : ndarray
        w, samples along the first axis. Further axes of all arguments are carried along.

    Returns
    -------
    ndarray
        NaN with fewer than four distinct samples.
    """
    pairs, mixed, squared = sums
    (p, p_squares), (q, q_squares) = of_k, of_l
    s1, s2, s3, s4 = ((counts**power).sum(axis=0) for power in (1, 2, 3, 4))
    of_pairs = (s1**2 - s2) * pairs - 2 * s1 * mixed + 2 * squared
    of_triples = counts * (p_squares * q + p * q_squares) - counts * (counts + s1) * p * q
    of_quadruples = (counts * p).sum(axis=0) * (counts * q).sum(axis=0)
    weight = s1**4 - 6 * s1**2 * s2 + 3 * s2**2 + 8 * s1 * s3 - 6 * s4
    value: FloatArray = of_pairs + 2 * of_triples.sum(axis=0) + of_quadruples
    return value / np.where(weight > 0, weight, np.nan)
