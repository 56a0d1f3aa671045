"""Tiles of splits that share products: they count what the splits would count alone."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import _core
from fastshesha.scale import compiled, pair_plans, shared_splits
from fastshesha.scale.pass_key import pass_key
from fastshesha.scale.shared_splits import SharingStream, shareable
from fastshesha.scale.split_jobs import SplitStream, whole_of_splits
from fastshesha.scale.tile_jobs import part
from scale.families import low_rank
from scale.split_streams import N_SAMPLES, N_SPLITS, defined_rows, splits, with_undefined_rows


@pytest.fixture(scope="module", params=["all pairs", "rounds"])
def plan(request: pytest.FixtureRequest) -> pair_plans.PairPlan:
    rows = np.random.default_rng(1).permutation(N_SAMPLES)
    if request.param == "rounds":
        return pair_plans.PairPlan(rows, 31, 3, 100)
    return pair_plans.PairPlan(rows, 3, 0, 170)


@pytest.fixture(scope="module", params=["cosine", "correlation"])
def metric(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(scope="module", params=[200, 201], ids=["even", "odd"])
def stream(request: pytest.FixtureRequest, plan: pair_plans.PairPlan, metric: str) -> SplitStream:
    X = with_undefined_rows(request.param, metric)
    sharing = shareable(splits(X, plan, metric))
    assert len(sharing) == N_SPLITS
    together = shared_splits.joined(list(sharing.values()), plan)
    assert together.whole.columns.size == request.param
    return together


def state(stream: SplitStream) -> Any:
    return whole_of_splits(stream).run()


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_neither_threads_nor_jobs_change_a_bit(stream: SplitStream, threads: int) -> None:
    with fastshesha.config(threads=1):
        expected = state(stream)
    job = whole_of_splits(stream)
    assert job.last_tile > 2
    jobs = [part(job, tiles) for tiles in ((2, job.last_tile), (1, 2), (0, 1))]
    with fastshesha.config(threads=threads):
        assert np.array_equal(state(stream), expected)
        travelled = [pickle.loads(pickle.dumps(job)) for job in jobs]
        assert np.array_equal(sum(job.run() for job in travelled), expected)


def test_counts_are_those_of_the_defined_pairs(stream: SplitStream) -> None:
    counts = state(stream)
    levels = np.arange(stream.n_levels)
    for split in range(N_SPLITS):
        n_pairs = stream.plan.n_pairs(defined_rows(split))
        assert counts[split, :, 0].sum() == counts[split, :, 2].sum() == n_pairs
        assert np.array_equal(counts[split, :, 0] @ levels, counts[split, :, 3].sum(axis=1))


def test_similarities_are_those_of_single_splits(stream: SplitStream) -> None:
    """But for the rounding of products of unit rows, times what their halves lack in length."""
    if not stream.plan.n_rounds:
        pytest.skip("similarities are written down in rounds")
    X, metric = stream.whole.source.matrix, stream.whole.metric
    kept = replace(stream, keep_undefined=True)
    for split, ready in enumerate(splits(X, stream.plan, metric).values()):
        single = compiled.similarities(replace(ready.stream, keep_undefined=True, is_single=False))
        for shared, alone in zip(compiled.split_similarities(kept, split), single, strict=True):
            assert np.array_equal(np.isnan(shared), np.isnan(alone))
            assert np.nanmax(np.abs(shared - alone)) <= 8 * X.shape[1] * 2.0**-24


def test_fused_levels_count_alike(stream: SplitStream) -> None:
    active, found = _core.active_simd_level(), {}
    try:
        for level in _core.supported_simd_levels():
            _core._force_simd_level(level)
            found[level] = state(stream)
    finally:
        _core._force_simd_level(active)
    if "avx512" in found:
        assert np.array_equal(found["avx2"], found["avx512"])
    for counts in found.values():
        assert np.abs(counts - found[active])[:, :, 0].sum() <= 0.02 * counts[:, :, 0].sum()


def test_passes_differ_by_metric_and_by_what_is_left_out(stream: SplitStream) -> None:
    other = "correlation" if stream.whole.metric == "cosine" else "cosine"
    of_other = replace(stream, whole=replace(stream.whole, metric=other))
    positions = np.setdiff1d(np.arange(stream.whole.columns.size), stream.first[0])
    of_more = replace(stream, left_out=(positions[-1:], *stream.left_out[1:]))
    keys = [pass_key(whole_of_splits(each)) for each in (stream, of_other, of_more)]
    assert len({key.parameters for key in keys}) == 3


def test_half_lost_in_rounding_is_as_defined_as_when_it_is_read_alone(metric: str) -> None:
    """Less a mean that was rounded, a constant half has a direction, and counts in both ways."""
    X = low_rank(np.random.default_rng(5), N_SAMPLES, 200)
    plan = pair_plans.all_pairs(*X.shape)
    first = splits(X, plan)[0].stream.a.columns
    X[9, first] = 0.1 if metric == "correlation" else 1e-60
    X[10, first] = 1e-150
    ready = splits(X, plan, metric)
    alone = ready[0].stream.a
    assert not compiled.undefined_rows(alone)[9]
    assert compiled.undefined_rows(alone)[10]
    sharing = [SharingStream(one.stream, 0, 0.0, np.arange(200)) for one in ready.values()]
    n_pairs = state(shared_splits.joined(sharing, plan))[:, 0, 0].sum(axis=1)
    assert n_pairs[0] == math.comb(N_SAMPLES - 1, 2)
    assert (n_pairs[1:] == math.comb(N_SAMPLES, 2)).all()
