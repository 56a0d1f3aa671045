"""The reading of the three curves, on curves made for it."""

from __future__ import annotations

import math

import pytest

from fastshesha.demo.diagnosis import diagnose
from fastshesha.demo.early_stopping import early_stopping_epoch
from fastshesha.demo.scenario import ScenarioReport
from fastshesha.demo.tables import scenario_table

RISING = [0.01, 0.02, 0.03, 0.04]
FLAT = [0.01, 0.01, 0.01, 0.01]
PEAKED = [0.01, 0.03, 0.04, 0.02]


@pytest.mark.parametrize(
    ("stability", "var_ratio", "expected"),
    [
        ([0.8, 0.78, 0.75, 0.7], RISING, "healthy"),
        ([0.3, 0.3, 0.3, 0.29], FLAT, "healthy"),
        ([0.8, 0.7, 0.5, 0.4], FLAT, "collapse"),
        ([0.3, 0.2, 0.15, 0.1], FLAT, "collapse"),
        ([0.8, 0.4, 0.1, 0.05], FLAT, "divergence"),
        ([0.8, 0.8, 0.4, 0.05], PEAKED, "overfit"),
        ([0.8, 0.8, 0.6, 0.4], PEAKED, "overfit"),
    ],
)
def test_runs_are_named_by_their_own_start(
    stability: list[float], var_ratio: list[float], expected: str
) -> None:
    diagnosis = diagnose({"stability": stability, "var_ratio": var_ratio})
    assert diagnosis.name == expected
    assert f"{stability[-1] / stability[0]:.0%}" in diagnosis.reason


@pytest.mark.parametrize(
    "stability",
    [[], [math.nan, 0.5], [0.5, math.nan, 0.5], [0.0, 0.5], [-0.1, 0.5], [0.5, math.inf]],
)
def test_nothing_is_said_without_a_start_to_compare_with(stability: list[float]) -> None:
    diagnosis = diagnose({"stability": stability, "var_ratio": FLAT})
    assert diagnosis.name == "undetermined"


def test_early_stopping_counts_the_epochs_seen() -> None:
    low_from_the_fourth = [0.5] * 3 + [0.1] * 7
    assert early_stopping_epoch({"stability": low_from_the_fourth}) == 6
    assert early_stopping_epoch({"stability": [0.1] * 10}) == 5
    assert early_stopping_epoch({"stability": [0.5] * 7 + [0.1] * 3}) is None


def test_a_table_shows_undefined_values_and_no_negative_zero() -> None:
    curves = {"stability": [math.nan], "alignment": [-0.00001], "var_ratio": [0.25]}
    report = ScenarioReport("healthy", curves, diagnose(curves), None, 0.0)
    assert "    0  undefined     0.0000     0.2500\n" in scenario_table(report)
