"""Anchor-based stability, deprecated in the original for what it compares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._bootstrap import bootstrap_dict
from fastshesha._correlate import profile_correlation, ranks_within_rows, settle
from fastshesha._kernels import cross_distances
from fastshesha._plan import distinct_rows, generator, shuffled, subsample
from fastshesha._rows import as_rows, as_source, chosen_rows
from fastshesha._validate import NAN_POLICIES, require_bootstrap, require_choice, require_int
from fastshesha._warnings import WarningTally, warn

if TYPE_CHECKING:
    from fastshesha._typing import (
        FloatArray,
        IndexArray,
        MatrixLike,
        NanPolicy,
        PlanarMetric,
        Rows,
        Seed,
    )

_METRICS = ("cosine", "euclidean")
_FEWEST_ANCHORS = 10
_FEWEST_PER_SPLIT = 20
# Of scarce samples, a tenth is left over.
_SHARE_USED = 0.9
_DEPRECATED = (
    "anchor_stability correlates flattened distance profiles of different probe observations: "
    "no distance is compared with itself, and ranks within an anchor do not change that. It "
    "estimates nothing that could be named and is kept for old results alone; compare matched "
    "measurements with anchor_profile_stability"
)


def anchor_stability(
    X: MatrixLike,
    n_splits: int = 30,
    n_anchors: int = 100,
    n_per_split: int = 200,
    metric: PlanarMetric = "cosine",
    rank_normalize: bool = True,
    seed: Seed = None,
    max_samples: int | None = 1500,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    nan_policy: NanPolicy = "raise",
) -> float | dict[str, Any]:
    """Correlation of anchor distances to unrelated probes (deprecated, not meaningful).

    Anchors are drawn once. A split draws two disjoint sets of other samples, the probes; the
    distances of the anchors to either set are ranked within each anchor and correlated, entry by
    entry, by Spearman's rho. The score is the mean over splits.

    .. deprecated:: 0.3.0
       Corresponding distances belong to different probes, so the score says nothing about
       stability. Use :func:`fastshesha.anchor_profile_stability`.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Embeddings, one row per sample.
    n_splits : int, default=30
        Number of splits, at least 1.
    n_anchors, n_per_split : int, default=100 and 200
        Numbers of anchors and of probes in each set. With fewer than
        ``n_anchors + 2 * n_per_split`` samples both shrink in proportion, to no fewer than 10
        and 20.
    metric : {'cosine', 'euclidean'}, default='cosine'
        Distance between samples.
    rank_normalize : bool, default=True
        Rank the distances of each anchor before all of them are correlated.
    seed : int, optional
        Seed of all draws.
    max_samples : int or None, default=1500
        Draw that many samples at random first when there are more.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    nan_policy : {'raise', 'omit', 'propagate', 'replace'}, default='raise'
        What happens to undefined distances: an error, leave out the entries undefined on either
        side, return NaN, or take 1.0. 'omit' and 'replace' warn.

    Returns
    -------
    float
        Mean correlation, from -1 to 1. NaN where the samples do not suffice even for the least
        numbers, or when no split could be scored.
    dict
        With ``n_bootstrap_ci``: 'mean', 'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level'.

    Raises
    ------
    ValueError
        An option outside its range, ``X`` not a finite matrix, or undefined distances under
        ``nan_policy='raise'``.
    TypeError
        ``X`` cannot be read by numpy, or an unusable ``seed``.

    Warns
    -----
    FutureWarning
        Always.
    UserWarning
        Undefined distances were left out or replaced.
    ConstantInputWarning
        All distances of a set are equal. SciPy's class where SciPy is loaded, else one of this
        package; a RuntimeWarning either way.

    See Also
    --------
    anchor_profile_stability : The comparison of matched measurements.

    Notes
    -----
    Time is O(n_splits a p d) for a anchors, p probes and d features. The procedure is that of
    earlier versions of Raju's shesha-geometry.

    Examples
    --------
    >>> import warnings
    >>> import numpy as np
    >>> import fastshesha
    >>> X = np.random.default_rng(0).standard_normal((200, 16))
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", FutureWarning)
    ...     abs(fastshesha.anchor_stability(X, n_splits=5, seed=320)) < 0.1
    True
    """
    warn(_DEPRECATED, FutureWarning)
    require_bootstrap(n_bootstrap_ci, ci)
    profiles = _AnchorProfiles(
        n_splits,
        n_anchors,
        n_per_split,
        metric,
        bool(rank_normalize),
        seed,
        max_samples,
        nan_policy,
    )
    rows = as_source(X, "X") if n_bootstrap_ci is None else as_rows(X, "X")
    with WarningTally() as tally:
        if n_bootstrap_ci is None:
            return profiles.score(rows, tally)
        return bootstrap_dict(
            lambda chosen: profiles.score(rows[chosen], tally),
            rows.shape[0],
            n_bootstrap_ci,
            ci,
            seed,
        )


@dataclass(frozen=True)
class _AnchorProfiles:
    """The options of a call, checked one by one when they are put together."""

    n_splits: int
    n_anchors: int
    n_per_split: int
    metric: PlanarMetric
    rank_normalize: bool
    seed: Seed
    max_samples: int | None
    nan_policy: NanPolicy

    def __post_init__(self) -> None:
        require_int(self.n_splits, "n_splits")
        require_int(self.n_anchors, "n_anchors")
        require_int(self.n_per_split, "n_per_split")
        require_choice(self.metric, "metric", _METRICS)
        require_int(self.max_samples, "max_samples", allow_none=True)
        require_choice(self.nan_policy, "nan_policy", NAN_POLICIES)

    def score(self, source: Rows, tally: WarningTally) -> float:
        """Mean correlation over the splits that have one; NaN without any."""
        rng = generator(self.seed)
        kept = subsample(rng, source.shape[0], self.max_samples)
        X = chosen_rows(source, kept)
        n_anchors, n_probes = self._sizes(X.shape[0])
        if X.shape[0] < n_anchors + 2 * n_probes:
            return math.nan
        anchors = distinct_rows(rng, X.shape[0], n_anchors)
        others: IndexArray = np.setdiff1d(np.arange(X.shape[0]), anchors)
        scores: list[float] = []
        for _ in range(self.n_splits):
            probes = shuffled(rng, others)[: 2 * n_probes]
            distances = cross_distances(X[anchors], X[probes], self.metric)
            value = self._correlation(distances[:, :n_probes], distances[:, n_probes:], tally)
            if value is None:
                return math.nan
            if math.isfinite(value):
                scores.append(value)
        return float(np.mean(scores)) if scores else math.nan

    def _sizes(self, n_samples: int) -> tuple[int, int]:
        """Numbers of anchors and of probes in a set, fewer where samples are scarce."""
        wanted = self.n_anchors + 2 * self.n_per_split
        if n_samples >= wanted:
            return self.n_anchors, self.n_per_split
        scale = n_samples / wanted * _SHARE_USED
        return (
            max(_FEWEST_ANCHORS, int(self.n_anchors * scale)),
            max(_FEWEST_PER_SPLIT, int(self.n_per_split * scale)),
        )

    def _correlation(self, a: FloatArray, b: FloatArray, tally: WarningTally) -> float | None:
        """NaN where the profiles cannot be correlated, None where that makes the result NaN."""
        a, b, defined, n_undefined = settle(a, b, self.nan_policy)
        if n_undefined:
            tally.undefined(self.nan_policy, n_undefined)
            if self.nan_policy == "propagate":
                return None
        if self.rank_normalize:
            a, b = ranks_within_rows(a, defined), ranks_within_rows(b, defined)
        return profile_correlation(a[defined], b[defined], tally)
