"""Bootstrap of the correlation of two RDMs over the observations they share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from ._bootstrap import bootstrap_scores
from ._correlate import matched_correlation

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
    defined = np.isfinite(a) & np.isfinite(b)
    if nan_policy == "propagate" and not defined.all():
        return []
    if nan_policy == "replace":
        a, b = (np.where(np.isfinite(side), side, 1.0) for side in (a, b))
        defined[:] = True
    pairs = np.triu_indices(n_samples, k=1)

    def score(rows: IndexArray) -> float:
        kept = resampled_pairs(rows, n_samples, pairs)
        kept = kept[defined[kept]]
        return matched_correlation(a[kept], b[kept], method)

    return bootstrap_scores(score, replicates)


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
