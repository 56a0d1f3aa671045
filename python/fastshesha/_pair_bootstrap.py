"""Bootstrap of the correlation of two RDMs over the observations they share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from . import _kernels
from ._bootstrap import bootstrap_scores
from ._correlate import Settled, matched_correlation, settle, weighed_mode
from ._resamples import batches, can_be_weighed, row_counts

if TYPE_CHECKING:
    from ._typing import CorrelationMethod, FloatArray, IndexArray, NanPolicy


def paired_bootstrap(
    a: FloatArray,
    b: FloatArray,
    n_samples: int,
    method: CorrelationMethod,
    nan_policy: NanPolicy,
    replicates: Iterable[IndexArray],
) -> list[float]:
    """Finite correlations of two condensed RDMs over resampled observations.

    Every replicate holds row indices; pairs of an observation with itself are left out. Pairs
    undefined on either side are left out too, or taken as 1.0 under 'replace'; under 'propagate'
    there is no score where there are any.
    """
    settled = settle(a, b, nan_policy)
    if nan_policy == "propagate" and settled.n_undefined:
        return []
    direct = _Resampling(settled, n_samples, method)
    if not can_be_weighed(n_samples):
        return bootstrap_scores(direct, replicates)
    scored = weighed_correlations(
        settled.a,
        settled.b,
        n_samples,
        replicates,
        self_pairs=False,
        method=method,
        undefined=weighed_mode(nan_policy),
    )
    scores = (direct(rows) if math.isnan(value) else value for rows, value, _ in scored)
    return [value for value in scores if math.isfinite(value)]


def weighed_correlations(
    a: FloatArray,
    b: FloatArray,
    n_samples: int,
    replicates: Iterable[IndexArray],
    *,
    self_pairs: bool,
    method: CorrelationMethod,
    undefined: str,
) -> Iterator[tuple[IndexArray, float, int]]:
    """Rows, correlation and number of undefined pairs of every replicate.

    The correlation is NaN where the resampled distances themselves have to be looked at. With
    ``self_pairs``, the distances of observations to their copies follow those of the pairs.
    """
    for batch in batches(replicates, n_samples):
        values, n_undefined = _kernels.bootstrap_correlations(
            a, b, row_counts(batch, n_samples), self_pairs, method, undefined
        )
        yield from zip(batch, values.tolist(), n_undefined.tolist(), strict=True)


@dataclass(frozen=True)
class _Resampling:
    """Scores a replicate from its resampled distances."""

    distances: Settled
    n_samples: int
    method: CorrelationMethod

    @cached_property
    def _pairs(self) -> tuple[IndexArray, IndexArray]:
        return np.triu_indices(self.n_samples, k=1)

    def __call__(self, rows: IndexArray) -> float:
        kept = resampled_pairs(rows, self.n_samples, self._pairs)
        kept = kept[self.distances.defined[kept]]
        return matched_correlation(self.distances.a[kept], self.distances.b[kept], self.method)


def resampled_pairs(
    rows: IndexArray, n_items: int, pairs: tuple[IndexArray, IndexArray]
) -> IndexArray:
    """Positions in a condensed RDM of ``n_items`` items of all pairs of a resample.

    ``pairs`` is ``numpy.triu_indices(len(rows), k=1)``. Pairs of an item with itself are left
    out: their distance is zero in every RDM and would pass for agreement.
    """
    left, right = rows[pairs[0]], rows[pairs[1]]
    distinct = left != right
    low = np.minimum(left[distinct], right[distinct])
    high = np.maximum(left[distinct], right[distinct])
    # The rows above row `low` hold low (2 n - low - 1) / 2 entries of the upper triangle.
    positions: IndexArray = low * (2 * n_items - low - 3) // 2 + high - 1
    return positions
