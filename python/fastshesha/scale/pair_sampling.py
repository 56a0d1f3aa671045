"""What a sample of pairs tells about all of them: standard error and interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._resources.pair_limit import count_pairs
from fastshesha._student_t import correlation_p_value

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray

    from .pair_plans import PairPlan

_BISECTIONS = 60


def t_quantile(level: float, degrees: int) -> float:
    """Half width of the central interval of Student's t distribution that holds ``level``."""
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        if correlation_p_value(middle, degrees + 2) > 1.0 - level:
            low = middle
        else:
            high = middle
    return math.sqrt(degrees * low * low / ((1.0 - low) * (1.0 + low)))


def sampling_metadata(
    estimate: float, rounds: FloatArray, plan: PairPlan, level: float
) -> dict[str, Any]:
    """Pairs, standard error and t-interval of an estimate over rounds.

    ``rounds`` holds the estimate of every round. Over all pairs there is no error; it falls with
    the share of them that was drawn, and is NaN without an estimate.
    """
    n_pairs = plan.n_pairs()
    error = 0.0
    if plan.n_rounds:
        n_rows = plan.rows.size
        left = 1.0 - n_pairs / count_pairs(n_rows)
        error = math.nan
        if rounds.size > 1:
            error = float(np.std(rounds, ddof=1)) * math.sqrt(left / rounds.size)
    half = error * t_quantile(level, plan.n_rounds - 1) if plan.n_rounds else 0.0
    return {
        "n_pairs": n_pairs,
        "n_rounds": plan.n_rounds,
        "pair_se": error,
        "pair_ci_low": estimate - half,
        "pair_ci_high": estimate + half,
    }
