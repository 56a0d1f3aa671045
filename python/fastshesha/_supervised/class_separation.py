"""Class separation: distances between classes over distances within."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastshesha._validate import (
    RETURN_TYPES,
    as_max_pairs,
    require_choice,
    require_fraction,
    require_int,
)

from .forms import SupervisedMetric, evaluate
from .separation import Separation

if TYPE_CHECKING:
    from fastshesha._typing import ArrayLike, MatrixLike, PlanarMetric, ReturnType, Score, Seed

_METRICS = ("cosine", "euclidean")


def class_separation_ratio(
    X: MatrixLike,
    y: ArrayLike,
    n_bootstrap: int = 50,
    subsample_frac: float = 0.5,
    metric: PlanarMetric = "euclidean",
    seed: Seed = None,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    return_type: ReturnType = "float",
    *,
    max_pairs: float | None = None,
) -> Score:
    r"""Mean distance between classes over mean distance within classes.

    The ratio is taken in random subsamples and averaged over them,

    .. math:: \frac{1}{B} \sum_{b=1}^{B}
              \frac{\operatorname{mean}\{d_{ij} : i < j \in S_b,\, y_i \ne y_j\}}
                   {\operatorname{mean}\{d_{ij} : i < j \in S_b,\, y_i = y_j\}}.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Embeddings, one row per sample.
    y : array_like of shape (n_samples,)
        Labels of any kind that can be sorted: numbers, strings, dates. Samples with a missing
        label (NaN) are drawn like others but enter no distance.
    n_bootstrap : int, default=50
        Number of subsamples.
    subsample_frac : float, default=0.5
        Share of the samples in a subsample, in (0, 1]; drawn without replacement.
    metric : {'euclidean', 'cosine'}, default='euclidean'
        Distance between samples.
    seed : int, optional
        Seed of the subsamples and of the bootstrap.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval. Replicates with
        a single sample of some class are skipped.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.
    max_pairs : int or float, optional
        Estimate the ratio of all pairs of all samples from at most that many random ones, at
        least 8 for each sample; ``n_bootstrap`` and ``subsample_frac`` are ignored then. Not
        together with ``n_bootstrap_ci``. Results tell the error that it makes as ``pair_se``, and
        a t-interval of level ``ci`` for the ratio of all pairs as ``pair_ci_low`` and
        ``pair_ci_high`` in their metadata.

    Returns
    -------
    float
        At least 0; 1 where classes make no difference. NaN with one class (also with
        ``n_bootstrap_ci``), with undefined distances in a subsample, or when no subsample has
        distances of both kinds and a mean within classes above 1e-12.
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
    RuntimeWarning
        Distances overflow, and a ratio is undefined.

    See Also
    --------
    variance_ratio : Share of the variance that lies between classes.
    lda_stability : Stability of the direction that separates two classes.

    Notes
    -----
    Large classes weigh more than small ones, and a high ratio tells neither that the classes can
    be separated by a plane nor that a subsample would do as well elsewhere.

    With n samples, B subsamples of m samples and d features, all Euclidean distances are computed
    once and summed over all subsamples, in O(n^2 (d + B)) time; where B subsamples have fewer
    pairs than all the samples, each is computed by itself in O(B m^2 d). Cosine distances add up
    to sums over classes, in O(n d B), unless their mean is below 0.05. Memory is O(n (d + B)) and
    some tens of MiB for a block of distances; a bootstrap of up to 4096 samples keeps all
    distances, at most 256 MiB. More Euclidean pairs than ``config(exact_pairs=...)`` are gone
    through in tile jobs, with a byte for each sample and subsample. With ``max_pairs``, time is
    O((n + max_pairs) d).

    The measure is that of Raju's shesha-geometry.

    Examples
    --------
    >>> import numpy as np
    >>> import fastshesha
    >>> y = np.repeat([0, 1], 50)
    >>> X = np.random.default_rng(0).standard_normal((100, 8)) + 3.0 * y[:, None]
    >>> fastshesha.class_separation_ratio(X, y, seed=320) > 2.0
    True
    """
    require_choice(return_type, "return_type", RETURN_TYPES)
    require_int(n_bootstrap, "n_bootstrap")
    require_fraction(subsample_frac, "subsample_frac")
    require_choice(metric, "metric", _METRICS)
    most = as_max_pairs(max_pairs, n_bootstrap_ci)
    told: dict[str, Any] = {}
    separation = Separation(n_bootstrap, subsample_frac, metric, seed, most, ci, told)
    options = {
        "n_bootstrap": n_bootstrap,
        "subsample_frac": subsample_frac,
        "metric": metric,
        "seed": seed,
    }
    described = SupervisedMetric(
        "class_separation_ratio",
        separation.score,
        seed,
        options,
        is_random=most is None,
        prepare=separation.prepare,
        told=told,
    )
    return evaluate(described, X, y, n_bootstrap_ci, ci, return_type)
