"""Similarity of two representations of the same samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._rdm_comparison import compare

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

__all__ = ["rdm_similarity"]


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
) -> Score:
    """Correlation of the pairwise distances of two representations.

    The same as :func:`fastshesha.rdm_similarity`, which documents parameters, return forms and
    errors; only the order of ``metric`` and ``method`` differs.

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
    return compare(X, Y, metric, method, n_bootstrap_ci, ci, seed, nan_policy, return_type)
