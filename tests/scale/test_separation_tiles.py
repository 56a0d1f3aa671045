"""Class separation by tile jobs, against distances that are summed in one process."""

from __future__ import annotations

import math
import pickle
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha._supervised.pair_sums import PairSums
from fastshesha.scale import separation_jobs
from fastshesha.scale.ledger import added
from fastshesha.scale.row_source import RowSource
from fastshesha.scale.separation_jobs import SeparationJob, whole_of_separation
from fastshesha.scale.separation_tiles import euclidean_sums
from fastshesha.scale.square_tiles import count_square_tiles, square_tiles
from fastshesha.scale.tile_jobs import part

N_SAMPLES = 1400
RNG = np.random.default_rng(0)
LABELS = np.where(RNG.random(N_SAMPLES) < 0.1, np.nan, RNG.integers(0, 4, N_SAMPLES))
X = RNG.standard_normal((N_SAMPLES, 9)) + np.nan_to_num(LABELS)[:, None]
CODES = np.nan_to_num(LABELS, nan=-1).astype(np.int64)
SUBSETS = [np.sort(RNG.permutation(N_SAMPLES)[:size]) for size in (700, 2, 30, N_SAMPLES)]


def streamed(*args: Any, **options: Any) -> Any:
    with fastshesha.config(exact_pairs=1000):
        return fastshesha.class_separation_ratio(*args, **options)


@pytest.mark.parametrize("offset", [0.0, 1e5])
def test_sums_are_those_of_all_distances(offset: float) -> None:
    weights = np.zeros((N_SAMPLES, len(SUBSETS)))
    for column, subset in enumerate(SUBSETS):
        weights[subset, column] = 1.0
    expected = PairSums(X + offset, CODES, "euclidean").over(weights)
    for found, wanted in zip(euclidean_sums(X + offset, CODES, SUBSETS), expected, strict=True):
        assert found == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize("fraction", [0.5, 0.04, 1.0])
def test_the_ratio_is_that_of_few_samples(fraction: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where every subsample is gone through by itself."""
    monkeypatch.setattr("fastshesha._supervised.separation._COST_OF_ONE", 0)
    for options in ({"seed": 1}, {"seed": 2, "return_type": "result"}):
        found = streamed(X, LABELS, 6, fraction, **options)
        expected = fastshesha.class_separation_ratio(X, LABELS, 6, fraction, **options)
        found, expected = (getattr(value, "estimate", value) for value in (found, expected))
        assert found == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_no_division_into_jobs_changes_a_bit(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastshesha._supervised.pair_sums._TILE_ROWS", 100)
    found: list[SeparationJob] = []
    monkeypatch.setattr("fastshesha.scale.separation_tiles.run_tiles", found.append)
    euclidean_sums(X, CODES, SUBSETS)
    (job,) = found
    expected = job.run()
    total: Any = (0,) * len(expected)
    jobs = [part(job, tiles) for tiles in pairwise([0, 1, 2, 17, 60, job.last_tile])]
    with fastshesha.config(threads=threads):
        for k in np.random.default_rng(threads).permutation(len(jobs)):
            total = added(total, pickle.loads(pickle.dumps(jobs[k])).run())
    assert total == expected


def test_tiles_go_by_rows_of_blocks() -> None:
    expected = [(i, j) for i in range(5) for j in range(i, 5)]
    assert len(expected) == count_square_tiles(5)
    for first in range(16):
        for last in range(first, 16):
            assert list(square_tiles(5, first, last)) == expected[first:last]


def test_distances_that_overflow_are_infinite_and_refused() -> None:
    far = X.copy()
    far[np.flatnonzero(CODES == 1)[0]] = 1e200
    drawn = [np.flatnonzero(CODES <= 1), np.flatnonzero(CODES != 1)]
    sums = euclidean_sums(far, CODES, drawn)
    assert sums.within.tolist()[0] == sums.between.tolist()[0] == math.inf
    assert np.isfinite([sums.within[1], sums.between[1]]).all()
    with pytest.warns(RuntimeWarning, match="Distances overflow"):
        assert math.isnan(streamed(far, LABELS, 4, 1.0, seed=1))


def test_subsamples_without_labels_have_no_ratio() -> None:
    labels = np.full(N_SAMPLES, np.nan)
    labels[:4] = [0, 0, 1, 1]
    assert math.isnan(streamed(X, labels, 3, 0.1, seed=1))
    assert euclidean_sums(X, np.full(N_SAMPLES, -1), SUBSETS).within.tolist() == [0.0] * 4


def test_processors_with_other_registers_are_told_apart() -> None:
    members = np.ones((N_SAMPLES, 1), np.uint8)
    stream = separation_jobs.SeparationStream(
        RowSource(X), np.arange(N_SAMPLES), CODES, members, False
    )
    name = whole_of_separation(stream).kernel()
    assert name == f"{fastshesha._core.active_simd_level()}-1"
