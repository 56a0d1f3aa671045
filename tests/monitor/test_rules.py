"""The rules on curves made for them, and on the tutorial's simulated runs."""

from __future__ import annotations

import math
import random

import pytest

from fastshesha.demo.simulation import SCENARIOS, simulate_training
from fastshesha.monitor import SIGNALS, TrainingMonitor
from fastshesha.monitor.curves import Curves, Limits
from fastshesha.monitor.rules import RULES
from fastshesha.monitor.track import Track

NAN = math.nan
Curve = list[float]

# A healthy run of six epochs, to which each case below makes its changes.
HEALTHY: dict[str, Curve] = {
    "loss": [2.3, 1.5, 1.0, 0.7, 0.5, 0.4],
    "stability": [0.6, 0.8, 0.85, 0.85, 0.84, 0.83],
    "alignment": [0.36, 0.4, 0.44, 0.46, 0.47, 0.48],
    "var_ratio": [0.4, 0.6, 0.7, 0.74, 0.76, 0.77],
    "effective_rank": [28.0, 25.0, 23.0, 23.0, 23.0, 24.0],
    "participation_ratio": [10.0, 5.0, 4.0, 4.2, 4.5, 4.8],
    "feature_participation_ratio": [50.0, 55.0, 58.0, 60.0, 61.0, 62.0],
    "normalised_spread": [0.5, 0.8, 0.9, 0.95, 0.97, 0.97],
    "energy": [0.05, 0.1, 0.3, 0.4, 0.5, 0.5],
    "zero_rows": [0.0] * 6,
    "nonfinite_rows": [0.0] * 6,
}
FADING: dict[str, Curve] = {
    "feature_participation_ratio": [50.0, 50.0, 50.0, 28.0, 26.0, 24.0],
    "energy": [1.0, 1.0, 1.0, 0.7, 0.6, 0.5],
    "normalised_spread": [0.9, 0.9, 0.9, 0.8, 0.8, 0.8],
    "var_ratio": [0.4] * 6,
}
NOISE: dict[str, Curve] = {
    "stability": [0.8, 0.8, 0.8, 0.6, 0.5, 0.4],
    "participation_ratio": [10.0, 10.0, 10.0, 16.0, 20.0, 30.0],
    "effective_rank": [20.0, 20.0, 20.0, 25.0, 30.0, 35.0],
}
NO_LOSS: dict[str, Curve] = {"loss": [NAN] * 6}
VANISHING: dict[str, Curve] = {"normalised_spread": [0.9, 0.9, 0.9, 0.2, 0.1, 0.05]}
SLIDING: dict[str, Curve] = {
    "alignment": [0.5, 0.5, 0.45, 0.44, 0.42, 0.4],
    "var_ratio": [0.8, 0.8, 0.7, 0.65, 0.6, 0.5],
    "loss": [2.0, 1.9, 0.9, 0.6, 0.4, 0.3],
}
CASES: dict[str, tuple[dict[str, Curve], set[str]]] = {
    "nothing changed": ({}, set()),
    "directions vanish": (VANISHING, {"collapse"}),
    "directions vanish, the loss explodes too": (
        {**VANISHING, "loss": [2.3, 2.0, 1.9, 2.6, 2.6, 2.6]}, {"divergence"}),
    "directions fall by half": ({"normalised_spread": [0.9, 0.9, 0.9, 0.4, 0.4, 0.4]}, set()),
    "rows vanish": ({"zero_rows": [0.0, 0.0, 0.1, 0.6, 0.9, 1.0]}, {"collapse"}),
    "rows were zero from the start": ({"zero_rows": [0.6, 0.6, 0.6, 0.6, 0.9, 1.0]}, set()),
    "the rank vanishes with the classes": (
        {"effective_rank": [28.0, 25.0, 23.0, 3.0, 2.0, 1.0],
         "var_ratio": [0.4, 0.6, 0.7, 0.3, 0.2, 0.1], **NO_LOSS}, {"collapse"}),
    "the rank vanishes and the classes stay": (
        {"effective_rank": [28.0, 25.0, 23.0, 3.0, 2.0, 1.0]}, set()),
    "features fade": (FADING, {"collapse"}),
    "features fade and the classes come apart": (
        {**FADING, "var_ratio": HEALTHY["var_ratio"]}, set()),
    "noise from the start": (
        {**NOISE, **NO_LOSS, "var_ratio": [0.02] * 6}, {"divergence"}),
    "noise after the classes came apart": (
        {**NOISE, **NO_LOSS, "var_ratio": [0.02, 0.03, 0.04, 0.03, 0.03, 0.02]}, {"overfit"}),
    "noise after learning, the classes still coming apart": (
        {**NOISE, **NO_LOSS, "var_ratio": HEALTHY["var_ratio"]}, set()),
    "directions come slowly, without a loss": (
        {**NOISE, **NO_LOSS, "var_ratio": [0.02] * 6, "drift_previous": [0.02] * 6}, set()),
    "directions come in jumps, without a loss": (
        {**NOISE, **NO_LOSS, "var_ratio": [0.02] * 6, "drift_previous": [0.1] * 6},
        {"divergence"}),
    "noise while the loss falls": ({**NOISE, "var_ratio": [0.02] * 6}, set()),
    "noise after learning, with a rising loss": (
        {**NOISE, "loss": [2.3, 1.0, 1.4, 1.5, 1.6, 1.7]}, {"divergence"}),
    "stability falls and directions do not": (
        {"stability": NOISE["stability"], **NO_LOSS}, set()),
    "some rows overflow": ({"nonfinite_rows": [0.0, 0.0, 0.0, 0.1, 0.1, 0.2]}, {"divergence"}),
    "the loss is no number": ({"loss": [2.3, 1.0, 0.9] + [math.inf] * 3}, {"divergence"}),
    "the loss explodes": ({"loss": [2.3, 1.0, 0.9, 8.0, 9.0, 10.0]}, {"divergence"}),
    "the loss rises to where it began": ({"loss": [2.3, 1.0, 0.9, 2.2, 2.3, 2.3]}, set()),
    "a loss below zero rises": ({"loss": [-0.5, -0.9, -1.0, 0.8, 0.9, 1.0]}, {"divergence"}),
    "the classes close up while the loss falls": (SLIDING, {"overfit", "alignment_falls"}),
    "the classes close up and the loss rests": ({**SLIDING, "loss": [1.5] * 6}, set()),
    "variance ratio slides while alignment rises": (
        {**SLIDING, "alignment": HEALTHY["alignment"]}, set()),
    "stability is low": (
        {"stability": [0.6, 0.5, 0.4, 0.09, 0.08, 0.07]},
        {"low_stability", "threshold", "sudden_drop"}),
    "stability is below its threshold": (
        {"stability": [0.3, 0.3, 0.25, 0.19, 0.18, 0.18]}, {"threshold"}),
    "stability was low from the start": ({"stability": [0.05] * 6}, set()),
}  # fmt: skip


def kinds(curves: dict[str, Curve], limits: Limits) -> list[set[str]]:
    """The kinds of alarms that each epoch raises."""
    track = Track()
    raised = []
    for epoch in range(6):
        track.append({name: curve[epoch] for name, curve in curves.items()}, epoch)
        raised.append({finding.kind for finding in track.judge(limits, 0)})
    return raised


@pytest.mark.parametrize("name", CASES)
def test_what_each_rule_sees(name: str) -> None:
    changes, expected = CASES[name]
    assert set().union(*kinds({**HEALTHY, **changes}, Limits())) == expected


@pytest.mark.parametrize("name", [name for name, (_, kinds) in CASES.items() if kinds])
def test_an_alarm_waits_for_the_third_epoch_in_a_row(name: str) -> None:
    """What begins at epoch 3 is told at epoch 5; a sudden drop at once."""
    changes, expected = CASES[name]
    raised = kinds({**HEALTHY, **changes}, Limits())
    assert set().union(*raised[:5]) <= {"sudden_drop"}
    assert raised[5] == expected - {"sudden_drop"}
    broken = {
        key: [*curve[:4], HEALTHY.get(key, curve)[1], curve[5]] for key, curve in changes.items()
    }
    assert "collapse" not in set().union(*kinds({**HEALTHY, **broken}, Limits()))


def test_small_changes_can_be_ignored() -> None:
    curves = {**HEALTHY, **SLIDING}
    assert kinds(curves, Limits(min_delta=0.3))[5] == set()


@pytest.mark.parametrize("seed", range(20))
def test_no_curve_makes_a_rule_raise(seed: int) -> None:
    rng = random.Random(seed)
    values = (0.0, -0.0, 1.0, -1.0, NAN, math.inf, -math.inf, 1e308, -1e308, 5e-324)
    curves = {name: rng.choices(values, k=8) for name in (*SIGNALS, "loss")}
    for n_epochs in range(9):
        seen = Curves({name: curve[:n_epochs] for name, curve in curves.items()}, Limits())
        for rule in RULES:
            rule.judge(seen)
    for rule in RULES:
        assert rule.judge(Curves({}, Limits())) is None


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_scenarios_of_the_tutorial_are_named_in_time(scenario: str) -> None:
    history, labels = simulate_training(200, 64, scenario=scenario)
    monitor = TrainingMonitor()
    for embeddings in history[:16]:
        monitor.update(embeddings, labels)
    assert monitor.diagnosis == scenario
    assert bool(monitor.alarms) == monitor.should_stop == (scenario != "healthy")


def test_epochs_before_the_start_are_recorded_only() -> None:
    history, labels = simulate_training(200, 64, scenario="divergence")
    monitor = TrainingMonitor(start_from_epoch=12)
    for embeddings in history[:12]:
        assert monitor.update(embeddings, labels).alarms == ()
    assert len(monitor.history["stability"]) == 12


def test_an_alarm_tells_what_it_saw_and_why() -> None:
    history, labels = simulate_training(200, 64, scenario="divergence")
    monitor = TrainingMonitor(patience=1)
    for embeddings in history[:8]:
        monitor.update({"deep": embeddings}, labels)
    alarm = monitor.alarms[0]
    stability = monitor.history["deep/stability"]
    assert (alarm.kind, alarm.signal, alarm.layer) == ("divergence", "stability", "deep")
    assert alarm.value == stability[alarm.epoch]
    assert alarm.baseline == max(stability)
    assert "noise takes over and nothing is learned" in alarm.reason
