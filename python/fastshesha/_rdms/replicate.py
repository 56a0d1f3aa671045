"""Stability across matched replicates: two measurements of the same observations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha import _kernels
from fastshesha._pair_bootstrap import paired_bootstrap
from fastshesha._plan import bootstrap_rows
from fastshesha._resources.pair_limit import beyond_exact, count_pairs, told_of_sampling
from fastshesha._validate import as_max_pairs
from fastshesha._warnings import WarningTally

from .pairing import as_matched_rows
from .replicate_options import ReplicateOptions

if TYPE_CHECKING:
    from fastshesha._result import StabilityResult
    from fastshesha._typing import (
        ArrayLike,
        CorrelationMethod,
        Matrix,
        MatrixLike,
        NanPolicy,
        RdmMetric,
        ReturnType,
        Seed,
    )

_FEWEST_SAMPLES = 3


def replicate_stability(
    X_a: MatrixLike,
    X_b: MatrixLike,
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
    max_pairs: float | None = None,
) -> float | StabilityResult:
    """Correlation of the pairwise distances of two measurements of the same observations.

    Parameters
    ----------
    X_a, X_b : array_like of shape (n_samples, n_features_a), (n_samples, n_features_b)
        Two replicates: repeated measurements, or two models on one set of stimuli.
    ids_a, ids_b : array_like of shape (n_samples,), optional
        Identifiers of the rows, each once; the same ones on both sides, in any order. Without
        them, row i of both is taken to be the same observation, which nothing can check.
    metric : {'cosine', 'correlation', 'euclidean'}, default='cosine'
        Distance between observations.
    method : {'spearman', 'pearson'}, default='spearman'
        Correlation of ranks, or of the distances themselves.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over observations for a confidence interval; needs
        ``return_type='result'``. Pairs of an observation with itself are left out.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    seed : int, optional
        Seed of the bootstrap.
    nan_policy : {'raise', 'omit', 'propagate', 'replace'}, default='raise'
        What happens to distances undefined on either side: an error, leave the pairs out,
        return NaN, or take 1.0. 'omit' and 'replace' warn.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.
    max_pairs : int or float, optional
        Compare at most that many random pairs, at least 8 for each observation, drawn by
        ``seed``; as in :func:`fastshesha.rdm_similarity`.

    Returns
    -------
    float
        Correlation, from -1 to 1. NaN with fewer than 3 defined pairs, or where the distances of
        one side are all but equal.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError
        An option outside its range, an input that is not a finite matrix, identifiers that do
        not match, fewer than 3 observations, ``n_bootstrap_ci`` under ``return_type='float'``,
        or undefined distances under ``nan_policy='raise'``.
    TypeError
        An input that numpy cannot read, identifiers that cannot be hashed, or an unusable
        ``seed``.

    Warns
    -----
    UserWarning
        Undefined distances were left out or replaced.

    See Also
    --------
    anchor_profile_stability : The same for the distances to chosen observations.
    rdm_similarity : Without identifiers; 0.0 instead of NaN for equal distances.

    Notes
    -----
    The score tells how far the relations between observations repeat from one measurement to
    the other. An artefact that both share, such as a batch effect, raises it like a signal.

    Time is O(n^2 d), memory O(n^2), or some tens of MiB per thread beyond 2^28 pairs, as in
    :func:`fastshesha.rdm_similarity`. It is the reliability of a representational dissimilarity
    matrix as in Kriegeskorte, Mur and Bandettini, "Representational similarity analysis",
    Frontiers in Systems Neuroscience 2:4, 2008, in the form of Raju's shesha-geometry.

    Examples
    --------
    >>> import numpy as np
    >>> import fastshesha
    >>> rng = np.random.default_rng(0)
    >>> latent = rng.standard_normal((100, 10))
    >>> first, second = (latent + 0.3 * rng.standard_normal((100, 10)) for _ in range(2))
    >>> score = fastshesha.replicate_stability(first, second)
    >>> score > 0.7
    True

    Rows recorded in another order:

    >>> order = rng.permutation(100)
    >>> fastshesha.replicate_stability(
    ...     first, second[order], ids_a=np.arange(100), ids_b=order
    ... ) == score
    True
    """
    most = as_max_pairs(max_pairs, n_bootstrap_ci, method)
    options = ReplicateOptions(
        metric, method, n_bootstrap_ci, ci, seed, nan_policy, return_type, most
    )
    rows_a, rows_b, ids = as_matched_rows(X_a, X_b, ids_a, ids_b)
    n_samples = rows_a.shape[0]
    _require_samples(n_samples)
    metadata = options.metadata("replicate_stability", rows_a, rows_b)
    metadata["aligned_by_ids"] = ids is not None
    with WarningTally() as tally:
        if (streamed := _streamed(rows_a, rows_b, options, metadata, tally)) is not None:
            return streamed
        options.require_memory(n_samples)
        if n_bootstrap_ci is None and method == "spearman":
            rho = _kernels.rdm_spearman(rows_a, rows_b, metric)
            if rho is not None:
                metadata |= {"n_pairs": count_pairs(n_samples), **told_of_sampling(most, rho)}
                return options.answer(rho, [], metadata)
        return _of_kept_distances(rows_a, rows_b, options, metadata, tally)


def _of_kept_distances(
    rows_a: Matrix,
    rows_b: Matrix,
    options: ReplicateOptions,
    metadata: dict[str, Any],
    tally: WarningTally,
) -> float | StabilityResult:
    """The answer from the distances of all pairs."""
    a, b = (_kernels.condensed_distances(rows, options.metric) for rows in (rows_a, rows_b))
    a, b, defined = options.apply_policy(a, b, tally)
    if options.propagates(defined):
        return options.propagated(metadata)
    metadata["n_pairs"] = int(np.count_nonzero(defined))
    estimate = options.correlation(a, b, defined)
    metadata |= told_of_sampling(options.max_pairs, estimate)
    scores: list[float] = []
    if options.n_bootstrap_ci is not None:
        n_samples = rows_a.shape[0]
        replicates = bootstrap_rows(options.seed, n_samples, options.n_bootstrap_ci)
        scores = paired_bootstrap(a, b, n_samples, options.method, options.nan_policy, replicates)
    return options.answer(estimate, scores, metadata)


def _require_samples(n_samples: int) -> None:
    if n_samples < _FEWEST_SAMPLES:
        raise ValueError(
            f"replicate_stability needs at least {_FEWEST_SAMPLES} matched observations, "
            f"got {n_samples}"
        )


def _streamed(
    rows_a: Matrix,
    rows_b: Matrix,
    options: ReplicateOptions,
    metadata: dict[str, Any],
    tally: WarningTally,
) -> float | StabilityResult | None:
    """The answer from streamed pairs; None where all of them are kept."""
    if options.n_bootstrap_ci is not None:
        return None
    if options.max_pairs is None and not beyond_exact(rows_a.shape[0]):
        return None
    from fastshesha.scale.unkept_rdms import compare_unkept

    found = compare_unkept(
        rows_a,
        rows_b,
        options.metric,
        options.method,
        options.nan_policy,
        tally,
        max_pairs=options.max_pairs,
        seed=options.seed,
    )
    if found is None:
        return None
    if options.nan_policy == "propagate" and found.correlation.n_undefined:
        return options.propagated(metadata)
    estimate = found.value_or(math.nan) if found.n_pairs >= _FEWEST_SAMPLES else math.nan
    told = found.metadata(estimate, options.ci)
    return options.answer(estimate, [], metadata | told, standard_error=told.get("pair_se", 0.0))
