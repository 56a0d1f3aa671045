"""Agreement of the pairwise geometry with class labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastshesha._validate import (
    RETURN_TYPES,
    SPLIT_METRICS,
    as_max_pairs,
    require_choice,
    require_int,
)

from .forms import SupervisedMetric, evaluate
from .label_alignment import AlignmentScorer

if TYPE_CHECKING:
    from fastshesha._typing import (
        ArrayLike,
        MatrixLike,
        ReturnType,
        Score,
        Seed,
        SplitMetric,
    )


def supervised_alignment(
    X: MatrixLike,
    y: ArrayLike,
    metric: SplitMetric = "correlation",
    seed: Seed = None,
    max_samples: int = 300,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    return_type: ReturnType = "float",
    *,
    max_pairs: float | None = None,
) -> Score:
    r"""Agreement of the pairwise geometry with class labels.

    Spearman's rank correlation over all pairs of samples between their distance and whether
    their labels differ. Features are centred over the samples first.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Embeddings, one row per sample.
    y : array_like of shape (n_samples,)
        Labels of any kind that can be sorted: numbers, strings, dates. Each missing label (NaN)
        differs from every other.
    metric : {'correlation', 'cosine'}, default='correlation'
        Distance between samples.
    seed : int, optional
        Seed of the subsample and of the bootstrap.
    max_samples : int, default=300
        Draw that many samples at random when there are more.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval. Replicates with
        a single sample of some class are skipped.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.
    max_pairs : int or float, optional
        Compare at most that many random pairs of all samples, at least 8 for each;
        ``max_samples`` is ignored then. Not together with ``n_bootstrap_ci``. Results tell the
        error that it makes as ``pair_se``, and a t-interval of level ``ci`` for the value over
        all pairs as ``pair_ci_low`` and ``pair_ci_high`` in their metadata.

    Returns
    -------
    float
        Correlation, from -1 to 1. NaN with one class (also with ``n_bootstrap_ci``), or where
        distances are undefined or all equal.
    dict
        With ``n_bootstrap_ci``: 'mean', 'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level'.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError
        An option outside its range, ``X`` not a finite matrix, not one label per sample, or a
        class with a single sample.
    TypeError
        Labels that cannot be sorted, or an unusable ``seed``.

    Warns
    -----
    ConstantInputWarning
        All distances are equal, or the subsample holds one class only. SciPy's class where
        SciPy is loaded, else one of this package; a RuntimeWarning either way.

    Notes
    -----
    Time is O(m^2 d) and memory O(m^2) for m = min(n_samples, max_samples); beyond 2^28 pairs
    (see :func:`fastshesha.config`) memory is some tens of MiB per thread, and results tell an
    ``error_bound``. With ``max_pairs``, time is O((n + max_pairs) d).

    The measure is that of Raju's shesha-geometry: a model RDM compared with the RDM of a
    category model, as in Kriegeskorte, Mur and Bandettini, "Representational similarity
    analysis", Frontiers in Systems Neuroscience 2:4, 2008. Against 0/1 labels, Spearman's rho
    is a centred rank sum, the statistic of Mann and Whitney (1947).

    Examples
    --------
    >>> import numpy as np
    >>> import fastshesha
    >>> rng = np.random.default_rng(0)
    >>> y = np.repeat(["cat", "dog"], 40)
    >>> X = rng.standard_normal((80, 16)) + 3.0 * np.outer(y == "dog", rng.standard_normal(16))
    >>> fastshesha.supervised_alignment(X, y) > 0.5
    True
    """
    require_choice(return_type, "return_type", RETURN_TYPES)
    require_choice(metric, "metric", SPLIT_METRICS)
    require_int(max_samples, "max_samples")
    most = as_max_pairs(max_pairs, n_bootstrap_ci)
    options = {"metric": metric, "seed": seed, "max_samples": max_samples}
    scorer = AlignmentScorer(
        metric, seed, max_samples, most, ci, keeps_pairs=n_bootstrap_ci is not None
    )
    alignment = SupervisedMetric(
        "supervised_alignment",
        scorer.score,
        seed,
        options,
        max_samples if most is None else None,
        told=scorer.told,
    )
    return evaluate(alignment, X, y, n_bootstrap_ci, ci, return_type)
