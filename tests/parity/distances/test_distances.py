"""Condensed distances have the bits of SciPy's pdist: every shape, layout, level, thread count."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np
import pytest

from fastshesha import _core
from oracle.client import Oracle
from parity.distances.factors import (
    LEVELS,
    METRICS,
    N_SAMPLES,
    Array,
    Case,
    all_pairs,
    covered_pairs,
    pairwise_cover,
    whole_product,
)

COVER = pairwise_cover()
N_CHUNKS = 36


def same_bits(a: Array, b: Array) -> bool:
    """Equal bit for bit, NaN by position."""
    undefined = np.isnan(a)
    return bool(
        a.shape == b.shape
        and np.array_equal(undefined, np.isnan(b))
        and np.array_equal(a[~undefined].view(np.int64), b[~undefined].view(np.int64))
    )


def matrix_and_metric(case: Case) -> Case:
    """What decides the distances: neither the instruction set nor the number of threads."""
    return case._replace(level="", n_threads=0)


def differing(cases: Iterable[Case], oracle: Oracle) -> list[Case]:
    """Cases whose distances differ from SciPy's, which are asked for once per matrix."""
    unlike = []
    for question, group in itertools.groupby(cases, matrix_and_metric):
        X = question.matrix()
        expected = oracle.call("scipy.spatial.distance.pdist", X, metric=question.metric).value
        for case in group:
            _core._force_simd_level(case.level)
            distances = _core.condensed_distances(X, case.metric, case.n_threads)
            if not same_bits(expected, distances):
                unlike.append(case)
    return unlike


def test_the_selection_covers_every_pair_of_values() -> None:
    assert covered_pairs(COVER) == all_pairs()


@pytest.mark.parametrize("level", LEVELS, indirect=True)
@pytest.mark.parametrize("chunk", range(N_CHUNKS // len(LEVELS)))
def test_selection(level: str, chunk: int, oracle: Oracle) -> None:
    of_level = [case for case in COVER if case.level == level]
    assert differing(of_level[chunk :: N_CHUNKS // len(LEVELS)], oracle) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("n_samples", N_SAMPLES)
def test_whole_product(
    n_samples: int, metric: str, oracle: Oracle, supported_levels: frozenset[str]
) -> None:
    cases = whole_product(n_samples, metric)
    assert differing((case for case in cases if case.level in supported_levels), oracle) == []


@pytest.mark.parametrize("level", LEVELS, indirect=True)
@pytest.mark.parametrize("metric", METRICS)
def test_large_dimension(level: str, metric: str, oracle: Oracle) -> None:
    """Row means are summed in halves of halves; panels are longer than a cache."""
    X = np.random.default_rng(5).standard_normal((30, 20_011))
    expected = oracle.call("scipy.spatial.distance.pdist", X, metric=metric).value
    assert same_bits(expected, _core.condensed_distances(X, metric, 2))


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "uint64", "float16", "float32"])
@pytest.mark.parametrize("metric", METRICS)
def test_every_dtype_is_read_as_it_lies(dtype: str, metric: str, oracle: Oracle) -> None:
    X = np.random.default_rng(6).uniform(0.0, 90.0, (21, 13)).astype(dtype)
    X.flags.writeable = False
    expected = oracle.call("scipy.spatial.distance.pdist", X.astype(float), metric=metric).value
    assert same_bits(expected, _core.condensed_distances(X, metric, 2))
