"""Comparing the RDMs of two representations of the same samples."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha import _kernels
from fastshesha._bootstrap import bootstrap_scores, interval_dict, result_fields
from fastshesha._correlate import rdm_correlation, weighed_mode
from fastshesha._pair_bootstrap import paired_bootstrap, weighed_correlations
from fastshesha._plan import bootstrap_rows
from fastshesha._resamples import can_be_weighed
from fastshesha._resources.pair_limit import beyond_exact, told_of_sampling
from fastshesha._resources.pair_memory import comparison_bytes, require_pairs
from fastshesha._result import StabilityResult, result_metadata
from fastshesha._rows import as_rows
from fastshesha._validate import (
    CORRELATION_METHODS,
    NAN_POLICIES,
    RDM_METRICS,
    RETURN_TYPES,
    as_max_pairs,
    require_bootstrap,
    require_choice,
    require_same_samples,
)
from fastshesha._warnings import WarningTally

if TYPE_CHECKING:
    from fastshesha._typing import (
        CorrelationMethod,
        FloatArray,
        IndexArray,
        Matrix,
        MatrixLike,
        NanPolicy,
        RdmMetric,
        ReturnType,
        Score,
        Seed,
    )
    from fastshesha.scale.rdm_streams import StreamedRdms

_FEWEST_SAMPLES = 3


@dataclass(frozen=True)
class Comparison:
    """A way to compare two RDMs; ``is_drift`` turns similarity into its distance from 1."""

    metric: RdmMetric
    method: CorrelationMethod
    nan_policy: NanPolicy
    is_drift: bool = False

    def __post_init__(self) -> None:
        require_choice(self.metric, "metric", RDM_METRICS)
        require_choice(self.method, "method", CORRELATION_METHODS)
        require_choice(self.nan_policy, "nan_policy", NAN_POLICIES)

    @property
    def estimator(self) -> str:
        """What results call it."""
        return "rdm_drift" if self.is_drift else "rdm_similarity"

    def from_similarity(self, similarity: float) -> float:
        """The value of the metric for a correlation."""
        return 1.0 - similarity if self.is_drift else similarity

    def noted(self, similarity: float, n_undefined: int, tally: WarningTally) -> float:
        """The value for a correlation beside which undefined pairs were left out or replaced."""
        if n_undefined:
            tally.undefined(self.nan_policy, n_undefined)
            if self.nan_policy == "propagate":
                return math.nan
        return self.from_similarity(similarity)

    def value_of_rows(self, X: Matrix, Y: Matrix, tally: WarningTally) -> float:
        """The value of the metric for the RDMs of two matrices."""
        if self.method == "spearman":
            similarity = _kernels.rdm_spearman(X, Y, self.metric)
            if similarity is not None:
                return self.from_similarity(similarity)
        return self.value(*self.distances(X, Y), tally)

    def distances(self, X: Matrix, Y: Matrix) -> tuple[FloatArray, FloatArray]:
        """The condensed RDMs of two matrices."""
        return (
            _kernels.condensed_distances(X, self.metric),
            _kernels.condensed_distances(Y, self.metric),
        )

    def value(self, a: FloatArray, b: FloatArray, tally: WarningTally) -> float:
        """The value of the metric for two condensed RDMs."""
        return self.from_similarity(rdm_correlation(a, b, self.method, self.nan_policy, tally))


def compare(
    X: MatrixLike,
    Y: MatrixLike,
    metric: RdmMetric,
    method: CorrelationMethod,
    n_bootstrap_ci: int | None,
    ci: float,
    seed: Seed,
    nan_policy: NanPolicy,
    return_type: ReturnType,
    *,
    is_drift: bool = False,
    max_pairs: float | None = None,
) -> Score:
    """Similarity or drift of two representations in the form that was asked for."""
    require_bootstrap(n_bootstrap_ci, ci)
    most = as_max_pairs(max_pairs, n_bootstrap_ci, method)
    rows_x, rows_y = (
        as_rows(value, name, keeps_bfloat16=True) for value, name in ((X, "X"), (Y, "Y"))
    )
    require_same_samples(rows_x, rows_y)
    require_choice(return_type, "return_type", RETURN_TYPES)
    comparison = Comparison(metric, method, nan_policy, is_drift)
    with WarningTally() as tally:
        if n_bootstrap_ci is None:
            streamed = _stream(rows_x, rows_y, comparison, seed, most, tally)
            if streamed is not None:
                return _streamed(rows_x, rows_y, comparison, streamed, ci, seed, return_type)
        _require_memory(rows_x.shape[0], comparison, n_bootstrap_ci, return_type)
        if return_type == "result":
            result = _as_result(rows_x, rows_y, comparison, n_bootstrap_ci, ci, seed, tally)
            result.metadata.update(told_of_sampling(most, result.estimate))
            return result
        if n_bootstrap_ci is None:
            return _score(rows_x, rows_y, comparison, tally)
        replicates = bootstrap_rows(seed, rows_x.shape[0], n_bootstrap_ci)
        return interval_dict(_bootstrap(rows_x, rows_y, comparison, replicates, tally), ci)


def _require_memory(
    n_samples: int, comparison: Comparison, n_bootstrap_ci: int | None, return_type: ReturnType
) -> None:
    n_bytes = comparison_bytes(
        n_samples,
        comparison.method,
        is_bootstrap=n_bootstrap_ci is not None,
        keeps_distances=return_type == "result",
    )
    require_pairs(n_samples, n_bytes)


def _stream(
    X: Matrix,
    Y: Matrix,
    comparison: Comparison,
    seed: Seed,
    max_pairs: int | None,
    tally: WarningTally,
) -> StreamedRdms | None:
    """What streamed pairs tell, where they are to be sampled or too many to be kept."""
    n_samples = X.shape[0]
    if n_samples < _FEWEST_SAMPLES or (max_pairs is None and not beyond_exact(n_samples)):
        return None
    from fastshesha.scale.unkept_rdms import compare_unkept

    return compare_unkept(
        X,
        Y,
        comparison.metric,
        comparison.method,
        comparison.nan_policy,
        tally,
        max_pairs=max_pairs,
        seed=seed,
    )


def _streamed(
    X: Matrix,
    Y: Matrix,
    comparison: Comparison,
    streamed: StreamedRdms,
    ci: float,
    seed: Seed,
    return_type: ReturnType,
) -> Score:
    """The answer from streamed pairs; 0.0 stands for a similarity to equal distances."""
    estimate = comparison.from_similarity(streamed.value_or(0.0))
    if return_type == "float":
        return estimate
    told = streamed.metadata(estimate, ci)
    metadata = _metadata(X, Y, comparison, seed) | told
    error = float(told.get("pair_se", 0.0))
    return StabilityResult(estimate, monte_carlo_se=error, metadata=metadata)


def _score(X: Matrix, Y: Matrix, comparison: Comparison, tally: WarningTally) -> float:
    if X.shape[0] < _FEWEST_SAMPLES:
        return math.nan
    return comparison.value_of_rows(X, Y, tally)


def _bootstrap(
    X: Matrix,
    Y: Matrix,
    comparison: Comparison,
    replicates: Iterable[IndexArray],
    tally: WarningTally,
) -> list[float]:
    """Finite values over resampled rows, whose copies form pairs as well."""

    n_samples = X.shape[0]

    def resampled(rows: IndexArray) -> float:
        if n_samples < _FEWEST_SAMPLES:
            return math.nan
        # Copies of rows tie, so that ranks take exact distances.
        return comparison.value(*comparison.distances(X[rows], Y[rows]), tally)

    if n_samples < _FEWEST_SAMPLES or not can_be_weighed(n_samples):
        return bootstrap_scores(resampled, replicates)
    a, b = (
        np.concatenate([distances, _kernels.self_distances(rows, comparison.metric)])
        for distances, rows in zip(comparison.distances(X, Y), (X, Y), strict=True)
    )
    weighed = weighed_correlations(
        a,
        b,
        n_samples,
        replicates,
        self_pairs=True,
        method=comparison.method,
        undefined=weighed_mode(comparison.nan_policy),
    )
    scores = (
        resampled(rows) if math.isnan(value) else comparison.noted(value, n_undefined, tally)
        for rows, value, n_undefined in weighed
    )
    return [value for value in scores if math.isfinite(value)]


def _as_result(
    X: Matrix,
    Y: Matrix,
    comparison: Comparison,
    n_bootstrap_ci: int | None,
    ci: float,
    seed: Seed,
    tally: WarningTally,
) -> StabilityResult:
    estimate, scores = math.nan, list[float]()
    if n_bootstrap_ci is None:
        estimate = _score(X, Y, comparison, tally)
    elif X.shape[0] >= _FEWEST_SAMPLES:
        a, b = comparison.distances(X, Y)
        estimate = comparison.value(a, b, tally)
        replicates = bootstrap_rows(seed, X.shape[0], n_bootstrap_ci)
        similarities = paired_bootstrap(
            a, b, X.shape[0], comparison.method, comparison.nan_policy, replicates
        )
        scores = [comparison.from_similarity(similarity) for similarity in similarities]
    metadata = _metadata(X, Y, comparison, seed)
    uncertainty = result_fields(scores, n_bootstrap_ci, ci)
    return StabilityResult(estimate, monte_carlo_se=0.0, metadata=metadata, **uncertainty)


def _metadata(X: Matrix, Y: Matrix, comparison: Comparison, seed: Seed) -> dict[str, Any]:
    return result_metadata(
        comparison.estimator,
        metric=comparison.metric,
        method=comparison.method,
        nan_policy=comparison.nan_policy,
        seed=seed,
        n_samples=X.shape[0],
        n_features_a=X.shape[1],
        n_features_b=Y.shape[1],
        bootstrap_unit="observations of both inputs together, without pairs of equal ones",
    )
