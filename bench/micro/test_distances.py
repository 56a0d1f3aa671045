"""Distances of all pairs: packing, products and finishing in one time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

import fastshesha
from bench.data import Data, Matrix
from bench.micro.figures import ROUNDS, Beside, Figure, note
from bench.scenarios.metrics import LARGE
from fastshesha import _core

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

N_ROWS, N_FEATURES = LARGE
N_PAIRS = N_ROWS * (N_ROWS - 1) // 2
N_COMPARED = 2000


def rows(data: Data, dtype: str) -> NDArray[Any]:
    """Normal values as a type holds them, whole ones in steps of a 32nd."""
    X: Matrix = np.load(data.matrix(LARGE))
    return (32 * X).round().clip(-127, 127).astype(dtype) if dtype == "int8" else X.astype(dtype)


def assert_distances(found: NDArray[np.float64], X: NDArray[Any], metric: str) -> None:
    """Compare pairs from all over with numpy's sums."""
    assert found.shape == (N_PAIRS,)
    chosen = np.random.default_rng(1).choice(N_PAIRS, N_COMPARED, replace=False)
    first, second = (side[chosen] for side in np.triu_indices(N_ROWS, k=1))
    a, b = X[first].astype(np.float64), X[second].astype(np.float64)
    if metric == "euclidean":
        expected = np.sqrt(((a - b) ** 2).sum(axis=1))
    else:
        norms = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
        expected = 1.0 - (a * b).sum(axis=1) / norms
    np.testing.assert_allclose(found[chosen], expected, rtol=1e-12, atol=1e-12)


def rate(seconds: float) -> float:
    """A multiplication and an addition for every pair and every feature, per second."""
    return 2.0 * N_PAIRS * N_FEATURES / seconds


def rates(seconds: float, peak_rates: Callable[[], list[float]], target: str = "") -> list[Figure]:
    shares = [100.0 * rate(seconds) / peak for peak in peak_rates()]
    of_the_peak = (Figure(share, "% of the peak", target) for share in shares)
    return [Figure(rate(seconds) / 1e9, "GF/s"), *of_the_peak]


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int8"])
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_one_thread_distances(
    metric: str,
    dtype: str,
    data: Data,
    peak_rates: Callable[[], list[float]],
    benchmark: BenchmarkFixture,
) -> None:
    X = rows(data, dtype)
    found = benchmark.pedantic(_core.condensed_distances, (X, metric, 1), **ROUNDS)
    assert_distances(found, X, metric)
    note(benchmark, lambda seconds: rates(seconds, peak_rates))


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_one_thread_products(
    metric: str, data: Data, peak_rates: Callable[[], list[float]], benchmark: BenchmarkFixture
) -> None:
    """Twice the features take the products of as many more, and the same distances to write."""
    X = np.concatenate([rows(data, "float64"), np.load(data.matrix(LARGE, seed=1))], axis=1)
    half = Beside(lambda: _core.condensed_distances(X[:, :N_FEATURES], metric, 1))
    found = benchmark.pedantic(_core.condensed_distances, (X, metric, 1), setup=half, **ROUNDS)
    assert_distances(found, X, metric)
    assert_distances(half.value, X[:, :N_FEATURES], metric)
    # A difference is squared by one more operation, which the peak does not count.
    target = ">= 80" if metric == "cosine" else ""
    note(benchmark, lambda seconds: rates(seconds - half.median, peak_rates, target))


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_compute_rdm(metric: str, data: Data, benchmark: BenchmarkFixture) -> None:
    X = rows(data, "float64")
    found = benchmark.pedantic(fastshesha.compute_rdm, (X, metric), **ROUNDS)
    assert_distances(found, X, metric)
    note(benchmark, lambda seconds: [Figure(rate(seconds) / 1e9, "GF/s")])
