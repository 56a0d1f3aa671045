"""Correlations that do not exist, or hardly."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from fastshesha import _core
from fastshesha._correlate import (
    label_correlation,
    matched_correlation,
    rdm_correlation,
    split_correlation,
)
from fastshesha._warnings import ConstantInputWarning, NearConstantInputWarning, WarningTally
from unit.plain import spearman

RAMP = np.linspace(0.1, 0.9, 40)
METHODS = ["spearman", "pearson"]


def quietly(a: Any, b: Any, method: Any, policy: Any = "raise") -> float:
    """The correlation, where nothing is to be warned about."""
    with WarningTally() as tally:
        return rdm_correlation(np.asarray(a), np.asarray(b), method, policy, tally)


@pytest.mark.parametrize("method", METHODS)
def test_below_two_pairs(method: Any) -> None:
    assert math.isnan(quietly([], [], method))
    assert math.isnan(quietly([0.5], [0.5], method))


@pytest.mark.parametrize("b", [[0.25, 0.5], [0.5, 0.25], [0.1, 0.7]])
def test_two_pairs_correlate_fully_by_pearson(b: list[float]) -> None:
    assert quietly([0.1, 0.3], b, "pearson") == (1.0 if b[1] > b[0] else -1.0)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [0.0, 1.0, 0.3, 123.456])
def test_constant_distances(method: Any, value: float) -> None:
    constant = np.full(40, value)
    assert quietly(constant, RAMP, method) == 0.0
    assert quietly(RAMP, constant, method) == 0.0
    assert math.isnan(matched_correlation(constant, RAMP, method))
    assert math.isnan(split_correlation(constant, RAMP, "raise", WarningTally()))


@pytest.mark.parametrize("method", METHODS)
def test_a_spread_below_the_limit_is_constant(method: Any) -> None:
    assert quietly(0.5 + RAMP * 1e-13, RAMP, method) == 0.0
    assert quietly(RAMP * 1e-11, RAMP, method) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_large_constant_distances_by_numpys_standard_deviation(method: Any) -> None:
    """numpy's mean of equal numbers rounds; where it does, the original sees no constant."""
    values = [1e9 * math.sqrt(k) for k in range(1, 30)]
    rounded = [value for value in values if np.std(np.full(40, value)) >= 1e-12]
    assert 0 < len(rounded) < len(values)
    for value in values:
        constant = np.full(40, value)
        if value not in rounded:
            assert quietly(constant, RAMP, method) == 0.0
            continue
        with pytest.warns(ConstantInputWarning, match="comparisons affected: 1$"):
            assert math.isnan(quietly(RAMP, constant, method))


def test_nearly_constant_distances_by_pearson_alone() -> None:
    near = 1e9 + RAMP * 1e-6
    assert quietly(near, RAMP, "spearman") == pytest.approx(spearman(near, RAMP), abs=1e-12)
    with pytest.warns(NearConstantInputWarning, match="hardly differ"):
        found = quietly(near, RAMP, "pearson")
    assert found == pytest.approx(float(np.corrcoef(near, RAMP)[0, 1]), abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_undefined_pairs_do_not_count_for_the_spread(method: Any) -> None:
    a = np.where(np.arange(40) < 30, 0.5, RAMP)
    b = np.where(np.arange(40) < 30, RAMP, np.nan)
    with pytest.warns(UserWarning, match=r"^Omitted 10 undefined distances "):
        assert quietly(a, b, method, "omit") == 0.0
    with pytest.warns(UserWarning, match=r"^Replaced 10 undefined distances by 1.0 "):
        assert quietly(a, b, method, "replace") != 0.0


def test_matched_correlation_needs_three_pairs() -> None:
    assert math.isnan(matched_correlation(RAMP[:2], RAMP[:2], "spearman"))
    assert matched_correlation(RAMP[:3], -RAMP[:3], "spearman") == pytest.approx(-1.0, abs=1e-15)


@pytest.mark.parametrize(
    ("distances", "codes", "warns"),
    [
        ([0.1, 0.2, 0.3], [0, 0, 0], True),
        ([0.1, 0.2, 0.3], [0, 1, 2], True),
        ([0.1, np.nan, 0.3], [0, 0, 0], True),
        ([0.5, 0.5, 0.5], [0, 0, 1], True),
        ([0.5, np.nan, 0.5], [0, 0, 1], False),
        ([0.5], [0, 1], False),
        ([], [0], False),
    ],
)
def test_labels_without_contrast(distances: list[float], codes: list[int], warns: bool) -> None:
    with warnings.catch_warnings(record=True) as caught, WarningTally() as tally:
        warnings.simplefilter("always")
        value = label_correlation(np.array(distances), np.array(codes), tally)
    assert math.isnan(value)
    assert [entry.category for entry in caught] == [ConstantInputWarning] * warns


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e10, 1e13])
def test_pearson_rounds_the_mean_as_numpy_does(offset: float) -> None:
    rng = np.random.default_rng(0)
    for n in (3, 8, 129, 1000):
        a, b = offset + 10.0 * rng.standard_normal((2, n))
        x, y = a - a.mean(), b - b.mean()
        expected = (x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum())
        assert _core.correlate(a, b, "pearson", "stop").value == pytest.approx(expected, abs=1e-15)


def vectors(n: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(n)
    a = rng.standard_normal(n)
    return a, 0.5 * a + rng.standard_normal(n)


@pytest.mark.parametrize("method", METHODS)
def test_a_sum_that_overflows_tells_nothing_of_undefined_values(method: Any) -> None:
    a, b = vectors(5000)
    large = 1e307 * (2.0 + np.tanh(a))
    with np.errstate(over="ignore"):
        assert np.isinf(large.sum())
    found = _core.correlate(large, b, method, "stop", 1)
    assert found.n_undefined == 0
    assert found.n_pairs == 5000


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 4095, 4096, 9999])
def test_one_undefined_value_is_found_wherever_it_is(method: Any, value: float, place: int) -> None:
    a, b = vectors(10_000)
    a[place] = value
    assert _core.correlate(a, b, method, "stop", 2).n_undefined == 1
    found = _core.correlate(b, a, method, "omit", 2)
    others = _core.correlate(np.delete(b, place), np.delete(a, place), method, "stop", 2)
    assert (found.n_undefined, found.n_pairs, found.value) == (1, 9999, others.value)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [3, 4096, 20_001])
def test_no_bit_depends_on_the_threads(method: Any, n: int) -> None:
    found = {_core.correlate(*vectors(n), method, "stop", threads).value for threads in (1, 2, 5)}
    assert len(found) == 1


@pytest.mark.parametrize("scale", [1e-300, 1e-150, 1e150, 1e300])
def test_pearson_of_distances_of_any_size(scale: float) -> None:
    a, b = vectors(3000)
    expected = np.corrcoef(a, b)[0, 1]
    found = _core.correlate(scale * a, b / scale, "pearson", "stop", 1)
    assert found.value == pytest.approx(expected, abs=1e-14)
