"""The coherence of every group of an annotated matrix, from one preparation of the controls."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._rows import as_rows
from fastshesha._validate import RETURN_TYPES, require_bootstrap, require_choice

from .annotated import Group, column_of, groups_in_order, rows_of
from .coherence import Centroid
from .control_label import require_controls
from .methods import FEWEST_SAMPLES, CoherenceOptions, ControlReference
from .row_blocks import covariance_of, mean_of, row_blocks, rows_per_block
from .row_groups import score_groups
from .row_sources import RowSource
from .two_sample import TwoSampleMeasure, evaluate
from .whitening import Whitening

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray, Matrix, ReturnType, Score


@dataclass(frozen=True)
class CoherenceForm:
    """The form of the scores, checked: a number, an interval, or a result."""

    n_bootstrap_ci: int | None = None
    ci: float = 0.95
    return_type: ReturnType = "float"

    def __post_init__(self) -> None:
        require_choice(self.return_type, "return_type", RETURN_TYPES)
        # Without replicates, results do not look at the confidence level.
        if self.return_type != "result" or self.n_bootstrap_ci is not None:
            require_bootstrap(self.n_bootstrap_ci, self.ci)

    @property
    def is_number(self) -> bool:
        """Whether the scores are plain numbers."""
        return self.return_type == "float" and self.n_bootstrap_ci is None


def coherence_scores(
    adata: Any,
    perturbation_key: str,
    control_label: object,
    layer: str | None,
    options: CoherenceOptions,
    form: CoherenceForm = CoherenceForm(),
) -> dict[Any, Score]:
    """The coherence of each group in the order of appearance, by label."""
    source = rows_of(adata, layer)
    controls, groups = groups_in_order(column_of(adata, perturbation_key), control_label)
    if not groups:
        return {}
    require_controls(controls, perturbation_key, control_label)
    if form.is_number:
        scores = _numbers(source, controls, groups, options)
    else:
        scores = _in_form(source, controls, groups, options, form)
    return {group.label: score for group, score in zip(groups, scores, strict=True)}


def _numbers(
    source: RowSource, controls: IndexArray, groups: list[Group], options: CoherenceOptions
) -> list[Score]:
    _require_finite(source, Group("the controls", controls))
    reference = _control_reference(source, controls, options)
    if reference.reference is not None:
        groups = [replace(group, sample=_sample(group, options)) for group in groups]
    score = partial(_score, reference)
    return score_groups(source, groups, score, before=partial(_require_finite_rest, source))


def _sample(group: Group, options: CoherenceOptions) -> IndexArray | None:
    n_rows = len(group.rows)
    return options.sample(n_rows) if n_rows >= FEWEST_SAMPLES else None


def _score(control: ControlReference, source: RowSource, group: Group) -> Score:
    rows = _finite_rows(source, group)
    if control.reference is None or len(group.rows) < FEWEST_SAMPLES:
        return math.nan
    return control.reference.coherence(rows)


def _in_form(
    source: RowSource,
    controls: IndexArray,
    groups: list[Group],
    options: CoherenceOptions,
    form: CoherenceForm,
) -> list[Score]:
    control = _finite_rows(source, Group("the controls", controls))
    reference = ControlReference.from_rows(control, options)

    def coherence(rows: Matrix, group: Matrix) -> float:
        # Replicates resample the controls; the estimate itself takes them as they are.
        is_resampled = rows is not control
        now = ControlReference.from_rows(rows, options) if is_resampled else reference
        return now.coherence(group)

    measure = TwoSampleMeasure(
        "perturbation_coherence", coherence, options.seed, vars(options), options.max_samples
    )

    def score(source: RowSource, group: Group) -> Score:
        rows = _finite_rows(source, group)
        return evaluate(measure, control, rows, form.n_bootstrap_ci, form.ci, form.return_type)

    # A generator goes on from where the group before has left it.
    n_workers = 1 if _is_shared(options.seed) else None
    return score_groups(source, groups, score, n_workers=n_workers)


def _is_shared(seed: object) -> bool:
    return isinstance(seed, (np.random.Generator, np.random.BitGenerator))


def _control_reference(
    source: RowSource, controls: IndexArray, options: CoherenceOptions
) -> ControlReference:
    """What the method needs of the controls, of which a block is dense at a time."""
    is_small = len(controls) <= rows_per_block(source)
    if is_small or options.method == "knn":
        rows = source.load(controls).read(controls, np.float64)
        return ControlReference.from_rows(rows, options)
    mean = mean_of(source, controls, np.float64)
    if options.method == "standard":
        return ControlReference(Centroid(mean, options.metric), options)
    covariance = covariance_of(source, controls, mean)
    whitening = Whitening.from_covariance(mean, covariance, options.regularization)
    return ControlReference(whitening, options)


def _require_finite_rest(source: RowSource, group: Group) -> None:
    """Look at the rows that were not drawn, too."""
    if group.sample is not None:
        _require_finite(source, group)


def _require_finite(source: RowSource, group: Group) -> None:
    if not source.is_finite:
        for block in row_blocks(source, group.rows, np.float64):
            as_rows(block, _name(group))


def _finite_rows(source: RowSource, group: Group) -> Matrix:
    loaded = source.load(np.sort(group.taken))
    rows = loaded.read(group.taken, np.float64)
    return rows if loaded.is_finite else as_rows(rows, _name(group))


def _name(group: Group) -> str:
    return f"the matrix of cells, in its rows of {group.label!r},"
