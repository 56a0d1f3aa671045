"""Pearson's correlation of Euclidean RDMs in tiles: exact sums, whoever computes which tiles."""

from __future__ import annotations

import json
import math
import pickle
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import _core
from fastshesha.scale.exact_sums import as_fractions, as_integers
from fastshesha.scale.ledger import added
from fastshesha.scale.moment_jobs import MomentJob, MomentStream, whole_of_moments
from fastshesha.scale.row_source import RowSource
from fastshesha.scale.tile_jobs import part

N_BLOCKS = 7
LEVELS = _core.supported_simd_levels()


@pytest.fixture
def job() -> MomentJob:
    rng = np.random.default_rng(0)
    X, Y = rng.standard_normal((300, 13)), rng.standard_normal((300, 40)).astype(np.float32)
    stream = MomentStream(RowSource(X), RowSource(Y), (4.5, 8.0), (0.25, 0.125), N_BLOCKS)
    return whole_of_moments(stream)


def condensed(X: Any) -> Any:
    return _core.condensed_distances(np.ascontiguousarray(X), "euclidean", 1)


def correlation(X: Any, Y: Any) -> Any:
    with fastshesha.config(exact_pairs=1000):
        return fastshesha.rdm_similarity(X, Y, method="pearson", metric="euclidean")


def exact_correlation(X: Any, Y: Any) -> float:
    """Of the distances with SciPy's bits, rounded once at the end."""
    a, b = (centred(condensed(M)) for M in (X, Y))
    products = sum(map(Fraction.__mul__, a, b))
    squares = sum(d * d for d in a) * sum(d * d for d in b)
    return math.copysign(math.sqrt(products**2 / squares), products)


def centred(distances: Any) -> list[Fraction]:
    values = [Fraction(d) for d in distances.tolist()]
    mean = sum(values, Fraction()) / len(values)
    return [value - mean for value in values]


def test_the_sums_are_those_of_all_pairs(job: MomentJob, level: str) -> None:
    stream = job.stream
    a, b = (
        (condensed(source.matrix) - centre) * scale
        for source, centre, scale in zip(
            (stream.a, stream.b), stream.centres, stream.scales, strict=True
        )
    )
    found = [float(total) for total in as_fractions(job.run())]
    for value, terms in zip(found, (a, b, a * a, a * b, b * b), strict=True):
        assert value == pytest.approx(math.fsum(terms), abs=1e-14 * math.fsum(abs(terms)))


def test_no_instruction_set_changes_a_bit(job: MomentJob, level: str) -> None:
    expected = job.run()
    _core._force_simd_level(LEVELS[0])
    assert job.run() == expected


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_neither_do_threads_the_division_into_jobs_their_order_and_a_journey(
    job: MomentJob, threads: int
) -> None:
    expected = job.run()
    edges = [0, 1, 5, 6, 20, job.last_tile]
    jobs = [part(job, tiles) for tiles in pairwise(edges)]
    total: Any = (0,) * 5
    with fastshesha.config(threads=threads):
        for k in np.random.default_rng(threads).permutation(len(jobs)):
            total = added(total, pickle.loads(pickle.dumps(jobs[k])).run())
    assert total == expected


@pytest.mark.parametrize("spread", [1.0, 1e-3, 1e-6, 1e-9])
def test_nearly_equal_distances_keep_their_digits(spread: float) -> None:
    """Corners of a simplex that are moved a little; of their distances only the ends differ."""
    rng = np.random.default_rng(1)
    X = np.eye(120) + spread * rng.standard_normal((120, 120))
    Y = 1e3 * np.eye(120) + 1e3 * spread * (X + rng.standard_normal((120, 120)))
    assert correlation(X, Y) == pytest.approx(exact_correlation(X, Y), abs=2e-15)


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e12])
def test_rows_far_off_are_compared_by_their_differences(offset: float) -> None:
    rng = np.random.default_rng(2)
    X = offset + rng.standard_normal((150, 6))
    Y = X[:, :4] + rng.standard_normal((150, 4))
    assert correlation(X, Y) == pytest.approx(exact_correlation(X, Y), abs=2e-15)


@pytest.mark.parametrize("exponent", [-20, 300, 500])
def test_no_size_of_the_rows_changes_a_bit(exponent: int) -> None:
    X, Y = np.random.default_rng(3).standard_normal((2, 200, 5))
    assert correlation(X * 2.0**exponent, Y) == correlation(X, Y)
    assert correlation(X, Y * 2.0**exponent) == correlation(X, Y)


def test_a_few_rows_may_lie_far_from_all_others() -> None:
    X, Y = np.random.default_rng(4).standard_normal((2, 200, 5))
    X[7] *= 1e100
    X[20] *= 1e140
    assert correlation(X, Y) == pytest.approx(exact_correlation(X, Y), abs=2e-15)


def test_a_side_with_the_spread_of_rounding_counts_as_constant() -> None:
    rng = np.random.default_rng(5)
    X = np.sqrt(2.0) * np.eye(100) + 1e-15 * rng.standard_normal((100, 100))
    Y = rng.random((100, 3))
    assert correlation(X, Y) == 0.0
    assert fastshesha.rdm_similarity(X, Y, method="pearson", metric="euclidean") == 0.0


def test_integers_stand_for_exact_sums_of_floats() -> None:
    rng = np.random.default_rng(6)
    values = np.ldexp(rng.standard_normal((200, 3)), rng.integers(-1080, 1020, (200, 3)))
    values[0] = [5e-324, -np.finfo(float).max, 0.0]
    found = as_fractions(as_integers(values))
    assert found == [sum(map(Fraction, column)) for column in values.T.tolist()]


def test_jobs_and_states_are_small(tmp_path: Path) -> None:
    np.save(tmp_path / "X.npy", np.random.default_rng(7).standard_normal((2000, 50)))
    rows = np.load(tmp_path / "X.npy", mmap_mode="r")
    stream = MomentStream(RowSource(rows), RowSource(rows[:, 3:]), (9.0, 9.0), (0.1, 0.1), 3)
    job = whole_of_moments(stream)
    assert len(pickle.dumps(job)) < 1000
    state = job.run()
    assert len(json.dumps(state)) < 4000
    assert tuple(json.loads(json.dumps(state))) == state
