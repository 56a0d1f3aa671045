"""The forms in which a metric of data and labels answers: number, interval, or result."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastshesha._bootstrap import bootstrap_dict, bootstrap_scores, result_fields
from fastshesha._plan import bootstrap_rows
from fastshesha._result import StabilityResult, result_metadata
from fastshesha._rows import as_rows, as_source, chosen_rows, require_finite
from fastshesha._validate import require_bootstrap
from fastshesha._warnings import WarningTally

from .labels import Labels, as_labels, require_class_sizes, require_n_classes

if TYPE_CHECKING:
    from fastshesha._typing import (
        ArrayLike,
        IndexArray,
        Matrix,
        MatrixLike,
        ReturnType,
        Rows,
        Score,
        Seed,
    )

_FEWEST_PER_CLASS = 2
# The score of resampled rows, given by their indices.
Replicate = Callable[["IndexArray", WarningTally], float]


@dataclass(frozen=True)
class SupervisedMetric:
    """A metric of data and labels, and what its results say about it.

    Attributes
    ----------
    name : str
        What results call it.
    score : callable
        Takes rows, labels and a tally; at least two classes of at least two samples are present.
    seed : int, optional
        Seed of the bootstrap.
    options : dict
        What the metadata of a result records, in this order.
    max_samples : int or None
        Above it the metric scores a random subsample, whose error is unknown.
    is_random : bool
        The metric is a mean over random draws, whose error is unknown.
    n_classes : int or None
        Number of classes it takes, where it is not any number.
    prepare : callable, optional
        Takes rows and labels, and returns a way to score resamples of them that is faster than
        ``score`` on the resampled rows, or None where there is none.
    refuses_nonfinite : bool
        ``score`` itself refuses NaN and infinity among the rows, which saves a pass over them.
    told : dict
        What scoring adds to the metadata of a result, filled in while it scores. A 'pair_se'
        among it is the standard error of the score.
    """

    name: str
    score: Callable[[Matrix, Labels, WarningTally], float]
    seed: Seed
    options: dict[str, Any]
    max_samples: int | None = None
    is_random: bool = False
    n_classes: int | None = None
    prepare: Callable[[Matrix, Labels], Replicate | None] | None = None
    refuses_nonfinite: bool = False
    told: dict[str, Any] = field(default_factory=dict)


def evaluate(
    metric: SupervisedMetric,
    X: MatrixLike,
    y: ArrayLike,
    n_bootstrap_ci: int | None,
    ci: float,
    return_type: ReturnType,
) -> Score:
    """The metric on checked data in the form that was asked for."""
    as_result = return_type == "result"
    if not as_result:
        require_bootstrap(n_bootstrap_ci, ci)
    is_checked = not metric.refuses_nonfinite or n_bootstrap_ci is not None
    rows: Any = _read(metric, X, n_bootstrap_ci, is_checked)
    with _rows_first(rows, is_checked):
        labels = as_labels(y, rows.shape[0])
        if as_result and n_bootstrap_ci is not None:
            require_bootstrap(n_bootstrap_ci, ci)
        if metric.n_classes is not None:
            require_n_classes(labels, metric.n_classes, metric.name)
        if labels.n_classes >= 2:
            require_class_sizes(labels, minimum=_FEWEST_PER_CLASS)
    if labels.n_classes < 2:
        if not is_checked:
            require_finite(rows, "X")
        return _result(metric, rows, math.nan, [], n_bootstrap_ci, ci) if as_result else math.nan
    with WarningTally() as tally:
        if not as_result and n_bootstrap_ci is not None:
            replicate = _replicate_score(metric, rows, labels, tally)
            return bootstrap_dict(replicate, rows.shape[0], n_bootstrap_ci, ci, metric.seed)
        estimate = metric.score(rows, labels, tally)
        if not as_result:
            return estimate
        scores: list[float] = []
        if n_bootstrap_ci is not None:
            draws = bootstrap_rows(metric.seed, rows.shape[0], n_bootstrap_ci)
            replicate = _replicate_score(metric, rows, labels, tally)
            scores = bootstrap_scores(replicate, draws)
        return _result(metric, rows, estimate, scores, n_bootstrap_ci, ci)


def _read(
    metric: SupervisedMetric, X: MatrixLike, n_bootstrap_ci: int | None, is_checked: bool
) -> Rows:
    """The data; rows of a file stay there where the metric draws some of them, once."""
    if metric.max_samples is None or n_bootstrap_ci is not None:
        return as_rows(X, "X", keeps_bfloat16=True, is_checked_later=not is_checked)
    source = as_source(X, "X")
    return source if source.shape[0] > metric.max_samples else chosen_rows(source, None)


@contextmanager
def _rows_first(rows: Matrix, is_checked: bool) -> Iterator[None]:
    """Where labels are faulty and rows are not finite, it is the rows that are reported."""
    try:
        yield
    except (TypeError, ValueError):
        if not is_checked:
            require_finite(rows, "X")
        raise


def _replicate_score(
    metric: SupervisedMetric, rows: Matrix, labels: Labels, tally: WarningTally
) -> Callable[[IndexArray], float]:
    """The score of resampled rows; NaN where the resample has too few of some class."""
    prepared = None if metric.prepare is None else metric.prepare(rows, labels)

    def score(chosen: IndexArray) -> float:
        drawn = labels.take(chosen)
        sizes = drawn.class_sizes()
        present = sizes[sizes > 0]
        if present.size < 2 or present.min() < _FEWEST_PER_CLASS:
            return math.nan
        if prepared is not None:
            return prepared(chosen, tally)
        return metric.score(rows[chosen], drawn, tally)

    return score


def _result(
    metric: SupervisedMetric,
    rows: Matrix,
    estimate: float,
    scores: list[float],
    n_bootstrap_ci: int | None,
    ci: float,
) -> StabilityResult:
    is_subsampled = metric.max_samples is not None and rows.shape[0] > metric.max_samples
    is_exact = not (metric.is_random or is_subsampled)
    metadata = result_metadata(
        metric.name,
        input_shapes=[list(rows.shape), [rows.shape[0]]],
        bootstrap_unit="observations, each with its label",
        **metric.options,
        **metric.told,
    )
    return StabilityResult(
        estimate,
        monte_carlo_se=metric.told.get("pair_se", 0.0) if is_exact else math.nan,
        metadata=metadata,
        **result_fields(scores, n_bootstrap_ci, ci),
    )
