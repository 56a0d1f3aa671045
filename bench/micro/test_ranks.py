"""Average ranks, on one thread, of values that are easy and hard to rank."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.data import Matrix
from bench.micro.figures import ROUNDS, Beside, Figure, note
from bench.micro.vectors import KINDS, average_ranks, vector
from fastshesha import _core

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

# The pairs of 1,600 rows, and those of 10,000.
N_VALUES, N_MANY = 1_279_200, 50_000_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    sizes = [N_VALUES, N_MANY] if metafunc.config.getoption("--large", False) else [N_VALUES]
    metafunc.parametrize("n_values", sizes, ids=lambda n: f"{n:,}", scope="module")


@lru_cache(maxsize=1)
def normal_values(n_values: int) -> Matrix:
    """What the other kinds are compared with."""
    return vector("normal", n_values, 0).values


def per_value(seconds: float, n_values: int) -> float:
    return 1e9 * seconds / n_values


def test_normal_ranks(n_values: int, benchmark: BenchmarkFixture) -> None:
    made = vector("normal", n_values, 1)
    found = benchmark.pedantic(_core.average_ranks, (made.values,), **ROUNDS)
    assert np.array_equal(found, average_ranks(made.levels))
    note(benchmark, lambda seconds: [Figure(per_value(seconds, n_values), "ns a value", "6-7")])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "normal"])
def test_ranks(kind: str, n_values: int, benchmark: BenchmarkFixture) -> None:
    made = vector(kind, n_values, 2)
    normal = Beside(lambda: _core.average_ranks(normal_values(n_values)))
    found = benchmark.pedantic(lambda: _core.average_ranks(made.values), setup=normal, **ROUNDS)
    assert np.array_equal(found, average_ranks(made.levels))

    def derive(seconds: float) -> list[Figure]:
        times = Figure(seconds / normal.median, "times normal values", "<= 3.6")
        return [Figure(per_value(seconds, n_values), "ns a value"), times]

    note(benchmark, derive)
