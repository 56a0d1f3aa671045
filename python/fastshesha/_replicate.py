"""Stability across matched replicates: two measurements of the same observations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _kernels
from ._bootstrap import result_fields
from ._correlate import matched_correlation, settle
from ._pair_bootstrap import paired_bootstrap
from ._pair_limit import beyond_exact, told_of_sampling
from ._pair_memory import comparison_bytes, require_pairs
from ._pairing import as_matched_rows
from ._plan import bootstrap_rows
from ._result import StabilityResult, result_metadata
from ._validate import (
    CORRELATION_METHODS,
    NAN_POLICIES,
    RDM_METRICS,
    RETURN_TYPES,
    as_max_pairs,
    require_bootstrap,
    require_choice,
)
from ._warnings import WarningTally

if TYPE_CHECKING:
    from ._typing import (
        ArrayLike,
        BoolArray,
        CorrelationMethod,
        FloatArray,
        Matrix,
        MatrixLike,
        NanPolicy,
        RdmMetric,
        ReturnType,
        Seed,
    )

_FEWEST_SAMPLES = 3
_PROPAGATED = "undefined distances make the result NaN (nan_policy='propagate')"


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
        a, b = (_kernels.condensed_distances(rows, metric) for rows in (rows_a, rows_b))
        a, b, defined = options.apply_policy(a, b, tally)
        if options.propagates(defined):
            return options.propagated(metadata)
        metadata["n_pairs"] = int(np.count_nonzero(defined))
        estimate = matched_correlation(a[defined], b[defined], method)
        metadata |= told_of_sampling(most, estimate)
        scores: list[float] = []
        if n_bootstrap_ci is not None:
            replicates = bootstrap_rows(seed, n_samples, n_bootstrap_ci)
            scores = paired_bootstrap(a, b, n_samples, method, nan_policy, replicates)
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
    from .scale.unkept_rdms import compare_unkept

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


@dataclass(frozen=True)
class ReplicateOptions:
    """The options that both metrics of replicates share, checked when they are put together."""

    metric: RdmMetric
    method: CorrelationMethod
    n_bootstrap_ci: int | None
    ci: float
    seed: Seed
    nan_policy: NanPolicy
    return_type: ReturnType
    max_pairs: int | None = None

    def __post_init__(self) -> None:
        require_choice(self.metric, "metric", RDM_METRICS)
        require_choice(self.method, "method", CORRELATION_METHODS)
        require_bootstrap(self.n_bootstrap_ci, self.ci)
        require_choice(self.nan_policy, "nan_policy", NAN_POLICIES)
        require_choice(self.return_type, "return_type", RETURN_TYPES)
        if self.n_bootstrap_ci is not None and self.return_type == "float":
            raise ValueError(
                f"n_bootstrap_ci={self.n_bootstrap_ci} needs return_type='result', got 'float': "
                "an interval has its place in a StabilityResult"
            )

    def require_memory(self, n_samples: int) -> None:
        """Refuse to keep the distances of all pairs where no memory here holds them."""
        is_bootstrap = self.n_bootstrap_ci is not None
        n_bytes = comparison_bytes(n_samples, self.method, is_bootstrap=is_bootstrap)
        require_pairs(n_samples, n_bytes)

    def metadata(self, estimator: str, rows_a: Matrix, rows_b: Matrix) -> dict[str, Any]:
        """What results of both metrics record."""
        return result_metadata(
            estimator,
            metric=self.metric,
            method=self.method,
            nan_policy=self.nan_policy,
            seed=self.seed,
            n_samples=rows_a.shape[0],
            n_features_a=rows_a.shape[1],
            n_features_b=rows_b.shape[1],
        )

    def apply_policy(
        self, a: FloatArray, b: FloatArray, tally: WarningTally
    ) -> tuple[FloatArray, FloatArray, BoolArray]:
        """Distances with what is to be replaced replaced, and which pairs are to be used."""
        settled = settle(a, b, self.nan_policy)
        if settled.n_undefined:
            tally.undefined(self.nan_policy, settled.n_undefined)
        return settled.a, settled.b, settled.defined

    def propagates(self, defined: BoolArray) -> bool:
        """Whether undefined distances make the result NaN."""
        return self.nan_policy == "propagate" and not defined.all()

    def propagated(self, metadata: dict[str, Any]) -> float | StabilityResult:
        """The answer where they do."""
        return self.answer(math.nan, [], metadata, notes=(_PROPAGATED,))

    def answer(
        self,
        estimate: float,
        scores: list[float],
        metadata: dict[str, Any],
        notes: tuple[str, ...] = (),
        components: tuple[float, ...] = (),
        standard_error: float = 0.0,
    ) -> float | StabilityResult:
        """The estimate in the form that was asked for."""
        if self.return_type == "float":
            return estimate
        uncertainty = result_fields(scores, self.n_bootstrap_ci, self.ci)
        notes += uncertainty.pop("warnings")
        return StabilityResult(
            estimate,
            monte_carlo_se=standard_error,
            component_scores=components,
            warnings=notes,
            metadata=metadata,
            **uncertainty,
        )
