"""Distances between classes over distances within, by the way that costs least."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._plan import distinct_rows, generator, spawned
from fastshesha._progress import told_as_one
from fastshesha._resources.pair_limit import beyond_exact
from fastshesha._row_blocks import is_large
from fastshesha._rows import unit_rows

from .cosine_sums import CosineSums
from .pair_sums import PairSums, Sums

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray, Matrix, PlanarMetric, Seed
    from fastshesha._warnings import WarningTally

    from .forms import Replicate
    from .labels import Labels

# Classes whose distances within are smaller on average have no ratio.
_SMALLEST_WITHIN = 1e-12
# Products of features that take as long as going about one more subsample.
_COST_OF_ONE = 10**7
# The distances of that many samples, kept for a bootstrap, take 256 MiB.
_MOST_KEPT = 4096


@dataclass(frozen=True)
class Separation:
    """The ratio with its options."""

    n_subsamples: int
    fraction: float
    metric: PlanarMetric
    seed: Seed
    max_pairs: int | None
    ci: float
    told: dict[str, Any]

    def score(self, X: Matrix, labels: Labels, tally: WarningTally) -> float:
        """Mean ratio over the subsamples that have one, or that of some pairs; NaN without any."""
        if self.max_pairs is not None:
            return self._over_pairs(X, labels, self.max_pairs, tally)
        if self.metric == "cosine" and is_large(X):
            return self._by_blocks(X, labels, tally)
        if self.metric == "euclidean" and self._is_beyond_exact(X):
            return self._streamed(X, labels, tally)
        subsamples = self._subsamples(X.shape[0])
        rows, codes = self._scaled(X), labels.codes_without_missing()
        if not self._is_sparse(X):
            pairs = self._pairs(rows, codes)
            return _mean_ratio(pairs.over(_multiplicities(subsamples, rows.shape[0])), tally)
        sums = [
            PairSums(rows[drawn], codes[drawn], self.metric).over(np.ones((drawn.size, 1)))
            for drawn in subsamples
        ]
        return _mean_ratio(_joined(sums), tally)

    def _is_beyond_exact(self, X: Matrix) -> bool:
        """Whether the pairs that are gone through at a time are run as tile jobs."""
        n_samples = X.shape[0]
        return beyond_exact(self._size(n_samples) if self._is_sparse(X) else n_samples)

    def _streamed(self, X: Matrix, labels: Labels, tally: WarningTally) -> float:
        from fastshesha.scale.separation_tiles import euclidean_sums

        subsamples, codes = self._subsamples(X.shape[0]), labels.codes_without_missing()
        groups = [[drawn] for drawn in subsamples] if self._is_sparse(X) else [subsamples]
        with told_as_one(len(groups)):
            sums = [euclidean_sums(X, codes, group) for group in groups]
        return _mean_ratio(_joined(sums), tally)

    def _by_blocks(self, X: Matrix, labels: Labels, tally: WarningTally) -> float:
        from fastshesha.scale.separation_blocks import cosine_sums

        drawn = self._drawn(X.shape[0])
        return _mean_ratio(cosine_sums(X, labels.codes_without_missing(), drawn), tally)

    def _over_pairs(self, X: Matrix, labels: Labels, max_pairs: int, tally: WarningTally) -> float:
        from fastshesha.scale.separation_pairs import pooled, sampled_sums, separation_metadata

        rng, codes = spawned(generator(self.seed)), labels.codes_without_missing()
        rounds, plan = sampled_sums(X, codes, self.metric, max_pairs, rng)
        value = _mean_ratio(pooled(rounds), tally)
        self.told.update(separation_metadata(value, rounds, plan, max_pairs, self.ci))
        return value

    def prepare(self, X: Matrix, labels: Labels) -> Replicate | None:
        """The score of resampled rows from distances computed once, where they can be kept."""
        n = X.shape[0]
        if n > _MOST_KEPT or self._is_sparse(X):
            return None
        # Resampled rows lie in C order, on which the bits of their norms depend.
        rows = self._scaled(np.ascontiguousarray(X))
        pairs = self._pairs(rows, labels.codes_without_missing())
        pairs.prepare_repeated()

        def score(chosen: IndexArray, tally: WarningTally) -> float:
            subsamples = [chosen[drawn] for drawn in self._subsamples(chosen.size)]
            return _mean_ratio(pairs.over(_multiplicities(subsamples, n)), tally)

        return score

    def _pairs(self, rows: Matrix, codes: IndexArray) -> PairSums | CosineSums:
        if self.metric == "cosine":
            return CosineSums(rows, codes)
        return PairSums(rows, codes, self.metric)

    def _scaled(self, X: Matrix) -> Matrix:
        return unit_rows(X) if self.metric == "cosine" else X

    def _size(self, n_samples: int) -> int:
        return int(n_samples * self.fraction)

    def _subsamples(self, n_samples: int) -> list[IndexArray]:
        return list(self._drawn(n_samples))

    def _drawn(self, n_samples: int) -> Iterator[IndexArray]:
        rng, size = generator(self.seed), self._size(n_samples)
        return (distinct_rows(rng, n_samples, size) for _ in range(self.n_subsamples))

    def _is_sparse(self, X: Matrix) -> bool:
        """Whether the pairs of every subsample by itself cost less than all pairs once."""
        n_samples, n_features = X.shape
        one = self._size(n_samples) ** 2 * n_features + _COST_OF_ONE
        return bool(self.n_subsamples * one < n_samples**2 * n_features)


def _joined(sums: list[Sums]) -> Sums:
    """The sums of some subsamples and those of others behind them."""
    return Sums(*map(np.concatenate, zip(*sums, strict=True)))


def _multiplicities(subsets: list[IndexArray], n_samples: int) -> FloatArray:
    """How often every sample occurs in every subset, shape (n_samples, n_subsets)."""
    weights = np.empty((n_samples, len(subsets)))
    for column, subset in enumerate(subsets):
        weights[:, column] = np.bincount(subset, minlength=n_samples)
    return weights


def _mean_ratio(sums: Sums, tally: WarningTally) -> float:
    """Mean over the subsets with distances of both kinds and some distance within."""
    both = (sums.n_within > 0) & (sums.n_between > 0)
    within = sums.within[both] / sums.n_within[both]
    between = sums.between[both] / sums.n_between[both]
    if (np.isinf(within) & np.isinf(between)).any():
        tally.undefined_number("Distances overflow in class_separation_ratio; scale X down")
        return math.nan
    scored = ~(within <= _SMALLEST_WITHIN)
    ratios = between[scored] / within[scored]
    return float(np.mean(ratios)) if ratios.size else math.nan
