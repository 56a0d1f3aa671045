"""Ranks have the bits of scipy.stats.rankdata, whatever the values look like."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from fastshesha import _core
from oracle.client import Oracle

Values = NDArray[np.float64]
Family = Callable[[np.random.Generator, int], Values]

LENGTHS = (0, 1, 2, 3, 31, 32, 33, 65, 1000, 4096, 4097, 50_000, 700_001)


def _outlier(rng: np.random.Generator, n: int) -> Values:
    values = rng.standard_normal(n)
    values[n // 2 : n // 2 + 1] = 1e12
    return values


def _signed_zeros(rng: np.random.Generator, n: int) -> Values:
    values = rng.standard_normal(n)
    values[::3] = 0.0
    values[1::7] = -0.0
    return values


def _clusters(rng: np.random.Generator, n: int) -> Values:
    """Few values, and differences in the last bit between some of them."""
    values = rng.choice(np.array([0.1, 0.3, 0.30000000000000004, 1.0]), n)
    return values


def _nested_clusters(rng: np.random.Generator, n: int) -> Values:
    """Crowds within crowds: at every scale, all values but a few lie close together."""
    scales = 10.0 ** -np.arange(1, 16, 2)
    return np.asarray((rng.random((n, scales.size)) < 0.2) @ scales)


def _some_twice(rng: np.random.Generator, n: int) -> Values:
    """Spread but for one value in twenty, which occurs twice."""
    values = rng.standard_normal(n)
    values[: n // 20] = values[n - n // 20 :]
    return values


def _noisy_levels(rng: np.random.Generator, n: int) -> Values:
    """Values that rounding has split into a few doubles each, as distances of integers are."""
    noise = 2.0**-53 * rng.integers(0, 6, n)
    return np.asarray(1.0 - rng.integers(0, 3000, n) / 3000 * (1.0 + noise))


def _two_infinities(rng: np.random.Generator, n: int) -> Values:
    values = rng.standard_normal(n)
    values[: n // 2 : max(1, n // 2 - 1)] = np.inf
    return values


FAMILIES: dict[str, Family] = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "uniform": lambda rng, n: rng.random(n),
    "all tied": lambda rng, n: np.full(n, 0.1),
    "0 and 1": lambda rng, n: (rng.random(n) < 0.5).astype(float),
    "rounded": lambda rng, n: np.round(1000 * rng.standard_normal(n)),
    "neighbouring doubles": _clusters,
    "nested clusters": _nested_clusters,
    "some twice": _some_twice,
    "noisy levels": _noisy_levels,
    "two infinities": _two_infinities,
    "narrow middle": lambda rng, n: rng.standard_cauchy(n) ** 3,
    "outlier": _outlier,
    "log-normal": lambda rng, n: np.exp(20 * rng.standard_normal(n)),
    "all magnitudes": lambda rng, n: rng.choice([-1, 1], n) * 10.0 ** rng.uniform(-300, 300, n),
    "powers of two": lambda rng, n: np.ldexp(1.0, -(np.arange(n) % 1074)),
    "denormal": lambda rng, n: 5e-324 * np.round(100 * rng.standard_normal(n)),
    "signed zeros": _signed_zeros,
    "infinities": lambda rng, n: rng.choice([-np.inf, 0.0, 1.0, np.inf], n),
    "largest range": lambda rng, n: rng.uniform(-1, 1, n) * np.finfo(float).max,
    "sorted": lambda rng, n: np.sort(rng.standard_normal(n)),
    "reversed": lambda rng, n: np.sort(rng.standard_normal(n))[::-1].copy(),
    "organ pipe": lambda rng, n: np.abs(np.arange(n) - n / 2.0),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_ranks(family: str, level: str, oracle: Oracle) -> None:
    for n in LENGTHS:
        values = FAMILIES[family](np.random.default_rng(n), n)
        expected = oracle.call("scipy.stats.rankdata", values).value
        assert np.array_equal(_core.average_ranks(values), expected), f"n={n}"


@pytest.mark.parametrize("where", [0, 17, 99])
def test_one_nan_makes_all_ranks_nan(where: int) -> None:
    values = np.arange(100.0)
    values[where] = np.nan
    assert np.isnan(_core.average_ranks(values)).all()


@pytest.mark.parametrize("family", [name for name in FAMILIES if "infinities" not in name])
@pytest.mark.parametrize("n", [20_000, 70_001, 700_001])
def test_threads_rank_together(n: int, family: str) -> None:
    """What one thread finds is what the ranks of both vectors say."""
    values, spread = (
        FAMILIES[family](np.random.default_rng(1), n),
        np.random.default_rng(2).random(n),
    )
    for a, b in ((values, spread), (spread, values), (values, values[::-1].copy())):
        found = [_core.correlate(a, b, "spearman", "stop", threads).value for threads in (1, 2, 7)]
        assert np.array_equal(found, found[:1] * 3, equal_nan=True)
        if values.min() < values.max():
            ranks = [_core.average_ranks(each) - (n + 1) / 2 for each in (a, b)]
            expected = ranks[0] @ ranks[1] / np.sqrt((ranks[0] @ ranks[0]) * (ranks[1] @ ranks[1]))
            assert found[0] == pytest.approx(expected, rel=1e-9, abs=1e-12)
