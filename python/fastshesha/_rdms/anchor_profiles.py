"""Stability of the distances to chosen anchors across matched replicates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._bootstrap import bootstrap_scores
from fastshesha._correlate import matched_correlation, settle
from fastshesha._kernels import cross_distances
from fastshesha._plan import bootstrap_rows
from fastshesha._result import skipped_note
from fastshesha._warnings import WarningTally

from .pairing import as_matched_rows, positions_of
from .replicate_options import ReplicateOptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from fastshesha._result import StabilityResult
    from fastshesha._typing import (
        ArrayLike,
        BoolArray,
        CorrelationMethod,
        FloatArray,
        IndexArray,
        Matrix,
        MatrixLike,
        NanPolicy,
        RdmMetric,
        ReturnType,
        Seed,
    )

_FEWEST_PROBES = 3
_DISTANCES_PER_GROUP = 1 << 23
_VALUES_PER_COPY = 1 << 20


def anchor_profile_stability(
    X_a: MatrixLike,
    X_b: MatrixLike,
    anchor_ids: ArrayLike,
    probe_ids: ArrayLike | None = None,
    *,
    ids_a: ArrayLike | None = None,
    ids_b: ArrayLike | None = None,
    metric: RdmMetric = "cosine",
    method: CorrelationMethod = "spearman",
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    seed: Seed = None,
    nan_policy: NanPolicy = "raise",
    return_type: ReturnType = "float",
) -> float | StabilityResult:
    """Agreement of two measurements on the distances from anchors to the other observations.

    The distances from one anchor to all probes are its profile. The profiles of an anchor in
    both replicates are correlated over the probes; the score is the mean over anchors.

    Parameters
    ----------
    X_a, X_b : array_like of shape (n_samples, n_features_a), (n_samples, n_features_b)
        Two replicates: repeated measurements, or two models on one set of stimuli.
    anchor_ids : array_like of shape (n_anchors,)
        The anchors, each once: identifiers out of ``ids_a``, or row indices where there are no
        identifiers.
    probe_ids : array_like of shape (n_probes,), optional
        The probes, given like the anchors, at least 3 and none of them an anchor. All
        observations but the anchors by default.
    ids_a, ids_b : array_like of shape (n_samples,), optional
        Identifiers of the rows, each once; the same ones on both sides, in any order. Without
        them, row i of both is taken to be the same observation.
    metric : {'cosine', 'correlation', 'euclidean'}, default='cosine'
        Distance between an anchor and a probe.
    method : {'spearman', 'pearson'}, default='spearman'
        Correlation of ranks, or of the distances themselves.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over probes, under fixed anchors, for a confidence
        interval; needs ``return_type='result'``.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    seed : int, optional
        Seed of the bootstrap.
    nan_policy : {'raise', 'omit', 'propagate', 'replace'}, default='raise'
        What happens to distances undefined on either side: an error, leave them out, return
        NaN, or take 1.0. 'omit' and 'replace' warn.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult, whose ``component_scores`` are those of the anchors.

    Returns
    -------
    float
        Mean correlation, from -1 to 1, over the anchors that have one: with 3 defined distances
        that are not all but equal on either side. NaN without any.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError
        An option outside its range, an input that is not a finite matrix, identifiers that do
        not match, anchors or probes that are unknown, repeated or both, fewer than 3 probes,
        ``n_bootstrap_ci`` under ``return_type='float'``, or undefined distances under
        ``nan_policy='raise'``.
    TypeError
        An input that numpy cannot read, identifiers that cannot be hashed, or an unusable
        ``seed``.

    Warns
    -----
    UserWarning
        Undefined distances were left out or replaced.

    See Also
    --------
    replicate_stability : The same over all pairs of observations.

    Notes
    -----
    The score hangs on the choice of the anchors, whose uncertainty the interval leaves out.

    Time is O(a p d) for a anchors and p probes with d features, memory O(a p). Profiles of
    distances are rows of a representational dissimilarity matrix (Kriegeskorte, Mur and
    Bandettini, "Representational similarity analysis", Frontiers in Systems Neuroscience 2:4,
    2008); the measure is that of Raju's shesha-geometry.

    Examples
    --------
    >>> import numpy as np
    >>> import fastshesha
    >>> rng = np.random.default_rng(0)
    >>> latent = rng.standard_normal((100, 10))
    >>> first, second = (latent + 0.3 * rng.standard_normal((100, 10)) for _ in range(2))
    >>> fastshesha.anchor_profile_stability(first, second, anchor_ids=range(20)) > 0.7
    True
    """
    options = ReplicateOptions(metric, method, n_bootstrap_ci, ci, seed, nan_policy, return_type)
    rows_a, rows_b, ids = as_matched_rows(X_a, X_b, ids_a, ids_b)
    anchors, probes = _chosen_rows(anchor_ids, probe_ids, ids, rows_a.shape[0])
    metadata = options.metadata("anchor_profile_stability", rows_a, rows_b)
    metadata["n_anchors"], metadata["n_probes"] = anchors.size, probes.size
    metadata["aligned_by_ids"] = ids is not None
    metadata["bootstrap_unit"] = "probes"
    with WarningTally() as tally:
        scores, n_undefined, profiles = _scored((rows_a, rows_b), anchors, probes, options)
        if n_undefined:
            tally.undefined(nan_policy, n_undefined)
            if nan_policy == "propagate":
                return options.propagated(metadata)
        metadata["n_valid_anchors"] = int(np.count_nonzero(np.isfinite(scores)))
        replicates: list[float] = []
        if n_bootstrap_ci is not None:
            draws = bootstrap_rows(seed, probes.size, n_bootstrap_ci)
            replicates = bootstrap_scores(
                lambda drawn: _finite_mean(profiles.of(drawn).scores()), draws
            )
    n_skipped = anchors.size - metadata["n_valid_anchors"]
    notes = skipped_note(n_skipped, anchors.size, "anchors", "had an unestimable profile")
    return options.answer(_finite_mean(scores), replicates, metadata, notes, tuple(scores))


def _n_groups(n_anchors: int, n_probes: int) -> int:
    """Groups of anchors, to be scored one after the other, whose profiles take bounded memory."""
    return min(n_anchors, 1 + n_anchors * n_probes // _DISTANCES_PER_GROUP)


def _scored(
    rows: tuple[Matrix, Matrix], anchors: IndexArray, probes: IndexArray, options: ReplicateOptions
) -> tuple[list[float], int, _Profiles]:
    """Scores, the number of undefined distances, and the profiles, for a bootstrap of all anchors.

    Without a bootstrap these are the last anchors' alone.
    """
    keeps_all = options.n_bootstrap_ci is not None
    n_groups = 1 if keeps_all else _n_groups(anchors.size, probes.size)
    scores, n_undefined = list[float](), 0
    for group in np.array_split(anchors, n_groups):
        a, b = (_distances(X, group, probes, options.metric) for X in rows)
        settled = settle(a, b, options.nan_policy)
        profiles = _Profiles(settled.a, settled.b, settled.defined, options.method)
        scores += profiles.scores()
        n_undefined += settled.n_undefined
    return scores, n_undefined, profiles


def _distances(X: Matrix, anchors: IndexArray, probes: IndexArray, metric: str) -> FloatArray:
    """Distances of anchors to probes, whose rows are copied a few at a time."""
    distances = np.empty((anchors.size, probes.size))
    step = max(1, _VALUES_PER_COPY // max(1, X.shape[1]))
    for start in range(0, probes.size, step):
        some = slice(start, start + step)
        distances[:, some] = cross_distances(X[anchors], X[probes[some]], metric)
    return distances


def _chosen_rows(
    anchor_ids: ArrayLike, probe_ids: ArrayLike | None, ids: Sequence[Any] | None, n_samples: int
) -> tuple[IndexArray, IndexArray]:
    """Row indices of anchors and of probes."""
    anchors = positions_of(anchor_ids, ids, n_samples, "anchor_ids")
    if probe_ids is None:
        probes: IndexArray = np.setdiff1d(np.arange(n_samples), anchors)
    else:
        probes = positions_of(probe_ids, ids, n_samples, "probe_ids")
        n_shared = np.intersect1d(anchors, probes).size
        if n_shared:
            raise ValueError(f"anchor_ids and probe_ids must be disjoint, got {n_shared} in common")
    if probes.size < _FEWEST_PROBES:
        raise ValueError(
            f"anchor_profile_stability needs at least {_FEWEST_PROBES} probe observations, "
            f"got {probes.size}"
        )
    return anchors, probes


@dataclass(frozen=True)
class _Profiles:
    """Distances of the anchors (rows) to the probes (columns) in both replicates."""

    a: FloatArray
    b: FloatArray
    defined: BoolArray
    method: CorrelationMethod

    def of(self, probes: IndexArray) -> _Profiles:
        """The profiles over some of the probes, which may occur more than once."""
        return _Profiles(
            self.a.take(probes, axis=1),
            self.b.take(probes, axis=1),
            self.defined.take(probes, axis=1),
            self.method,
        )

    def scores(self) -> list[float]:
        """Correlation of the two profiles of every anchor over the probes defined for it."""
        return [
            matched_correlation(x[used], y[used], self.method)
            for x, y, used in zip(self.a, self.b, self.defined, strict=True)
        ]


def _finite_mean(scores: list[float]) -> float:
    finite = [score for score in scores if math.isfinite(score)]
    return float(np.mean(finite)) if finite else math.nan
