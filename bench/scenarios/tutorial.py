"""The tutorial's whole computation: three metrics of every epoch of four simulated trainings."""

from __future__ import annotations

from bench.contest import Call
from bench.data import Data
from bench.scenario import ORIGINAL, OURS, Entry, Scenario, Turn
from fastshesha.demo.simulation import DEFAULT_SEED, simulate_training
from fastshesha.demo.simulation import SCENARIOS as TRAININGS


def _turn(package: str, evaluations: list[tuple[str, str]]) -> Turn:
    seeded = {"seed": DEFAULT_SEED}
    calls: list[Call] = []
    for X, y in evaluations:
        calls += [
            Call(f"{package}.feature_split", (X,), seeded),
            Call(f"{package}.supervised_alignment", (X, y), seeded),
            Call(f"{package}.variance_ratio", (X, y)),
        ]
    return Turn(tuple(calls))


def _entries(data: Data) -> list[Entry]:
    """A turn for every training, as a program makes its calls in a row."""
    trainings = []
    for name in TRAININGS:
        history, labels = simulate_training(scenario=name)
        y = data.saved(f"{name}-labels", labels)
        saved = (data.saved(f"{name}-{epoch}", X) for epoch, X in enumerate(history))
        trainings.append([(X, y) for X in saved])
    return [
        Entry(package, tuple(_turn(package, training) for training in trainings))
        for package in (OURS, ORIGINAL)
    ]


SCENARIOS = (
    Scenario(
        "tutorial/80 evaluations of three metrics",
        _entries,
        targets={ORIGINAL: 40.0},
        repeat_for=0.0,
    ),
)
