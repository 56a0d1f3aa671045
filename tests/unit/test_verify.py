"""What `fastshesha.verify` compares and how it tells; the calls of both are in ways_in."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, dataclass, field
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha._agreement import distance

NAN, INF = math.nan, math.inf


@dataclass
class Result:
    """Shaped like a result of either package."""

    estimate: float
    warnings: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)


CLOSE: dict[str, tuple[Any, Any, float]] = {
    "numbers": (1.0, 1.0 + 2**-50, 2**-50),
    "the same": (0.5, 0.5, 0.0),
    "integer": (3, 3, 0.0),
    "both NaN": (NAN, NAN, 0.0),
    "both infinite": (-INF, -INF, 0.0),
    "dict": ({"a": 1.0, "b": 2.0}, {"a": 1.0, "b": 2.5}, 0.5),
    "list": ([1.0, 2.0], [1.25, 2.0], 0.25),
    "array": (np.array([1.0, NAN]), np.array([1.5, NAN]), 0.5),
    "no entries": (np.empty(0), np.empty(0), 0.0),
    "text": ("linear", "linear", 0.0),
    "result": (Result(1.0, ("some words",)), Result(1.25, ("other words",)), 0.25),
    "version": (
        Result(1.0, (), {"package_version": "0.1", "seed": 3}),
        Result(1.0, (), {"package_version": "0.3", "seed": 3}),
        0.0,
    ),
}
APART: dict[str, tuple[Any, Any]] = {
    "NaN": (NAN, 1.0),
    "infinity": (1.0, INF),
    "type": ("1.0", 1.0),
    "keys": ({"a": 1.0}, {"b": 1.0}),
    "order of keys": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "length": ([1.0], [1.0, 2.0]),
    "tuple for list": ((1.0,), [1.0]),
    "dtype": (np.zeros(2), np.zeros(2, dtype=np.float32)),
    "shape": (np.zeros(2), np.zeros((2, 1))),
    "text": ("linear", "rank"),
    "class": (Result(1.0), {"estimate": 1.0}),
    "metadata": (Result(1.0, (), {"seed": 3}), Result(1.0, (), {"seed": 4.0})),
}


@pytest.mark.parametrize("name", CLOSE)
def test_distance_of_numbers(name: str) -> None:
    ours, original, expected = CLOSE[name]
    assert distance(ours, original).absolute == pytest.approx(expected, rel=1e-12, abs=0)


@pytest.mark.parametrize("name", APART)
def test_other_differences_are_infinite(name: str) -> None:
    found = distance(*APART[name])
    assert found.absolute == (1.0 if name == "metadata" else INF)


def test_the_place_of_the_largest_difference() -> None:
    found = distance({"a": [0.0, 1.0], "b": 2.0}, {"a": [0.0, 4.0], "b": 2.5})
    assert (found.place, found.absolute, found.relative) == (".a[1]", 3.0, 0.75)


def test_large_numbers_are_compared_relatively() -> None:
    found = distance(1e6, 1e6 + 1e-7)
    assert found.absolute == pytest.approx(1e-7, rel=1e-2)
    assert found.relative < 1e-12


def verification(ours: Any, original: Any, **fields: Any) -> fastshesha.Verification:
    values = {"largest_difference": 0.0, "place": "", "agree": True, **fields}
    return fastshesha.Verification("sim.cka", ours, original, **values, seconds_ours=0.25,
                                   seconds_original=1.5)  # fmt: skip


def test_a_result_reads_as_a_line() -> None:
    agreed = verification(0.5, 0.5, largest_difference=1.11e-16)
    assert str(agreed) == (
        "sim.cka agrees with the original: largest difference 1.1e-16; 0.25 s against 1.5 s"
    )
    differs = verification(0.5, NAN, largest_difference=INF, agree=False, place=".mean")
    assert "DISAGREES" in str(differs)
    assert "0.5 against nan at .mean" in str(differs)
    raised = verification(ValueError("x"), ValueError("y"))
    assert "both raised ValueError" in str(raised)
    one = verification(0.5, ValueError("y"), agree=False, largest_difference=INF)
    assert "0.5 against raised ValueError" in str(one)


def test_a_result_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        verification(0.5, 0.5).agree = False  # type: ignore[misc]


def test_without_the_original_the_error_names_the_remedy() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"pip install shesha-geometry==0\.3\.0$"):
        fastshesha.verify("feature_split", np.eye(4))
