"""RDMs prepared for comparison with many others: distances and ranks are computed once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha import _kernels
from fastshesha._correlate import rdm_correlation
from fastshesha._resources.pair_limit import beyond_exact, count_pairs
from fastshesha._resources.pair_memory import RANKING_BYTES, RDM_BYTES, require_pairs
from fastshesha._validate import (
    CORRELATION_METHODS,
    NAN_POLICIES,
    RDM_METRICS,
    require_choice,
    require_same_samples,
    undefined_distances,
)

from .rank_agreement import centred_ranks, integer_product

if TYPE_CHECKING:
    from fastshesha._typing import (
        CorrelationMethod,
        FloatArray,
        IndexArray,
        Matrix,
        NanPolicy,
        RdmMetric,
    )
    from fastshesha._warnings import WarningTally

_FEWEST_SAMPLES = 3
# Far above what counts as constant, also relative to the rounding of the standard deviation.
_PLAIN_SPREAD = 1e-9


@dataclass(frozen=True)
class RankedRdm:
    """A condensed RDM.

    ``ranks`` (doubled, centred) and the root of their sum of squares are None where ranks alone
    do not tell the correlation: under 'pearson', with undefined or hardly differing distances.
    """

    distances: FloatArray
    ranks: IndexArray | None
    norm: float


@dataclass(frozen=True)
class UnkeptRdm:
    """The rows of an RDM whose pairs are streamed, as they are too many to be kept."""

    rows: Matrix


@dataclass(frozen=True)
class RdmSimilarity:
    """The measure of ``rdm_similarity`` on prepared RDMs."""

    metric: RdmMetric
    method: CorrelationMethod
    nan_policy: NanPolicy
    tally: WarningTally

    def __post_init__(self) -> None:
        require_choice(self.metric, "metric", RDM_METRICS)
        require_choice(self.method, "method", CORRELATION_METHODS)
        require_choice(self.nan_policy, "nan_policy", NAN_POLICIES)

    def require_comparable(self, X: Matrix, Y: Matrix, names: tuple[str, str]) -> None:
        """One row per shared sample."""
        require_same_samples(X, Y, names)

    def require_memory(self, n_samples: int, n_matrices: int) -> None:
        """Refuse so many matrices where their distances and ranks cannot be kept together."""
        if beyond_exact(n_samples):
            return
        n_bytes = RDM_BYTES * n_matrices
        if self.method == "spearman":
            n_bytes = 2 * n_bytes + RANKING_BYTES
        remedy = (
            f"use fewer of these {n_matrices} matrices at a time, or "
            f"config(exact_pairs={count_pairs(n_samples) - 1}) to stream the pairs"
        )
        require_pairs(n_samples, n_bytes, remedy)

    def prepare(self, X: Matrix) -> RankedRdm | UnkeptRdm | None:
        """Distances and ranks of a matrix, where they are kept; None with too few samples."""
        if X.shape[0] < _FEWEST_SAMPLES:
            return None
        if beyond_exact(X.shape[0]):
            return UnkeptRdm(X)
        distances = _kernels.condensed_distances(X, self.metric)
        n_undefined = int(np.count_nonzero(~np.isfinite(distances)))
        if n_undefined and self.nan_policy == "raise":
            raise undefined_distances(n_undefined)
        if self.method == "pearson" or n_undefined or not _is_spread(distances):
            return RankedRdm(distances, None, math.nan)
        ranks = centred_ranks(distances[None])[0]
        return RankedRdm(distances, ranks, math.sqrt(integer_product(ranks, ranks)))

    def compare(self, a: RankedRdm | UnkeptRdm | None, b: RankedRdm | UnkeptRdm | None) -> float:
        """Correlation of two prepared RDMs."""
        if a is None or b is None:
            return math.nan
        if isinstance(a, UnkeptRdm) and isinstance(b, UnkeptRdm):
            return self._streamed(a.rows, b.rows)
        # All matrices have as many rows, so that all of their RDMs are kept or none is.
        assert isinstance(a, RankedRdm)
        assert isinstance(b, RankedRdm)
        if a.ranks is None or b.ranks is None:
            return rdm_correlation(
                a.distances, b.distances, self.method, self.nan_policy, self.tally
            )
        return integer_product(a.ranks, b.ranks) / (a.norm * b.norm)

    def _streamed(self, X: Matrix, Y: Matrix) -> float:
        """Correlation over streamed pairs; 0.0 where the distances of a side are all equal."""
        from fastshesha.scale.unkept_rdms import compare_unkept

        found = compare_unkept(
            X,
            Y,
            self.metric,
            self.method,
            self.nan_policy,
            self.tally,
            max_pairs=None,
            seed=None,
        )
        assert found is not None
        return found.value_or(0.0)


def _is_spread(distances: FloatArray) -> bool:
    limit = _PLAIN_SPREAD * max(1.0, float(np.abs(distances).max()))
    return float(distances.std()) > limit
