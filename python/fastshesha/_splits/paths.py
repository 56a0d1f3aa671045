"""The ways to score partitions of the features: exactly, over streamed, or over sampled pairs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha import _kernels
from fastshesha._correlate import undefined_mode
from fastshesha._plan import spawned
from fastshesha._resources.pair_limit import beyond_exact
from fastshesha._rows import as_float64, unit_rows

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray, Matrix

    from .partitions import SplitRule

# Scores and undefined pairs of partitions, given the halves of the columns.
Scorer = Callable[["IndexArray", "IndexArray"], "tuple[FloatArray, IndexArray]"]
# Metadata, given the mean score, the number of partitions, and the level of an interval.
Told = Callable[[float, int, float], "dict[str, Any]"]


def scaled(X: Matrix, rule: SplitRule) -> FloatArray:
    """Rows as the exact path takes them: float64, of unit length under cosine."""
    return unit_rows(X) if rule.metric == "cosine" else as_float64(X)


def exact_scorer(rows: FloatArray, rule: SplitRule) -> Scorer:
    """Scores from all distances, which are kept and ranked."""

    def score(first: IndexArray, second: IndexArray) -> tuple[FloatArray, IndexArray]:
        return _kernels.feature_split_scores(
            rows, first, second, rule.metric, undefined_mode(rule.nan_policy)
        )

    return score


def paired_scorer(
    X: Matrix, rule: SplitRule, rng: np.random.Generator, max_pairs: int | None
) -> tuple[Scorer, Told] | None:
    """Scores from streamed pairs; None where the exact path takes all of them.

    With ``max_pairs`` a sample of that many is drawn by a generator of its own.
    """
    n_samples, n_features = X.shape
    plan = None
    if max_pairs is not None:
        from fastshesha.scale.pair_plans import balanced_rounds

        plan = balanced_rounds(spawned(rng), n_samples, n_features, max_pairs)
    if plan is None and not beyond_exact(n_samples):
        return None
    from fastshesha.scale.split_scores import StreamedSplits

    splits = StreamedSplits(X, rule.metric, rule.nan_policy)
    if plan is not None:
        splits.sample_pairs(plan)
    return splits, splits.metadata
