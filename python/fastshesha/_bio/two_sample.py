"""The forms in which a measure of controls and perturbed samples answers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastshesha._bootstrap import interval_dict, result_fields
from fastshesha._plan import two_sample_bootstrap_rows
from fastshesha._result import StabilityResult, result_metadata

if TYPE_CHECKING:
    from fastshesha._typing import Matrix, ReturnType, Score, Seed


@dataclass(frozen=True)
class TwoSampleMeasure:
    """A measure of two samples, and what its results say about it.

    Attributes
    ----------
    name : str
        What results call it.
    score : callable
        Takes the rows of the controls and of the perturbed samples.
    seed : int, optional
        Seed of the bootstrap.
    options : dict
        What the metadata of a result records, in this order.
    max_samples : int or None
        Above it the measure scores a random subsample of the perturbed rows, whose error is
        unknown.
    """

    name: str
    score: Callable[[Matrix, Matrix], float]
    seed: Seed
    options: dict[str, Any]
    max_samples: int | None = None

    def bootstrap_scores(
        self, control: Matrix, perturbed: Matrix, n_bootstraps: int
    ) -> list[float]:
        """The finite scores of replicates that resample either sample on its own."""
        n_control, n_perturbed = control.shape[0], perturbed.shape[0]
        draws = two_sample_bootstrap_rows(self.seed, n_control, n_perturbed, n_bootstraps)
        scores = (self.score(control[first], perturbed[second]) for first, second in draws)
        return [score for score in scores if math.isfinite(score)]


def evaluate(
    measure: TwoSampleMeasure,
    control: Matrix,
    perturbed: Matrix,
    n_bootstrap_ci: int | None,
    ci: float,
    return_type: ReturnType,
) -> Score:
    """The measure on checked rows in the form that was asked for."""
    if return_type != "result":
        if n_bootstrap_ci is None:
            return measure.score(control, perturbed)
        return interval_dict(measure.bootstrap_scores(control, perturbed, n_bootstrap_ci), ci)
    estimate = measure.score(control, perturbed)
    scores: list[float] = []
    if n_bootstrap_ci is not None:
        scores = measure.bootstrap_scores(control, perturbed, n_bootstrap_ci)
    is_exact = measure.max_samples is None or perturbed.shape[0] <= measure.max_samples
    metadata = result_metadata(
        measure.name,
        input_shapes=[list(control.shape), list(perturbed.shape)],
        bootstrap_unit="controls and perturbed samples, each group on its own",
        **measure.options,
    )
    return StabilityResult(
        estimate,
        monte_carlo_se=0.0 if is_exact else math.nan,
        metadata=metadata,
        **result_fields(scores, n_bootstrap_ci, ci),
    )
