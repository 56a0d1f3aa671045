"""Tile jobs: the same bits however the work is divided, and wherever it is done."""

from __future__ import annotations

import pickle
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import _core
from fastshesha.scale import pair_plans
from fastshesha.scale.row_source import RowSource, describe
from fastshesha.scale.similarity_sample import FOR_ALL_PAIRS, Geometry, mapped_sides
from fastshesha.scale.tile_jobs import PairStream, TileJob, part, whole
from scale.families import low_rank

N_SAMPLES, N_FEATURES = 700, 24


@pytest.fixture(scope="module", params=["all pairs", "rounds"])
def stream(request: pytest.FixtureRequest) -> PairStream:
    X = low_rank(np.random.default_rng(0), N_SAMPLES, N_FEATURES)
    a, b = (
        Geometry(RowSource(X), np.arange(start, N_FEATURES, 2, dtype=np.int64), "cosine")
        for start in (0, 1)
    )
    sides = mapped_sides(a, b, FOR_ALL_PAIRS, 2**12)
    assert sides is not None
    plan = pair_plans.PairPlan(np.arange(N_SAMPLES, dtype=np.int64), 9, 0, 80)
    if request.param == "rounds":
        rounds = pair_plans.balanced_rounds(np.random.default_rng(1), N_SAMPLES, 24, 60_000)
        assert rounds is not None
        plan = pair_plans.PairPlan(rounds.rows, rounds.n_blocks, rounds.n_rounds, 80)
    return PairStream(sides.a, sides.b, None, False, plan)


def state(stream: PairStream) -> Any:
    return whole(stream).run()


def parts(stream: PairStream, n_jobs: int) -> list[TileJob]:
    job = whole(stream)
    edges = [job.last_tile * k // n_jobs for k in range(n_jobs + 1)]
    return [part(job, tiles) for tiles in pairwise(edges)]


@pytest.mark.parametrize("threads", [1, 2, 3, 16])
def test_the_number_of_threads_changes_no_bit(stream: PairStream, threads: int) -> None:
    with fastshesha.config(threads=1):
        expected = state(stream)
    with fastshesha.config(threads=threads):
        assert np.array_equal(state(stream), expected)


def test_neither_does_the_order_of_jobs_nor_a_journey(stream: PairStream) -> None:
    jobs = parts(stream, 7)
    order = np.random.default_rng(2).permutation(7)
    travelled = [pickle.loads(pickle.dumps(jobs[index])) for index in order]
    assert np.array_equal(sum(job.run() for job in travelled), state(stream))


def test_counts_are_those_of_the_pairs(stream: PairStream) -> None:
    counts = state(stream)
    assert counts.shape == (max(1, stream.plan.n_rounds), 4, stream.n_levels)
    assert counts[:, 0].sum() == counts[:, 2].sum() == stream.plan.n_pairs()
    levels = np.arange(stream.n_levels)
    assert np.array_equal(counts[:, 0] @ levels, counts[:, 3].sum(axis=1))
    assert np.array_equal(counts[:, 2] @ levels, counts[:, 1].sum(axis=1))


def test_every_row_occurs_as_often_as_any_other() -> None:
    plan = pair_plans.balanced_rounds(np.random.default_rng(0), 1000, 10, 100_000)
    assert plan is not None
    assert 0.8 * 100_000 <= plan.n_pairs() <= 100_000
    assert np.array_equal(np.sort(plan.rows), np.arange(1000))
    assert (plan.n_rounds, plan.n_blocks) == (12, 125)
    with pytest.raises(ValueError, match=r"^max_pairs must be at least 8 for each of the 1000 "):
        pair_plans.balanced_rounds(np.random.default_rng(0), 1000, 10, 7999)


@pytest.mark.parametrize("n_samples", [17, 20, 63, 64, 100, 333])
def test_plans_of_few_samples_stay_within_their_pairs(n_samples: int) -> None:
    """Blocks are of one size, but for one row, and no pair occurs twice."""
    for max_pairs in range(8 * n_samples, n_samples * (n_samples - 1) // 2, 37):
        plan = pair_plans.balanced_rounds(np.random.default_rng(0), n_samples, 4, max_pairs)
        assert plan is not None
        edges = np.arange(plan.n_blocks + 1) * n_samples // plan.n_blocks
        sizes = np.diff(edges)
        assert 1 <= sizes.max() <= sizes.min() + 1
        assert 8 <= plan.n_rounds <= 15
        assert plan.n_blocks > 2 * plan.n_rounds
        shifts = [sizes @ np.roll(sizes, -1 - k) for k in range(plan.n_rounds)]
        assert plan.n_pairs() == sum(shifts) <= max_pairs


def test_fused_levels_count_alike(stream: PairStream) -> None:
    """AVX2 and AVX-512 add in one order; without fused sums few pairs change their level."""
    levels = _core.supported_simd_levels()
    active = _core.active_simd_level()
    try:
        states = {}
        for level in levels:
            _core._force_simd_level(level)
            states[level] = state(stream)
    finally:
        _core._force_simd_level(active)
    if "avx512" in states:
        assert np.array_equal(states["avx2"], states["avx512"])
    for counts in states.values():
        moved = np.abs(counts - states[active])[:, 0].sum()
        assert moved <= 1e-4 * stream.plan.n_pairs()


def test_a_mapped_file_travels_by_its_name(tmp_path: Path) -> None:
    X = np.arange(60_000, dtype=np.float32).reshape(300, 200)
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    for view in (mapped, np.asarray(mapped), mapped[::2, 5:50:3], mapped[::-1, ::-1], mapped.T):
        packed = pickle.dumps(RowSource(view))
        assert len(packed) < 1000
        assert np.array_equal(pickle.loads(packed).matrix, view)
    assert describe(X) is None
    assert np.array_equal(pickle.loads(pickle.dumps(RowSource(X))).matrix, X)


def test_a_file_that_became_shorter_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "X.npy", np.ones((300, 200)))
    packed = pickle.dumps(RowSource(np.load(tmp_path / "X.npy", mmap_mode="r")))
    with open(tmp_path / "X.npy", "r+b") as file:
        file.truncate(1000)
    with pytest.raises(ValueError):
        pickle.loads(packed)
