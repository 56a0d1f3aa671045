"""The demo's tables, and the tutorial's rule replayed."""

from __future__ import annotations

import math

from fastshesha.demo.early_stopping import early_stopping_epoch
from fastshesha.demo.scenario import ScenarioReport
from fastshesha.demo.tables import scenario_table


def test_early_stopping_counts_the_epochs_seen() -> None:
    low_from_the_fourth = [0.5] * 3 + [0.1] * 7
    assert early_stopping_epoch({"stability": low_from_the_fourth}) == 6
    assert early_stopping_epoch({"stability": [0.1] * 10}) == 5
    assert early_stopping_epoch({"stability": [0.5] * 7 + [0.1] * 3}) is None


def test_a_table_shows_undefined_values_and_no_negative_zero() -> None:
    curves = {"stability": [math.nan], "alignment": [-0.00001], "var_ratio": [0.25]}
    report = ScenarioReport("healthy", curves, "collapse", "it fell", 7, None, 0.0)
    table = scenario_table(report)
    assert "    0  undefined     0.0000     0.2500\n" in table
    assert "diagnosis: collapse (alarm at epoch 7: it fell)\n" in table
