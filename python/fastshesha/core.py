"""The metrics under the names of the original's module ``core``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._rdms.comparison import compare
from ._rdms.distances import compute_rdm
from ._splits.anchor_stability import anchor_stability
from ._splits.feature_split import feature_split
from ._splits.sample_split import sample_split
from ._supervised.alignment import supervised_alignment
from ._supervised.class_separation import class_separation_ratio
from ._supervised.lda import lda_stability
from ._supervised.variance_ratio import variance_ratio
from ._variants import shesha

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
    "anchor_stability",
    "class_separation_ratio",
    "compute_rdm",
    "feature_split",
    "lda_stability",
    "rdm_drift",
    "rdm_similarity",
    "sample_split",
    "shesha",
    "supervised_alignment",
    "variance_ratio",
]


def rdm_similarity(
    X: MatrixLike,
    Y: MatrixLike,
    method: CorrelationMethod = "spearman",
    metric: RdmMetric = "cosine",
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    seed: Seed = None,
    nan_policy: NanPolicy = "raise",
    return_type: ReturnType = "float",
    *,
    max_pairs: float | None = None,
) -> Score:
    """Correlation of the pairwise distances of two representations of the same samples.

    Parameters
    ----------
    X, Y : array_like of shape (n_samples, n_features_x), (n_samples, n_features_y)
        Two representations; row i of both is the same sample.
    method : {'spearman', 'pearson'}, default='spearman'
        Correlation of ranks, or of the distances themselves.
    metric : {'cosine', 'correlation', 'euclidean'}, default='cosine'
        Distance between samples.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    seed : int, optional
        Seed of the bootstrap, or of the sample of pairs.
    nan_policy : {'raise', 'omit', 'propagate', 'replace'}, default='raise'
        What happens to distances undefined on either side: an error, leave the pairs out,
        return NaN, or take 1.0. 'omit' and 'replace' warn.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult, whose bootstrap leaves out pairs of a sample with
        itself.
    max_pairs : int or float, optional
        Compare at most that many random pairs of samples, at least 8 for each sample; 'spearman'
        only, and not together with ``n_bootstrap_ci``. Results tell the error that it makes as
        ``pair_se``, and a t-interval of level ``ci`` for the value over all pairs as
        ``pair_ci_low`` and ``pair_ci_high`` in their metadata.

    Returns
    -------
    float
        Correlation, from -1 to 1. NaN with fewer than 3 samples, 0.0 where all distances of one
        side are equal.
    dict
        With ``n_bootstrap_ci``: 'mean', 'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level',
        where 'mean' is the mean of the replicates.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError
        An option outside its range, an input that is not a finite matrix, different numbers of
        samples, or undefined distances under ``nan_policy='raise'``.
    TypeError
        An input that numpy cannot read, or an unusable ``seed``.

    Warns
    -----
    UserWarning
        Undefined distances were left out or replaced.
    ConstantInputWarning, NearConstantInputWarning
        One side is constant up to rounding (then NaN), or nearly so under 'pearson'. SciPy's
        classes where SciPy is loaded, else those of this package; RuntimeWarnings either way.

    See Also
    --------
    rdm_drift : One minus this.
    fastshesha.sim.rdm_similarity : ``metric`` before ``method``.

    Notes
    -----
    Time is O(n^2 d), memory O(n^2). Under 'spearman', more than 2^28 pairs (see
    :func:`fastshesha.config`) are streamed in some tens of MiB per thread; the metadata of a
    result then hold ``error_bound``, a bound on how far the value of the exact ranks can lie
    away, and ``tile_dtype``, in which distances were computed; cosines that differ by 1e-11 or
    less count as tied there, and squared distances by 2e-11 of the mean squared length of a
    centred row. With ``max_pairs``, time is O((n + max_pairs) d). Under 'pearson', so many pairs
    take O(n d^2) time and O(d^2) memory, and no bound; under 'euclidean' they are gone through in
    tiles.

    This is representational similarity analysis as in Kriegeskorte, Mur and Bandettini,
    "Representational similarity analysis", Frontiers in Systems Neuroscience 2:4, 2008, in the
    form of Raju's shesha-geometry.

    Examples
    --------
    >>> import numpy as np
    >>> import fastshesha
    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((50, 16))
    >>> Y = X + 0.1 * rng.standard_normal((50, 16))
    >>> fastshesha.rdm_similarity(X, Y) > 0.95
    True
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


def rdm_drift(
    X: MatrixLike,
    Y: MatrixLike,
    method: CorrelationMethod = "spearman",
    metric: RdmMetric = "cosine",
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    seed: Seed = None,
    nan_policy: NanPolicy = "raise",
    return_type: ReturnType = "float",
    *,
    max_pairs: float | None = None,
) -> Score:
    """How far the pairwise geometry has moved: one minus :func:`rdm_similarity`.

    Parameters
    ----------
    X, Y : array_like of shape (n_samples, n_features_x), (n_samples, n_features_y)
        The earlier and the later representation; row i of both is the same sample.
    method : {'spearman', 'pearson'}, default='spearman'
        Correlation of ranks, or of the distances themselves.
    metric : {'cosine', 'correlation', 'euclidean'}, default='cosine'
        Distance between samples.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    seed : int, optional
        Seed of the bootstrap, or of the sample of pairs.
    nan_policy : {'raise', 'omit', 'propagate', 'replace'}, default='raise'
        What happens to undefined distances, as in :func:`rdm_similarity`.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.
    max_pairs : int or float, optional
        Compare at most that many random pairs, as in :func:`rdm_similarity`.

    Returns
    -------
    float
        Drift, from 0 (same ranking of distances) over 1 (unrelated) to 2 (reversed). NaN with
        fewer than 3 samples, 1.0 where all distances of one side are equal.
    dict
        With ``n_bootstrap_ci``: 'mean', 'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level'.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError, TypeError
        As :func:`rdm_similarity`.

    Warns
    -----
    UserWarning, ConstantInputWarning, NearConstantInputWarning
        As :func:`rdm_similarity`.

    See Also
    --------
    rdm_similarity : One minus this.

    Notes
    -----
    Time is O(n^2 d), memory O(n^2). A drift tells that the geometry has moved, neither why nor
    whether for the better; the formula is that of Raju's shesha-geometry.

    Examples
    --------
    >>> import numpy as np
    >>> import fastshesha
    >>> X = np.random.default_rng(0).standard_normal((50, 16))
    >>> abs(fastshesha.rdm_drift(X, 3.0 * X)) < 1e-12
    True
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
        is_drift=True,
        max_pairs=max_pairs,
    )
