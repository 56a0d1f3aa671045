"""The effect size of every group of an annotated matrix, from one pass over the controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._warnings import warn

from .annotated import Group, column_of, groups_in_order, rows_of
from .control_label import require_controls
from .effect_size import Moments, effect_size
from .row_blocks import mean_of, variance_of
from .row_groups import score_groups
from .row_sources import RowSource

if TYPE_CHECKING:
    from fastshesha._typing import EffectMetric, IndexArray


def magnitude_scores(
    adata: Any,
    perturbation_key: str,
    control_label: object,
    layer: str | None,
    metric: EffectMetric,
) -> dict[Any, float]:
    """The effect size of each group in the order of appearance, by label."""
    source = rows_of(adata, layer)
    controls, groups = groups_in_order(column_of(adata, perturbation_key), control_label)
    if not groups:
        return {}
    require_controls(controls, perturbation_key, control_label)
    control = _moments(source, controls, metric)

    def score(loaded: RowSource, group: Group) -> float:
        return effect_size(control, _moments(loaded, group.rows, metric))

    scores = score_groups(source, groups, score)
    _warn_of_few([len(group.rows) for group in groups], metric)
    return {group.label: size for group, size in zip(groups, scores, strict=True)}


def _moments(source: RowSource, rows: IndexArray, metric: EffectMetric) -> Moments:
    """Moments in float64, of which a block of rows is dense at a time."""
    mean = mean_of(source, rows, np.float64)
    return Moments(mean, variance_of(source, rows, mean) if metric == "cohen" else None)


def _warn_of_few(sizes: list[int], metric: EffectMetric) -> None:
    fewest = 2 if metric == "cohen" else 1
    n_few = int(np.sum(np.less(sizes, fewest)))
    if n_few:
        warn(
            f"{n_few} perturbations have fewer than {fewest} cells, so their sizes are NaN "
            f"(metric={metric!r})",
            RuntimeWarning,
        )
