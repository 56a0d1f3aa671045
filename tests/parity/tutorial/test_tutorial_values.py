"""All 240 values of the training-drift tutorial agree with the original's."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fastshesha.demo.scenario import ScenarioReport, run_scenario
from fastshesha.demo.simulation import SCENARIOS
from fastshesha.monitor.tutorial import CURVES
from parity.tutorial.make_tutorial_values import VALUES_FILE

REFERENCE = json.loads(VALUES_FILE.read_text())["values"]
TOLERANCE = 1e-12


@pytest.fixture(scope="module", params=SCENARIOS)
def report(request: pytest.FixtureRequest) -> ScenarioReport:
    return run_scenario(request.param)


@pytest.mark.parametrize("curve", CURVES)
def test_curve_agrees_with_the_original(report: ScenarioReport, curve: str) -> None:
    expected = REFERENCE[report.scenario][curve]
    assert len(expected) == 20
    np.testing.assert_allclose(report.curves[curve], expected, rtol=0, atol=TOLERANCE)


def test_each_run_is_recognised(report: ScenarioReport) -> None:
    assert report.diagnosis == report.scenario


def test_early_stopping_fires_where_the_tutorial_rule_does(report: ScenarioReport) -> None:
    expected = {"healthy": None, "collapse": None, "divergence": 14, "overfit": None}
    assert report.early_stop_epoch == expected[report.scenario]


def test_there_are_240_reference_values() -> None:
    assert list(REFERENCE) == list(SCENARIOS)
    assert sum(len(REFERENCE[scenario][curve]) for scenario in SCENARIOS for curve in CURVES) == 240
