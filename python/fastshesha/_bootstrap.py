"""Percentile bootstrap over observations, in the two forms in which it is returned."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ._plan import bootstrap_rows
from ._result import skipped_note

if TYPE_CHECKING:
    from ._typing import IndexArray, Seed


def bootstrap_scores(
    score: Callable[[IndexArray], float], replicates: Iterable[IndexArray]
) -> list[float]:
    """The finite scores among those of all replicates' rows."""
    scores = (score(rows) for rows in replicates)
    return [value for value in scores if math.isfinite(value)]


def bootstrap_dict(
    score: Callable[[IndexArray], float], n_samples: int, n_bootstraps: int, ci: float, seed: Seed
) -> dict[str, Any]:
    """The dict form: mean, interval and standard deviation of the replicates themselves.

    ``score`` gets the row indices of a replicate, in which a row may occur more than once.
    """
    return interval_dict(bootstrap_scores(score, bootstrap_rows(seed, n_samples, n_bootstraps)), ci)


def interval_dict(scores: list[float], ci: float) -> dict[str, Any]:
    """The dict form of finite scores of replicates; NaN without any."""
    low, high = percentile_interval(scores, ci)
    return {
        "mean": float(np.mean(scores)) if scores else math.nan,
        "ci_low": low,
        "ci_high": high,
        "std": float(np.std(scores)) if scores else math.nan,
        "n_bootstraps": len(scores),
        "ci_level": ci,
    }


def percentile_interval(scores: list[float], ci: float) -> tuple[float, float]:
    """Central interval that holds a fraction ``ci`` of the scores; NaN without any."""
    if not scores:
        return math.nan, math.nan
    alpha = 1 - ci
    low, high = 100 * alpha / 2, 100 * (1 - alpha / 2)
    return float(np.percentile(scores, low)), float(np.percentile(scores, high))


def result_fields(scores: list[float], n_requested: int | None, ci: float) -> dict[str, Any]:
    """What a bootstrap adds to the fields of a StabilityResult, its warnings included."""
    if n_requested is None:
        return {"warnings": ()}
    low, high = percentile_interval(scores, ci)
    return {
        "data_ci_low": low,
        "data_ci_high": high,
        "ci_level": ci,
        "n_bootstraps": len(scores),
        "warnings": skipped_note(n_requested - len(scores), n_requested, "bootstrap resamples"),
    }
