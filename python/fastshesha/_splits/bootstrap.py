"""Bootstrap of feature splits: every replicate sees the same partitions of the features."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha import _kernels
from fastshesha._bootstrap import bootstrap_scores
from fastshesha._correlate import split_correlation, undefined_mode, weighed_mode
from fastshesha._pair_bootstrap import resampled_pairs
from fastshesha._resamples import batches, can_be_weighed, row_counts

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray
    from fastshesha._warnings import WarningTally

    from .partitions import SplitRule


@dataclass(frozen=True)
class SplitBootstrap:
    """Mean scores of partitions over resampled rows.

    Attributes
    ----------
    X : ndarray of float64, shape (n_samples, n_features)
        The rows, scaled as the metric wants them.
    first, second : ndarray of int64, shape (n_splits, n_features // 2)
        Halves of the columns.
    rule : SplitRule
        Metric and policy.
    self_pairs : bool
        Whether the copies of a row in a replicate form pairs that count.
    tally : WarningTally
        Where undefined distances are noted.
    """

    X: FloatArray
    first: IndexArray
    second: IndexArray
    rule: SplitRule
    self_pairs: bool
    tally: WarningTally

    def scores(self, replicates: Iterable[IndexArray]) -> list[float]:
        """Finite mean scores of the replicates."""
        n_samples = self.X.shape[0]
        if not can_be_weighed(n_samples):
            nothing = np.full(len(self.first), math.nan)
            uncounted = np.zeros(len(self.first), dtype=np.int64)
            return bootstrap_scores(lambda rows: self._mean(rows, nothing, uncounted), replicates)
        scores: list[float] = []
        for batch in batches(replicates, n_samples):
            values, n_undefined = _kernels.bootstrap_splits(
                self.X,
                self.first,
                self.second,
                self.rule.metric,
                row_counts(batch, n_samples),
                self.self_pairs,
                weighed_mode(self.rule.nan_policy),
            )
            means = map(self._mean, batch, values.T, n_undefined.T)
            scores += [value for value in means if math.isfinite(value)]
        return scores

    def _mean(self, rows: IndexArray, values: FloatArray, n_undefined: IndexArray) -> float:
        """Mean over the partitions; where a value is NaN, the resampled rows are looked at."""
        finite = []
        for split, (value, count) in enumerate(
            zip(values.tolist(), n_undefined.tolist(), strict=True)
        ):
            if math.isnan(value):
                value, count = self._resampled(rows, split)
            if count:
                self.tally.undefined(self.rule.nan_policy, count)
                if self.rule.nan_policy == "propagate":
                    return math.nan
            if math.isfinite(value):
                finite.append(value)
        return float(np.mean(finite)) if finite else math.nan

    def _resampled(self, rows: IndexArray, split: int) -> tuple[float, int]:
        """Score of one partition on resampled rows and its undefined pairs not yet noted."""
        if not self.self_pairs:
            return self._without_self_pairs(rows, split), 0
        values, n_undefined = _kernels.feature_split_scores(
            self.X[rows],
            self.first[split : split + 1],
            self.second[split : split + 1],
            self.rule.metric,
            undefined_mode(self.rule.nan_policy),
        )
        return float(values[0]), int(n_undefined[0])

    def _without_self_pairs(self, rows: IndexArray, split: int) -> float:
        unique, inverse = np.unique(rows, return_inverse=True)
        pairs = np.triu_indices(len(rows), k=1)
        kept = resampled_pairs(inverse, len(unique), pairs)
        X = self.X[unique]
        a, b = (
            _kernels.condensed_distances(X[:, half[split]], self.rule.metric)[kept]
            for half in (self.first, self.second)
        )
        return split_correlation(a, b, self.rule.nan_policy, self.tally)
