"""Scores of feature splits over streamed pairs, for matrices beyond the exact path."""

from __future__ import annotations

import math
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._correlate import undefined_mode
from fastshesha._progress import told_as_one

from . import pair_plans
from .pair_sampling import sampling_metadata
from .rank_streams import ReadyStream, StreamedCorrelation, prepare
from .row_source import RowSource
from .shared_splits import correlate_pass, in_passes
from .similarity_sample import geometry

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray, Matrix, NanPolicy, SplitMetric

    from .pair_plans import PairPlan


# Twice as many as share a pass: the first tiles do not wait for the maps of all splits.
SPLITS_AT_ONCE = 32


class StreamedSplits:
    """Scores partitions over the same pairs of rows; those of a group share what they can."""

    def __init__(self, X: Matrix, metric: SplitMetric, nan_policy: NanPolicy) -> None:
        self._source = RowSource(X)
        self._metric = metric
        self._undefined = undefined_mode(nan_policy)
        self._plan = pair_plans.all_pairs(*X.shape)
        self._scored: list[StreamedCorrelation] = []

    def sample_pairs(self, plan: PairPlan) -> None:
        """Compare the pairs of a plan instead of all."""
        self._plan = plan

    def __call__(self, first: IndexArray, second: IndexArray) -> tuple[FloatArray, IndexArray]:
        """Scores and numbers of undefined pairs of partitions, one row of columns each."""
        starts = range(0, len(first), SPLITS_AT_ONCE)
        scored: list[StreamedCorrelation] = []
        with ExitStack() as told:
            for start in starts:
                group = slice(start, start + SPLITS_AT_ONCE)
                found, passes = self._prepared(first[group], second[group])
                if start == 0:
                    told.enter_context(told_as_one(len(passes) * len(first) // len(first[group])))
                for ready in passes:
                    found |= correlate_pass(ready, self._plan, self._undefined)
                scored += [found[place] for place in sorted(found)]
        self._scored += scored
        return (
            np.array([correlation.value for correlation in scored]),
            np.array([correlation.n_undefined for correlation in scored]),
        )

    def _prepared(
        self, first: IndexArray, second: IndexArray
    ) -> tuple[dict[int, StreamedCorrelation], list[dict[int, ReadyStream]]]:
        """What partitions come to without counting, and the passes to count the others in."""
        found: dict[int, StreamedCorrelation] = {}
        ready: dict[int, ReadyStream] = {}
        for place, halves in enumerate(zip(first, second, strict=True)):
            a, b = (geometry(self._source, np.sort(half), self._metric) for half in halves)
            prepared = prepare(a, b, self._plan, undefined=self._undefined)
            if isinstance(prepared, StreamedCorrelation):
                found[place] = prepared
            else:
                ready[place] = prepared
        return found, in_passes(ready)

    def metadata(self, mean: float, n_partitions: int, level: float) -> dict[str, Any]:
        """What results tell about the pairs, given the mean score of the first partitions.

        Of the types of their tiles it is the one with fewer digits.
        """
        scored = [c for c in self._scored[:n_partitions] if math.isfinite(c.value)]
        told = {"tile_dtype": min((c.tile_dtype for c in scored), default="float64")}
        if not self._plan.n_rounds:
            bounds = [correlation.error_bound for correlation in scored]
            bound = float(np.mean(bounds)) if bounds else math.nan
            return {"error_bound": bound, "n_pairs": self._plan.n_pairs(), **told}
        rounds = np.full(self._plan.n_rounds, math.nan)
        if scored:
            rounds = np.mean([correlation.rounds for correlation in scored], axis=0)
        return sampling_metadata(mean, rounds, self._plan, level) | told
