"""Correlation of an RDM with class labels over streamed pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._column_sums import column_means
from fastshesha._plan import spawned
from fastshesha._resources.pair_limit import beyond_exact

from . import pair_plans
from .pair_sampling import sampling_metadata
from .rank_streams import correlate
from .row_source import RowSource
from .similarity_sample import Geometry

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray, Matrix, SplitMetric


def stream_labels(
    X: Matrix,
    codes: IndexArray,
    metric: SplitMetric,
    max_pairs: int | None,
    rng: np.random.Generator,
    level: float,
) -> tuple[float, dict[str, Any], bool] | None:
    """Correlation of distances with "codes differ", metadata, and whether a side is constant.

    None where all pairs are few enough to be kept. The correlation is NaN where a distance is
    undefined.
    """
    n_samples, n_features = X.shape
    plan = None
    if max_pairs is not None:
        plan = pair_plans.balanced_rounds(spawned(rng), n_samples, n_features, max_pairs)
    if plan is None and not beyond_exact(n_samples):
        return None
    plan = plan or pair_plans.all_pairs(n_samples, n_features)
    columns = np.arange(n_features, dtype=np.int64)
    side = Geometry(RowSource(X), columns, metric, column_means(X))
    found = correlate(side, None, plan, codes=codes)
    if plan.n_rounds:
        told = sampling_metadata(found.value, found.rounds, plan, level)
    else:
        told = {"error_bound": found.error_bound, "n_pairs": found.n_pairs}
    told["tile_dtype"] = found.tile_dtype
    return found.value, told, found.is_constant
