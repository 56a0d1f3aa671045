"""The options that both metrics of replicates share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastshesha._bootstrap import result_fields
from fastshesha._correlate import matched_correlation, settle
from fastshesha._resources.pair_memory import comparison_bytes, require_pairs
from fastshesha._result import StabilityResult, result_metadata
from fastshesha._validate import (
    CORRELATION_METHODS,
    NAN_POLICIES,
    RDM_METRICS,
    RETURN_TYPES,
    require_bootstrap,
    require_choice,
)

if TYPE_CHECKING:
    from fastshesha._typing import (
        BoolArray,
        CorrelationMethod,
        FloatArray,
        Matrix,
        NanPolicy,
        RdmMetric,
        ReturnType,
        Seed,
    )
    from fastshesha._warnings import WarningTally

_PROPAGATED = "undefined distances make the result NaN (nan_policy='propagate')"


@dataclass(frozen=True)
class ReplicateOptions:
    """Checked one by one when they are put together."""

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

    def correlation(self, a: FloatArray, b: FloatArray, defined: BoolArray) -> float:
        """Correlation of the pairs to be used."""
        if defined.all():
            return matched_correlation(a, b, self.method)
        return matched_correlation(a[defined], b[defined], self.method)

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
