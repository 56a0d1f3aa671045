"""Correlation of the RDMs of two representations over streamed pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._correlate import undefined_mode
from fastshesha._plan import generator, spawned
from fastshesha._resources.pair_limit import beyond_exact, told_of_sampling

from . import pair_plans
from .pair_sampling import sampling_metadata
from .rank_streams import StreamedCorrelation, correlate
from .row_source import RowSource
from .similarity_sample import geometry

if TYPE_CHECKING:
    from fastshesha._typing import Matrix, NanPolicy, RdmMetric, Seed
    from fastshesha._warnings import WarningTally

    from .pair_plans import PairPlan


@dataclass(frozen=True)
class StreamedRdms:
    """What streaming the pairs of two RDMs found, and which pairs these were."""

    correlation: StreamedCorrelation
    plan: PairPlan
    max_pairs: int | None

    def value_or(self, constant: float) -> float:
        """The similarity, or what a metric says where the distances of a side are all equal."""
        return constant if self.correlation.is_constant else self.correlation.value

    @property
    def n_pairs(self) -> int:
        """Pairs that were counted."""
        return self.correlation.n_pairs

    def metadata(self, estimate: float, level: float) -> dict[str, Any]:
        """What results tell about the pairs of an estimate, which may be one minus this."""
        told = told_of_sampling(self.max_pairs, estimate) | {
            "n_pairs": self.n_pairs,
            "tile_dtype": self.correlation.tile_dtype,
        }
        if not self.plan.n_rounds:
            return told | {"error_bound": self.correlation.error_bound}
        sampled = sampling_metadata(estimate, self.correlation.rounds, self.plan, level)
        return told | sampled | {"n_pairs": self.n_pairs}


def stream_rdms(
    X: Matrix,
    Y: Matrix,
    metric: RdmMetric,
    nan_policy: NanPolicy,
    tally: WarningTally,
    *,
    max_pairs: int | None = None,
    seed: Seed = None,
) -> StreamedRdms | None:
    """Compare two RDMs without keeping them; None where all pairs are few enough to be kept.

    Raises
    ------
    ValueError
        Undefined distances under 'raise', or squared lengths beyond float64 under euclidean.
    """
    n_samples, n_features = X.shape[0], X.shape[1] + Y.shape[1]
    plan = None
    if max_pairs is not None:
        rng = spawned(generator(seed))
        plan = pair_plans.balanced_rounds(rng, n_samples, n_features, max_pairs)
    if plan is None and not beyond_exact(n_samples):
        return None
    plan = plan or pair_plans.all_pairs(n_samples, n_features)
    a, b = (
        geometry(RowSource(rows), np.arange(rows.shape[1], dtype=np.int64), metric)
        for rows in (X, Y)
    )
    found = correlate(a, b, plan, undefined=undefined_mode(nan_policy))
    if found.n_undefined:
        if metric == "euclidean":
            raise ValueError("Squared distances overflow; scale X and Y down")
        tally.undefined(nan_policy, found.n_undefined)
    return StreamedRdms(found, plan, max_pairs)
