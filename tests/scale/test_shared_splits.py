"""Splits that share their tiles' products: when they do, and that it changes nothing."""

from __future__ import annotations

import pickle
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import _core
from fastshesha.scale import compiled, pair_plans, shared_splits
from fastshesha.scale.rank_streams import ReadyStream, prepare
from fastshesha.scale.row_source import RowSource
from fastshesha.scale.shared_splits import shareable
from fastshesha.scale.similarity_sample import geometry
from fastshesha.scale.split_jobs import SplitStream, whole_of_splits
from fastshesha.scale.tile_jobs import part
from scale.families import anisotropic, integers, low_rank

N_SAMPLES, N_FEATURES, N_SPLITS = 500, 200, 4


def splits(X: Any, plan: pair_plans.PairPlan, metric: str = "cosine") -> dict[int, ReadyStream]:
    rng = np.random.default_rng(11)
    ready = {}
    for split in range(N_SPLITS):
        order = rng.permutation(X.shape[1])
        half = X.shape[1] // 2
        a, b = (
            geometry(RowSource(X), np.sort(part), metric)
            for part in (order[:half], order[half : 2 * half])
        )
        prepared = prepare(a, b, plan, undefined="omit")
        assert isinstance(prepared, ReadyStream)
        ready[split] = prepared
    return ready


@pytest.fixture(scope="module", params=["all pairs", "rounds"])
def plan(request: pytest.FixtureRequest) -> pair_plans.PairPlan:
    rows = np.random.default_rng(1).permutation(N_SAMPLES)
    if request.param == "rounds":
        return pair_plans.PairPlan(rows, 31, 3, 100)
    return pair_plans.PairPlan(rows, 3, 0, 170)


@pytest.fixture(scope="module")
def stream(plan: pair_plans.PairPlan) -> SplitStream:
    """With rows that are zero in one half of the first split, and one that is zero at all."""
    X = low_rank(np.random.default_rng(0), N_SAMPLES, N_FEATURES).astype(np.float32)
    halves = splits(X, plan)[0].stream
    X[3] = 0.0
    X[[100, 101], halves.a.columns[:, None]] = 0.0
    X[[450, 499], halves.b.columns[:, None]] = 0.0
    sharing = shareable(splits(X, plan))
    assert len(sharing) == N_SPLITS
    return shared_splits.joined(list(sharing.values()), plan)


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
        defined = np.ones(N_SAMPLES, dtype=np.bool_)
        defined[3] = False
        if split == 0:
            defined[[100, 101, 450, 499]] = False
        n_pairs = stream.plan.n_pairs(defined)
        assert counts[split, :, 0].sum() == counts[split, :, 2].sum() == n_pairs
        assert np.array_equal(counts[split, :, 0] @ levels, counts[split, :, 3].sum(axis=1))


def test_similarities_are_those_of_single_splits(stream: SplitStream) -> None:
    """But for the rounding of products of unit rows, times what their halves lack in length."""
    if not stream.plan.n_rounds:
        pytest.skip("similarities are written down in rounds")
    kept = replace(stream, keep_undefined=True)
    for split, ready in enumerate(splits(stream.whole.source.matrix, stream.plan).values()):
        single = compiled.similarities(replace(ready.stream, keep_undefined=True))
        for shared, alone in zip(compiled.split_similarities(kept, split), single, strict=True):
            assert np.array_equal(np.isnan(shared), np.isnan(alone))
            assert np.nanmax(np.abs(shared - alone)) <= 8 * N_FEATURES * 2.0**-24


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


def massive(rng: np.random.Generator, n: int, d: int) -> Any:
    """A column that holds nearly all of a row's length."""
    X = low_rank(rng, n, d)
    X[:, 5] += 1e5 * rng.choice([-1.0, 1.0], n)
    return X


@pytest.mark.parametrize(
    ("make", "n_features", "metric"),
    [
        (anisotropic, 200, "cosine"),
        (integers, 200, "cosine"),
        (massive, 200, "cosine"),
        (low_rank, 201, "cosine"),
        (low_rank, 200, "correlation"),
        (low_rank, 100, "cosine"),
    ],
)
def test_what_would_lose_digits_is_not_shared(make: Any, n_features: int, metric: str) -> None:
    X = make(np.random.default_rng(2), 300, n_features)
    ready = splits(X, pair_plans.all_pairs(len(X), X.shape[1]), metric)
    assert len(ready) == N_SPLITS
    assert shareable(ready) == {}


@pytest.mark.parametrize("nan_policy", ["omit", "replace"])
def test_scores_do_not_tell_whether_products_are_shared(
    nan_policy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    X = low_rank(np.random.default_rng(3), 700, 160)
    X[[5, 6, 7]] = 0.0
    options: Any = {
        "n_splits": 7,
        "seed": 4,
        "max_samples": None,
        "nan_policy": nan_policy,
        "return_all_splits": True,
    }

    def scores(max_pairs: int | None = None) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told: Any = fastshesha.feature_split(X, **options, max_pairs=max_pairs)
            return told["split_scores"]

    monkeypatch.setattr(shared_splits, "MOST_SHARING", 3)
    monkeypatch.setattr("fastshesha.scale.split_scores.SPLITS_AT_ONCE", 4)
    exact = scores()
    with fastshesha.config(exact_pairs=1000):
        shared, sampled = scores(), scores(60_000)
        monkeypatch.setattr(shared_splits, "FEWEST_SHARING", 100)
        alone, alone_sampled = scores(), scores(60_000)
    assert np.abs(np.subtract(shared, exact)).max() <= 1e-7
    assert np.abs(np.subtract(shared, alone)).max() <= 1e-8
    assert np.abs(np.subtract(sampled, alone_sampled)).max() <= 1e-6
    # Replaced distances are all the same, and such ties ask for float64.
    was_shared = not np.array_equal(shared, alone) and not np.array_equal(sampled, alone_sampled)
    assert was_shared == (nan_policy == "omit")
