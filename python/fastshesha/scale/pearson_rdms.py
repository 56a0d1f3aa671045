"""Pearson's correlation of the RDMs of two representations, for more pairs than are kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._resources.pair_limit import beyond_exact, count_pairs

from . import pair_plans
from .pearson_algebra import UnitRows, pair_moments, undefined_rows
from .pearson_tiles import euclidean_correlation
from .rank_streams import StreamedCorrelation
from .rdm_streams import StreamedRdms

if TYPE_CHECKING:
    from fastshesha._typing import Matrix, NanPolicy, RdmMetric
    from fastshesha._warnings import WarningTally


@dataclass(frozen=True)
class PearsonRdms(StreamedRdms):
    """What is known of the linear correlation of two RDMs."""

    def metadata(self, estimate: float, level: float) -> dict[str, Any]:  # noqa: ARG002
        """What results tell about the pairs: how many there are."""
        return {"n_pairs": self.n_pairs}


def pearson_rdms(
    X: Matrix, Y: Matrix, metric: RdmMetric, nan_policy: NanPolicy, tally: WarningTally
) -> PearsonRdms | None:
    """Correlation over all pairs; None where they are few enough to be kept.

    Raises
    ------
    ValueError
        Undefined distances under 'raise', or distances beyond float64 under euclidean.
    """
    n_rows = X.shape[0]
    if not beyond_exact(n_rows):
        return None
    if metric == "euclidean":
        return _answer(X, Y, euclidean_correlation(X, Y), count_pairs(n_rows), 0)
    return _by_algebra(X, Y, metric == "correlation", nan_policy, tally)


def _by_algebra(
    X: Matrix, Y: Matrix, is_centred: bool, nan_policy: NanPolicy, tally: WarningTally
) -> PearsonRdms:
    n_rows = X.shape[0]
    a, b = (UnitRows(rows, is_centred) for rows in (X, Y))
    undefined = undefined_rows(a) | undefined_rows(b)
    n_defined = n_rows - int(np.count_nonzero(undefined))
    n_undefined = count_pairs(n_rows) - count_pairs(n_defined)
    if n_undefined:
        tally.undefined(nan_policy, n_undefined)
        if nan_policy == "omit":
            a, b = (UnitRows(side.rows, side.is_centred, undefined) for side in (a, b))
        elif nan_policy != "replace":
            return _answer(X, Y, math.nan, 0, n_undefined)
    n_used = n_rows if a.dropped is None else n_defined
    value = pair_moments(a, b, n_used).correlation() if n_used > 1 else math.nan
    return _answer(X, Y, value, count_pairs(n_used), n_undefined)


def _answer(
    X: Matrix, Y: Matrix, value: float | None, n_pairs: int, n_undefined: int
) -> PearsonRdms:
    """The answer to a correlation; None where the distances of a side are all equal."""
    found = StreamedCorrelation(
        math.nan if value is None else value,
        math.nan,
        n_pairs,
        n_undefined,
        value is None,
        np.empty(0),
    )
    plan = pair_plans.all_pairs(X.shape[0], X.shape[1] + Y.shape[1])
    return PearsonRdms(found, plan, None)
