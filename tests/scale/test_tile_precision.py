"""Float32 tiles: what they compute, and when they are chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import _core
from fastshesha.scale import compiled, pair_plans
from fastshesha.scale.level_map import LevelMap, build_map
from fastshesha.scale.row_source import RowSource
from fastshesha.scale.similarity_sample import FOR_ALL_PAIRS, geometry, mapped_sides
from fastshesha.scale.tile_jobs import PairStream
from scale.families import FREE_OF_TIES, WITH_TIES, low_rank, near_copies
from scale.reference import halves, streamed

METRICS = ("cosine", "correlation", "euclidean")


def sampled(X: Any, Y: Any, metric: str, n_blocks: int = 17, n_rounds: int = 2) -> PairStream:
    a, b = (
        geometry(RowSource(rows), np.arange(rows.shape[1], dtype=np.int64), metric)
        for rows in (X, Y)
    )
    sides = mapped_sides(a, b, FOR_ALL_PAIRS, 2**16)
    assert sides is not None
    plan = pair_plans.PairPlan(np.arange(len(X), dtype=np.int64), n_blocks, n_rounds, 64)
    return PairStream(sides.a, sides.b, None, False, plan)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("n_features", [2, 7, 64, 191, 192, 193, 400])
def test_similarities_are_those_of_float64_but_for_rounding(metric: str, n_features: int) -> None:
    """Each product and sum is off by 2^-24 of a term or of the running sum, at most."""
    rng = np.random.default_rng([n_features, len(metric)])
    X = low_rank(rng, 203, n_features) + 3.0
    stream = sampled(X, X[:, ::-1], metric)
    wide = compiled.similarities(stream)
    for single, double in zip(
        compiled.similarities(replace(stream, is_single=True)), wide, strict=True
    ):
        assert np.array_equal(np.isnan(single), np.isnan(double))
        scale = 1.0 if metric != "euclidean" else np.nanmax(np.abs(double))
        assert np.nanmax(np.abs(single - double)) <= 3.0 * (n_features + 8) * 2.0**-24 * scale


@pytest.mark.parametrize("is_single", [False, True])
def test_sums_run_over_the_features_in_order(is_single: bool) -> None:
    """A model of the tiles: stretches of 192 features, each summed by fused multiply-adds."""
    rng = np.random.default_rng(1)
    X = rng.integers(-9, 10, (90, 500)) * 2.0 ** rng.integers(-9, 10, (90, 500))
    stream = sampled(X, X, "euclidean", n_blocks=5, n_rounds=1)
    stream = replace(stream, is_single=is_single, a=replace(stream.a, centre=np.zeros(500)))
    rows = X.astype(np.float32 if is_single else np.float64)
    expected = np.array([modelled(rows[i], rows[18 + j]) for i in range(3) for j in range(5)])
    found = compiled.similarities(stream)[0].reshape(-1, 18)[:3, :5].ravel()
    if _core.active_simd_level() == "baseline":
        assert np.allclose(found, expected, rtol=1e-5 if is_single else 1e-13)
    else:
        assert np.array_equal(found, expected)


def modelled(u: Any, v: Any) -> Any:
    """Minus half the squared distance; long doubles hold every product and sum to be rounded."""
    dtype = u.dtype.type
    total = None
    for start in range(0, u.size, 192):
        partial = np.longdouble(0)
        for x, y in zip(u[start : start + 192], v[start : start + 192], strict=True):
            partial = np.longdouble(dtype(np.longdouble(x) * np.longdouble(y) + partial))
        total = dtype(partial) if total is None else dtype(total + dtype(partial))
    halves_of_squares = [dtype(0.5 * float(np.sum(row.astype(np.float64) ** 2))) for row in (u, v)]
    return total - dtype(halves_of_squares[0] + halves_of_squares[1])


def compiled_map(level_map: LevelMap) -> _core.LevelMap:
    return _core.LevelMap(*level_map.arguments())


@pytest.mark.parametrize("shape", ["even", "from below", "from above", "few values"])
def test_levels_rise_with_the_similarity(shape: str) -> None:
    rng = np.random.default_rng(2)
    sample = {
        "even": rng.standard_normal(100_000),
        "from below": rng.standard_cauchy(100_000) ** 2,
        "from above": -(rng.standard_cauchy(100_000) ** 2),
        "few values": rng.standard_normal(3),
    }[shape]
    level_map = build_map(sample, 2**16, 1e-11)
    tried = np.sort(np.concatenate([sample, sample[:3000] * (1 + 1e-6), [-1e9, 1e9, -np.inf]]))
    singles = np.sort(tried.astype(np.float32))
    levels = compiled_map(level_map).single_levels(singles, 0.0)
    assert np.all(np.diff(levels) >= 0)
    assert np.all(np.diff(compiled_map(level_map).levels(tried)) >= 0)
    assert levels.min() >= 0
    assert levels.max() < 2**16
    nowhere = compiled_map(level_map).single_levels(np.array([np.nan], np.float32), 0.0)
    assert nowhere[0] in (0, level_map.n_levels - 1)
    if shape != "few values":  # whose stages are so steep that roundings tell
        places = level_map.places(singles[1:-1].astype(np.float64), np.float32)
        assert np.abs(levels[1:-1] - places).max() <= 1.5


def test_levels_are_the_same_with_and_without_a_shift() -> None:
    rng = np.random.default_rng(3)
    values = rng.standard_normal(5000).astype(np.float32)
    level_map = compiled_map(build_map(values.astype(np.float64) + 0.75, 2**12, 1e-11))
    shifted = level_map.single_levels(values, 0.75)
    plain = level_map.levels(values.astype(np.float64) + 0.75)
    assert np.mean(shifted != plain) < 0.01
    assert np.abs(shifted - plain).max() <= 1


@pytest.mark.parametrize("level", ["baseline", "avx2", "avx512"])
@pytest.mark.parametrize("is_single", [False, True])
@pytest.mark.parametrize(("shape", "cells"), [("normal", (4, 256)), ("arc sine", (1, 64))])
def test_vectors_and_single_values_find_the_same_levels(
    level: str, is_single: bool, shape: str, cells: tuple[int, int]
) -> None:
    """Whatever the instruction set and the number of values; fused sums round otherwise."""
    if level not in _core.supported_simd_levels():
        pytest.skip(f"no {level} here")
    rng = np.random.default_rng(4)
    even = np.arcsin(rng.permutation(2**15) / 2**14 - 1.0)
    sample = even if shape == "arc sine" else rng.standard_normal(5003)
    built = build_map(sample, 2**16, 1e-11)
    assert built.cells.shape[:2] == cells
    level_map, values = compiled_map(built), sample[:5003]

    def levels(some: Any) -> Any:
        return level_map.single_levels(some, 0.0) if is_single else level_map.levels(some)

    active = _core.active_simd_level()
    try:
        _core._force_simd_level(level)
        found = levels(values)
        alone = np.concatenate([levels(values[k : k + 1]) for k in range(300)])
        _core._force_simd_level("baseline")
        expected = levels(values)
        _core._force_simd_level(level if level == "baseline" else "avx2")
        same_order = levels(values)
    finally:
        _core._force_simd_level(active)
    assert np.array_equal(found, same_order)
    assert np.array_equal(found[:300], alone)
    assert np.abs(found - expected).max() <= 1
    assert np.mean(found != expected) < 0.01


@pytest.mark.parametrize("length", [1e12, 1e17, 1e25, 1e100])
def test_a_row_beyond_float32_is_the_farthest_of_all(length: float) -> None:
    X = low_rank(np.random.default_rng(8), 400, 12)
    stream = sampled(X, X, "euclidean")
    X[[7, 30]] *= length
    for single, double in zip(
        compiled.similarities(replace(stream, is_single=True)),
        compiled.similarities(stream),
        strict=True,
    ):
        far = double < -1e3 * length
        assert 180 <= np.sum(far) <= 192
        assert not np.any(np.isnan(single[far]))
        assert single[far].max() < single[~np.isnan(double) & ~far].min()


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("family", [*FREE_OF_TIES, *WITH_TIES, "near_copies"])
def test_ties_and_tight_groups_ask_for_float64(family: str, metric: str) -> None:
    rng = np.random.default_rng(5)
    make = {**FREE_OF_TIES, **WITH_TIES, "near_copies": near_copies}[family]
    found = streamed(halves(rng, make(rng, 500, 32), metric))
    assert found.tile_dtype == ("float32" if family in FREE_OF_TIES else "float64")


def test_the_type_of_the_tiles_is_told() -> None:
    X = low_rank(np.random.default_rng(6), 300, 16)
    y = (X[:, 0] > 0).astype(int)
    with fastshesha.config(exact_pairs=1000):
        for told in (
            fastshesha.feature_split(X, n_splits=2, max_samples=None, return_type="result"),
            fastshesha.rdm_similarity(X, X[:, ::-1], return_type="result"),
            fastshesha.supervised_alignment(X, y, max_samples=300, return_type="result"),
            fastshesha.feature_split(X, n_splits=2, max_pairs=20_000, return_type="result"),
        ):
            assert isinstance(told, fastshesha.StabilityResult)
            assert told.metadata["tile_dtype"] == "float32"
        told = fastshesha.rdm_similarity(np.rint(X), np.rint(X[:, ::-1]), return_type="result")
    assert isinstance(told, fastshesha.StabilityResult)
    assert told.metadata["tile_dtype"] == "float64"
