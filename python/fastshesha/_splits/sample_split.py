"""Sample-split stability, deprecated in the original for what it compares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha import _kernels
from fastshesha._bootstrap import bootstrap_dict
from fastshesha._correlate import split_correlation
from fastshesha._plan import distinct_rows, generator, subsample
from fastshesha._resources.pair_memory import comparison_bytes, require_pairs
from fastshesha._rows import as_rows, as_source, chosen_rows
from fastshesha._validate import (
    NAN_POLICIES,
    SPLIT_METRICS,
    require_bootstrap,
    require_choice,
    require_fraction,
    require_int,
)
from fastshesha._warnings import WarningTally, warn

if TYPE_CHECKING:
    from fastshesha._typing import (
        IndexArray,
        Matrix,
        MatrixLike,
        NanPolicy,
        Rows,
        Seed,
        SplitMetric,
    )

_FEWEST_SAMPLES = 10
_FEWEST_DRAWN = 5
_DEPRECATED = (
    "sample_split correlates unmatched RDM entries: those of two subsamples drawn independently, "
    "so that no distance is compared with itself. It estimates nothing that could be named and is "
    "kept for old results alone; compare matched measurements with replicate_stability"
)


def sample_split(
    X: MatrixLike,
    n_splits: int = 30,
    subsample_fraction: float = 0.4,
    metric: SplitMetric = "cosine",
    seed: Seed = None,
    max_samples: int | None = 1500,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    return_all_splits: bool = False,
    nan_policy: NanPolicy = "raise",
) -> float | dict[str, Any]:
    """Correlation of the distances of unrelated random subsamples (deprecated, not meaningful).

    Two subsamples are drawn independently and the condensed RDMs of both are correlated by
    Spearman's rho, entry by entry; the score is the mean over ``n_splits`` such draws.

    .. deprecated:: 0.3.0
       Corresponding entries of the two RDMs belong to different pairs of samples, so the score
       says nothing about stability. Use :func:`fastshesha.replicate_stability`.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Embeddings, one row per sample.
    n_splits : int, default=30
        Number of draws, at least 1.
    subsample_fraction : float, default=0.4
        Share of the samples in a subsample, in (0, 1].
    metric : {'cosine', 'correlation'}, default='cosine'
        Distance between samples.
    seed : int, optional
        Seed of all draws.
    max_samples : int or None, default=1500
        Draw that many samples at random first when there are more.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    return_all_splits : bool, default=False
        Return a dict with the score of every draw; not together with ``n_bootstrap_ci``.
    nan_policy : {'raise', 'omit', 'propagate', 'replace'}, default='raise'
        What happens to undefined distances: an error, leave out the entries undefined on either
        side, return NaN, or take 1.0. 'omit' and 'replace' warn.

    Returns
    -------
    float
        Mean correlation, from -1 to 1. NaN with fewer than 10 samples, fewer than 5 in a
        subsample (under ``return_all_splits``, too), or when no draw could be scored.
    dict
        With ``return_all_splits``: 'mean' and 'split_scores'. With ``n_bootstrap_ci``: 'mean',
        'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level', where 'mean' is the mean of the
        replicates.

    Raises
    ------
    ValueError
        An option outside its range, ``X`` not a finite matrix, ``return_all_splits`` together
        with ``n_bootstrap_ci``, or undefined distances under ``nan_policy='raise'``.
    TypeError
        ``X`` cannot be read by numpy, or an unusable ``seed``.

    Warns
    -----
    FutureWarning
        Always.
    UserWarning
        Undefined distances were left out or replaced.

    See Also
    --------
    replicate_stability : The comparison of matched measurements.
    feature_split : Agreement of the geometry of random halves of the features.

    Notes
    -----
    Time is O(n_splits m^2 d) and memory O(m^2) for subsamples of m samples with d features. The
    procedure is that of earlier versions of Raju's shesha-geometry.

    Examples
    --------
    >>> import warnings
    >>> import numpy as np
    >>> import fastshesha
    >>> X = np.random.default_rng(0).standard_normal((100, 16))
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", FutureWarning)
    ...     abs(fastshesha.sample_split(X, seed=320)) < 0.1
    True
    """
    warn(_DEPRECATED, FutureWarning)
    require_bootstrap(n_bootstrap_ci, ci)
    split = _SampleSplit(n_splits, subsample_fraction, metric, seed, max_samples, nan_policy)
    if n_bootstrap_ci is not None and return_all_splits:
        raise ValueError(
            "return_all_splits and n_bootstrap_ci exclude each other, "
            f"got {return_all_splits!r} and {n_bootstrap_ci}"
        )
    rows = as_source(X, "X") if n_bootstrap_ci is None else as_rows(X, "X")
    with WarningTally() as tally:
        if n_bootstrap_ci is not None:
            return bootstrap_dict(
                lambda chosen: _mean(split.scores(rows[chosen], tally)),
                rows.shape[0],
                n_bootstrap_ci,
                ci,
                seed,
            )
        scores = split.scores(rows, tally)
        if return_all_splits and scores is not None:
            return {"mean": _mean(scores), "split_scores": scores}
        return _mean(scores)


def _mean(scores: list[float] | None) -> float:
    return float(np.mean(scores)) if scores else math.nan


@dataclass(frozen=True)
class _SampleSplit:
    """The options of a call, checked one by one when they are put together."""

    n_splits: int
    subsample_fraction: float
    metric: SplitMetric
    seed: Seed
    max_samples: int | None
    nan_policy: NanPolicy

    def __post_init__(self) -> None:
        require_int(self.n_splits, "n_splits")
        require_fraction(self.subsample_fraction, "subsample_fraction")
        require_choice(self.metric, "metric", SPLIT_METRICS)
        require_int(self.max_samples, "max_samples", allow_none=True)
        require_choice(self.nan_policy, "nan_policy", NAN_POLICIES)

    def scores(self, source: Rows, tally: WarningTally) -> list[float] | None:
        """The scores of the draws that have one; None where there are too few samples."""
        if source.shape[0] < _FEWEST_SAMPLES:
            return None
        rng = generator(self.seed)
        kept = subsample(rng, source.shape[0], self.max_samples)
        X = chosen_rows(source, kept)
        size = int(X.shape[0] * self.subsample_fraction)
        if size < _FEWEST_DRAWN:
            return None
        require_pairs(size, comparison_bytes(size, "spearman", is_bootstrap=False))
        scores: list[float] = []
        for _ in range(self.n_splits):
            first = distinct_rows(rng, X.shape[0], size)
            value = self._correlation(X, first, distinct_rows(rng, X.shape[0], size), tally)
            if value is None:
                return []
            if math.isfinite(value):
                scores.append(value)
        return scores

    def _correlation(
        self, X: Matrix, first: IndexArray, second: IndexArray, tally: WarningTally
    ) -> float | None:
        """NaN where the RDMs cannot be correlated, None where that makes the result NaN."""
        drawn = X[first], X[second]
        rho = _kernels.rdm_spearman(*drawn, self.metric)
        if rho is not None:
            return rho
        a, b = (_kernels.condensed_distances(rows, self.metric) for rows in drawn)
        if self.nan_policy == "propagate" and not np.isfinite([a, b]).all():
            return None
        return split_correlation(a, b, self.nan_policy, tally)
