"""Spearman's correlation on one thread, of values that are easy and hard to rank."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from bench.data import Matrix
from bench.micro.figures import ROUNDS, Beside, Figure, note
from bench.micro.vectors import KINDS, OUTLIER, spearman, vector
from fastshesha import _core

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

# The pairs of 1,600 rows, and those of 10,000.
N_VALUES, N_MANY = 1_279_200, 50_000_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    sizes = [N_VALUES, N_MANY] if metafunc.config.getoption("--large", False) else [N_VALUES]
    metafunc.parametrize("n_values", sizes, ids=lambda n: f"{n:,}", scope="module")


def correlate(a: Matrix, b: Matrix) -> _core.Correlation:
    return _core.correlate(a, b, "spearman", "stop", 1)


@lru_cache(maxsize=1)
def normal_pair(n_values: int) -> tuple[Matrix, Matrix]:
    """What the other kinds are compared with."""
    return vector("normal", n_values, 0).values, vector("normal", n_values, 1).values


def made(kind: str, n_values: int) -> tuple[Matrix, Matrix, float]:
    """Both sides, of one kind, and their correlation."""
    a, b = (vector(kind, n_values, seed) for seed in (2, 3))
    return a.values, b.values, spearman(a.levels, b.levels)


def per_value(seconds: float, n_values: int) -> float:
    """Nanoseconds for a value of either side."""
    return 1e9 * seconds / (2 * n_values)


def test_normal_ranks(n_values: int, benchmark: BenchmarkFixture) -> None:
    a, b, expected = made("normal", n_values)
    found = benchmark.pedantic(correlate, (a, b), **ROUNDS)
    assert found.value == pytest.approx(expected, abs=1e-12)
    assert found.n_pairs == n_values
    note(benchmark, lambda seconds: [Figure(per_value(seconds, n_values), "ns a value", "6-7")])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "normal"])
def test_ranks(kind: str, n_values: int, benchmark: BenchmarkFixture) -> None:
    a, b, expected = made(kind, n_values)
    normal = Beside(lambda: correlate(*normal_pair(n_values)))
    found = benchmark.pedantic(lambda: correlate(a, b), setup=normal, **ROUNDS)
    # Values that are all equal have no correlation: NaN is what is expected of them.
    assert found.value == pytest.approx(expected, abs=1e-12, nan_ok=True)
    assert found.n_pairs == n_values
    assert (found.a.std == 0.0) == (kind == "all equal")
    assert (found.b.maximum == OUTLIER) == (kind == "one outlier")

    def derive(seconds: float) -> list[Figure]:
        times = Figure(seconds / normal.median, "times normal values", "<= 3.6")
        return [Figure(per_value(seconds, n_values), "ns a value"), times]

    note(benchmark, derive)
