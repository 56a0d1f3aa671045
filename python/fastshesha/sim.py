"""Similarity of two representations of the same samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._rdms.comparison import compare
from ._sim.cka import cka, cka_linear
from ._sim.cka_corrected import cka_debiased, cka_unbiased
from ._sim.compare_rdms import compare_rdms
from ._sim.pairwise_similarity import pairwise_similarity
from ._sim.procrustes_similarity import procrustes_similarity

if TYPE_CHECKING:
    from ._typing import (
        CorrelationMethod,
        MatrixLike,
        NanPolicy,
        RdmMetric,
        ReturnType,
        Score,
        Seed,
    )

__all__ = [
    "cka",
    "cka_debiased",
    "cka_linear",
    "cka_unbiased",
    "compare_rdms",
    "pairwise_similarity",
    "procrustes_similarity",
    "rdm_similarity",
]


def rdm_similarity(
    X: MatrixLike,
    Y: MatrixLike,
    metric: RdmMetric = "cosine",
    method: CorrelationMethod = "spearman",
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    seed: Seed = None,
    nan_policy: NanPolicy = "raise",
    return_type: ReturnType = "float",
    *,
    max_pairs: float | None = None,
) -> Score:
    """Correlation of the pairwise distances of two representations.

    :func:`fastshesha.rdm_similarity` with ``metric`` and ``method`` the other way round.

    Parameters
    ----------
    X, Y : array_like of shape (n_samples, n_features_x), (n_samples, n_features_y)
        Two representations; row i of both is the same sample.
    metric : {'cosine', 'correlation', 'euclidean'}, default='cosine'
        Distance between samples.
    method : {'spearman', 'pearson'}, default='spearman'
        Correlation of ranks, or of the distances themselves.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    seed : int, optional
        Seed of the bootstrap.
    nan_policy : {'raise', 'omit', 'propagate', 'replace'}, default='raise'
        What happens to distances undefined on either side.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.
    max_pairs : int or float, optional
        Compare at most that many random pairs, as in :func:`fastshesha.rdm_similarity`.

    Returns
    -------
    float, dict or StabilityResult
        As :func:`fastshesha.rdm_similarity`, from -1 to 1.

    Raises
    ------
    ValueError, TypeError
        As :func:`fastshesha.rdm_similarity`.

    Notes
    -----
    Time is O(n^2 d), memory O(n^2), for n samples of d features. The source is told at
    :func:`fastshesha.rdm_similarity`.

    See Also
    --------
    fastshesha.rdm_similarity : ``method`` before ``metric``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.sim import rdm_similarity
    >>> X = np.random.default_rng(0).standard_normal((20, 8))
    >>> round(rdm_similarity(X, 2.0 * X, "euclidean"), 12)
    1.0
    """
    return compare(
        X,
        Y,
        metric,
        method,
        n_bootstrap_ci,
        ci,
        seed,
        nan_policy,
        return_type,
        max_pairs=max_pairs,
    )
