"""Correlations of streamed pairs, and of all their distances ranked exactly."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from fastshesha import _correlate, _kernels
from fastshesha.scale import pair_plans
from fastshesha.scale.rank_streams import StreamedCorrelation, correlate
from fastshesha.scale.row_source import RowSource
from fastshesha.scale.similarity_sample import TIE_WIDTH, geometry
from scale.families import Matrix


class Halves(NamedTuple):
    """Two representations of the same samples, and the distance within each."""

    a: Matrix
    b: Matrix
    metric: Any


def halves(rng: np.random.Generator, X: Matrix, metric: str) -> Halves:
    """Random halves of the columns; rows that are zero or constant in one of them get a step."""
    columns = rng.permutation(X.shape[1])
    parts = np.array_split(columns, 2)
    a, b = (np.array(X[:, np.sort(part)]) for part in parts)
    if metric != "euclidean":
        for part in (a, b):
            flat = np.ptp(part, axis=1) == 0.0
            part[flat, 0] += 1.0
    return Halves(a, b, metric)


def streamed(sides: Halves, **options: Any) -> StreamedCorrelation:
    """Over all pairs."""
    a, b = (
        geometry(RowSource(X), np.arange(X.shape[1], dtype=np.int64), sides.metric)
        for X in (sides.a, sides.b)
    )
    return correlate(a, b, pair_plans.all_pairs(len(sides.a), 2 * sides.a.shape[1]), **options)


def exact_without_ties(sides: Halves) -> float:
    """Over all pairs, by their distances to the last bit."""
    a, b = (_kernels.condensed_distances(X, sides.metric) for X in sides[:2])
    return _correlate.matched_correlation(a, b, "spearman")


def exact(sides: Halves) -> float:
    """Over all pairs, distances that lie closer than the tie width counting as one."""
    a, b = (_tied(_similarities(X, sides.metric), _scale(X, sides.metric)) for X in sides[:2])
    return _correlate.matched_correlation(a, b, "spearman")


def _similarities(X: Matrix, metric: Any) -> Matrix:
    distances = _kernels.condensed_distances(X, metric)
    return -0.5 * distances**2 if metric == "euclidean" else -distances


def _scale(X: Matrix, metric: Any) -> float:
    if metric != "euclidean":
        return 1.0
    return float(np.mean(np.sum((X - X.mean(axis=0)) ** 2, axis=1)))


def _tied(values: Matrix, scale: float) -> Matrix:
    """Numbers of the groups of values without a gap above the tie width."""
    order = np.argsort(values, kind="stable")
    groups = np.cumsum(np.diff(values[order], prepend=-math.inf) > TIE_WIDTH * scale)
    numbered = np.empty(values.size)
    numbered[order] = groups
    return numbered
