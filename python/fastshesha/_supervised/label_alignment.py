"""Correlation of distances with class labels: over all pairs of some rows, or some pairs of all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha import _kernels
from fastshesha._correlate import label_correlation
from fastshesha._plan import generator, subsample
from fastshesha._resources.pair_limit import beyond_exact, told_of_sampling
from fastshesha._resources.pair_memory import LABEL_BYTES, require_pairs
from fastshesha._rows import as_float64

if TYPE_CHECKING:
    from fastshesha._typing import Matrix, Seed, SplitMetric
    from fastshesha._warnings import WarningTally

    from .labels import Labels


@dataclass(frozen=True)
class AlignmentScorer:
    """Scores rows against labels; ``told`` is filled with what results tell about the pairs.

    ``keeps_pairs`` keeps all distances however many there are.
    """

    metric: SplitMetric
    seed: Seed
    max_samples: int
    max_pairs: int | None
    ci: float
    keeps_pairs: bool
    told: dict[str, Any] = field(default_factory=dict)

    def score(self, X: Matrix, labels: Labels, tally: WarningTally) -> float:
        """Correlation of the distances of centred rows with the RDM "labels differ"."""
        given = X
        rng = generator(self.seed)
        most = self.max_samples if self.max_pairs is None else None
        chosen = subsample(rng, X.shape[0], most)
        if chosen is not None:
            X, labels = X[chosen], labels.take(chosen)
        if self.max_pairs is not None or (beyond_exact(X.shape[0]) and not self.keeps_pairs):
            value = self._streamed(X, labels, rng, tally)
            if value is not None:
                return value
        require_pairs(X.shape[0], LABEL_BYTES)
        rows = as_float64(X)
        own = None if np.may_share_memory(rows, given) else rows
        rows = np.subtract(rows, rows.mean(axis=0), out=own)
        distances = _kernels.condensed_distances(rows, self.metric)
        value = label_correlation(distances, labels.distinct_missing_codes(), tally)
        self.told.update(told_of_sampling(self.max_pairs, value))
        return value

    def _streamed(
        self, X: Matrix, labels: Labels, rng: np.random.Generator, tally: WarningTally
    ) -> float | None:
        """The score over streamed pairs; None where all of them are few enough to be kept."""
        from fastshesha.scale.label_streams import stream_labels

        found = stream_labels(
            X,
            labels.distinct_missing_codes(),
            self.metric,
            self.max_pairs,
            rng,
            self.ci,
        )
        if found is None:
            return None
        value, told, is_constant = found
        if is_constant:
            tally.constant()
        self.told.update(told_of_sampling(self.max_pairs, value), **told)
        return value
