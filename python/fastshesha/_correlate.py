"""Correlation of two RDMs, and what it is worth where the RDMs are degenerate.

The compiled core correlates; here lie the rules for the cases in which a correlation does not
exist. They differ between the metrics, and follow the original in each.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from . import _core
from ._resources.threads import n_threads
from ._warnings import WarningTally

if TYPE_CHECKING:
    from ._typing import BoolArray, CorrelationMethod, FloatArray, IndexArray, NanPolicy

# An RDM with a smaller standard deviation counts as constant.
SMALLEST_STD = 1e-12
_NEARLY_CONSTANT = float(np.finfo(np.float64).eps) ** 0.75


def undefined_mode(nan_policy: NanPolicy) -> Literal["stop", "omit", "replace"]:
    """What the core does with undefined pairs under a policy."""
    return nan_policy if nan_policy == "omit" or nan_policy == "replace" else "stop"


def weighed_mode(nan_policy: NanPolicy) -> str:
    """The same where pairs are weighed: what stops a call is told by the count of such pairs."""
    return "replace" if nan_policy == "replace" else "omit"


class Settled(NamedTuple):
    """Two RDMs whose undefined entries were replaced if the policy says so.

    ``defined`` tells which pairs can be used now, ``n_undefined`` how many could not before.
    """

    a: FloatArray
    b: FloatArray
    defined: BoolArray
    n_undefined: int


def settle(a: FloatArray, b: FloatArray, nan_policy: NanPolicy) -> Settled:
    """Find undefined pairs, and under 'replace' put 1.0 for what is undefined on either side."""
    defined = np.isfinite(a) & np.isfinite(b)
    n_undefined = defined.size - int(np.count_nonzero(defined))
    if n_undefined and nan_policy == "replace":
        a, b = (np.where(np.isfinite(side), side, 1.0) for side in (a, b))
        defined[:] = True
    return Settled(a, b, defined, n_undefined)


def rdm_correlation(
    a: FloatArray,
    b: FloatArray,
    method: CorrelationMethod,
    nan_policy: NanPolicy,
    tally: WarningTally,
) -> float:
    """Correlation of two condensed RDMs by the rules of ``rdm_similarity``.

    NaN for fewer than two pairs, 0.0 where one side counts as constant, NaN with a warning
    where a constant side hides behind the rounding of its standard deviation.
    """
    result = _core.correlate(a, b, method, undefined_mode(nan_policy), n_threads())
    if result.n_undefined:
        tally.undefined(nan_policy, result.n_undefined)
        if nan_policy == "propagate":
            return math.nan
    if result.n_pairs < 2:
        return math.nan
    if _counts_as_constant(a, b, result.a, nan_policy) or _counts_as_constant(
        b, a, result.b, nan_policy
    ):
        return 0.0
    return _noted(result, method, tally)


def split_correlation(
    a: FloatArray, b: FloatArray, nan_policy: NanPolicy, tally: WarningTally
) -> float:
    """Spearman correlation of two half RDMs by the rules of ``feature_split``; NaN: skip it."""
    result = _core.correlate(a, b, "spearman", undefined_mode(nan_policy), n_threads())
    if result.n_undefined:
        tally.undefined(nan_policy, result.n_undefined)
    if result.n_pairs < 2 or min(result.a.std, result.b.std) < SMALLEST_STD:
        return math.nan
    return result.value


def matched_correlation(a: FloatArray, b: FloatArray, method: CorrelationMethod) -> float:
    """Correlation of matched, defined distances; NaN below three pairs or where one is constant."""
    if a.size < 3:
        return math.nan
    result = _core.correlate(a, b, method, "stop", n_threads())
    if _counts_as_constant(a, b, result.a, "raise") or _counts_as_constant(b, a, result.b, "raise"):
        return math.nan
    return result.value


def profile_correlation(a: FloatArray, b: FloatArray, tally: WarningTally) -> float:
    """Spearman correlation of defined distances by the rules of ``anchor_stability``.

    NaN for fewer than two distances, and with a note for a warning where one side is constant.
    """
    result = _core.correlate(a, b, "spearman", "stop")
    if result.n_pairs >= 2 and any(side.minimum == side.maximum for side in (result.a, result.b)):
        tally.constant()
    return result.value


def ranks_within_rows(values: FloatArray, defined: BoolArray) -> FloatArray:
    """Average ranks of the defined entries of every row among each other; zero elsewhere."""
    ranks = np.zeros(values.shape)
    for row, used in enumerate(defined):
        ranks[row, used] = _core.average_ranks(values[row, used])
    return ranks


def label_correlation(distances: FloatArray, codes: IndexArray, tally: WarningTally) -> float:
    """Spearman correlation of condensed distances with the RDM "the two codes differ"."""
    result = _core.label_alignment(distances, codes, n_threads())
    if len(distances) >= 2 and (
        result.b.minimum == result.b.maximum
        or (not result.n_undefined and result.a.minimum == result.a.maximum)
    ):
        tally.constant()
    return result.value


def _noted(result: _core.Correlation, method: CorrelationMethod, tally: WarningTally) -> float:
    """The value of a correlation, with doubtful inputs noted for a warning."""
    sides = (result.a, result.b)
    if any(side.minimum == side.maximum for side in sides):
        tally.constant()
        return math.nan
    if method == "pearson":
        spread = math.sqrt(result.n_pairs)
        if any(side.std * spread < _NEARLY_CONSTANT * abs(side.mean) for side in sides):
            tally.near_constant()
        if result.n_pairs == 2:
            return float(np.round(result.value))
    return result.value if math.isfinite(result.value) else math.nan


def _counts_as_constant(
    values: FloatArray, others: FloatArray, moments: _core.Moments, nan_policy: NanPolicy
) -> bool:
    """Whether numpy's standard deviation of the pairs used is below 1e-12.

    numpy rounds the mean first, which moves the standard deviation of large distances by more
    than the limit itself. Where that could decide, numpy is asked.
    """
    rounding = 1e-13 * max(abs(moments.minimum), abs(moments.maximum)) + 1e-3 * SMALLEST_STD
    if not abs(moments.std - SMALLEST_STD) <= rounding:
        return moments.std < SMALLEST_STD
    return bool(np.std(_pairs_used(values, others, nan_policy)) < SMALLEST_STD)


def _pairs_used(values: FloatArray, others: FloatArray, nan_policy: NanPolicy) -> FloatArray:
    """The entries of ``values`` that enter the correlation under a policy."""
    defined = np.isfinite(values)
    if nan_policy == "omit":
        return values[defined & np.isfinite(others)]
    return np.where(defined, values, 1.0)


def average_ranks(values: FloatArray) -> FloatArray:
    """Ranks from 1, equal values sharing their mean rank; all NaN where one value is."""
    return _core.average_ranks(values)
