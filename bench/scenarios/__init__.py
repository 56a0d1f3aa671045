"""All scenarios, and what is aimed at in each."""

from __future__ import annotations

from bench.scenario import Scenario
from bench.scenarios import bootstraps, feature_split, metrics, peers, screens, tutorial

SCENARIOS: tuple[Scenario, ...] = (
    *feature_split.SCENARIOS,
    *bootstraps.SCENARIOS,
    *metrics.SCENARIOS,
    *screens.SCENARIOS,
    *tutorial.SCENARIOS,
    *peers.SCENARIOS,
)
