"""Feature-split stability: do random halves of the coordinates tell the same geometry?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastshesha._rows import as_source
from fastshesha._validate import as_max_pairs

from .forms import score_matrix
from .options import SplitOptions, checked_rule

if TYPE_CHECKING:
    from fastshesha._typing import MatrixLike, NanPolicy, ReturnType, Score, Seed, SplitMetric

_LIST_ADVICE = (
    "; X is a list, which means a batch of matrices: for one matrix pass numpy.asarray(X)"
)


def feature_split(
    X: MatrixLike | list[Any],
    n_splits: int = 30,
    metric: SplitMetric = "cosine",
    seed: Seed = None,
    max_samples: int | None = 1600,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    return_all_splits: bool = False,
    nan_policy: NanPolicy = "raise",
    return_type: ReturnType = "float",
    target_mc_se: float | None = None,
    max_splits: int | None = None,
    *,
    max_pairs: float | None = None,
) -> Score | list[Score]:
    r"""Agreement of the pairwise geometry of random halves of the features.

    The features are split at random into two halves of equal size, the distances between all
    samples are taken in each half, and the two sets of distances are compared by Spearman's
    rank correlation. The score is the mean over splits,

    .. math:: \frac{1}{S} \sum_{s=1}^{S}
              \rho\bigl(D(X_{\cdot A_s}),\, D(X_{\cdot B_s})\bigr),

    with disjoint feature sets :math:`A_s, B_s` of :math:`\lfloor d/2 \rfloor` features each.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features), or list of such
        Embeddings, one row per sample. A list is always a batch of matrices and gives a list
        of results.
    n_splits : int, default=30
        Number of random splits, at least 1; the least number when ``target_mc_se`` is given.
    metric : {'cosine', 'correlation'}, default='cosine'
        Distance between samples. For cosine, rows are scaled to unit length over all features
        before they are split.
    seed : int, optional
        Seed of the subsample and of the splits.
    max_samples : int or None, default=1600
        Draw that many samples at random when there are more.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    return_all_splits : bool, default=False
        Return a dict with the score of every split; not together with ``n_bootstrap_ci``,
        ignored under ``return_type='result'``.
    nan_policy : {'raise', 'omit', 'propagate', 'replace'}, default='raise'
        What happens to undefined distances, such as those of a sample that is zero on one half:
        an error, leave the pairs out, return NaN, or take 1.0. 'omit' and 'replace' warn.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult. Its bootstrap keeps the splits of the full data and
        leaves out pairs of a sample with itself.
    target_mc_se : float, optional
        Go on after ``n_splits`` splits until the standard error of the mean over splits is at
        most this. With ``n_bootstrap_ci`` it needs ``return_type='result'``.
    max_splits : int, optional
        Where to give up on ``target_mc_se``; the larger of ``n_splits`` and 500 by default.
    max_pairs : int or float, optional
        Compare at most that many random pairs of all samples, the same ones in every split;
        ``max_samples`` is ignored then. At least 8 for each sample. Not together with
        ``n_bootstrap_ci``. Results tell the error that it makes as ``pair_se``, and a
        t-interval of level ``ci`` for the score of all pairs as ``pair_ci_low`` and
        ``pair_ci_high`` in their metadata.

    Returns
    -------
    float
        Mean correlation, from -1 to 1. NaN with fewer than 4 samples or 4 features, or when no
        split could be scored.
    dict
        With ``return_all_splits``: 'mean' and 'split_scores'. With ``n_bootstrap_ci``: 'mean',
        'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level', where 'mean' is the mean of the
        replicates, not the score of the data.
    StabilityResult
        With ``return_type='result'``.
    list
        One of these for each matrix when ``X`` is a list.

    Raises
    ------
    ValueError
        An option outside its range, ``X`` not a finite matrix, options that exclude each other,
        or undefined distances under ``nan_policy='raise'``.
    TypeError
        ``X`` cannot be read by numpy, or an unusable ``seed``.

    Warns
    -----
    UserWarning
        Undefined distances were left out or replaced, or the target was not reached.

    See Also
    --------
    supervised_alignment : Agreement of the geometry with class labels.
    rdm_similarity : Agreement of the geometry of two representations of the same samples.

    Notes
    -----
    The score tells whether the relations between samples are spread over the coordinates, so
    that either half shows them. It depends on the coordinate basis: a rotation keeps every
    distance and yet can change the score. A high score does not show that the relations are
    right, or that anything downstream uses them; an embedding collapsed to one direction scores
    high. A low score does not show that information was lost: it may sit in few coordinates.

    Time is O(S n^2 d) for S splits of n samples with d features, memory O(n^2) per thread. More
    than 2^28 pairs (see :func:`fastshesha.config`) are streamed in some tens of MiB per thread;
    the metadata of a result then hold ``error_bound``, a bound on how far the score of the exact
    ranks can lie away, with distances that differ by 1e-11 or less counting as tied, and
    ``tile_dtype``, in which they were computed. With ``max_pairs``, time is
    O(S n d + S max_pairs d).

    Splits that leave fewer than two pairs or all but equal distances are skipped. The result
    does not depend on the number of threads.

    The measure is that of Raju's shesha-geometry [1]_, built on representational dissimilarity
    matrices [2]_ and the rank correlation of Spearman [3]_.

    References
    ----------
    .. [1] P. Raju, shesha-geometry, the Python package whose interface this one mirrors.
    .. [2] N. Kriegeskorte, M. Mur and P. Bandettini, "Representational similarity analysis",
       Frontiers in Systems Neuroscience 2:4, 2008.
    .. [3] C. Spearman, "The proof and measurement of association between two things",
       American Journal of Psychology 15:72-101, 1904.

    Examples
    --------
    >>> import numpy as np
    >>> import fastshesha
    >>> rng = np.random.default_rng(0)
    >>> latent = rng.standard_normal((100, 5))
    >>> redundant = latent @ rng.standard_normal((5, 64))
    >>> fastshesha.feature_split(redundant, seed=320) > 0.8
    True
    >>> noise = rng.standard_normal((100, 64))
    >>> abs(fastshesha.feature_split(noise, seed=320)) < 0.1
    True

    A batch, and the scores of single splits:

    >>> len(fastshesha.feature_split([redundant, noise], n_splits=5, seed=320))
    2
    >>> scores = fastshesha.feature_split(noise, n_splits=5, seed=320, return_all_splits=True)
    >>> len(scores["split_scores"])
    5

    As many splits as a standard error of 0.005 takes:

    >>> result = fastshesha.feature_split(
    ...     redundant, seed=320, target_mc_se=0.005, return_type="result"
    ... )
    >>> result.metadata["converged"], result.monte_carlo_se <= 0.005
    (True, True)
    """
    rule = checked_rule(n_splits, metric, nan_policy, target_mc_se, max_splits)
    options = SplitOptions(
        rule,
        seed,
        max_samples,
        n_bootstrap_ci,
        ci,
        bool(return_all_splits),
        return_type,
        as_max_pairs(max_pairs, n_bootstrap_ci),
    )
    if isinstance(X, list):
        return [
            score_matrix(as_source(item, f"X[{position}]", advice=_LIST_ADVICE), options)
            for position, item in enumerate(X)
        ]
    return score_matrix(as_source(X, "X"), options)
