"""What is remembered about one layer: curves, drift references, streaks of the rules."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastshesha.monitor.alarms import Finding
from fastshesha.monitor.curves import Curves, Limits
from fastshesha.monitor.drift import DriftMemory, Remembered
from fastshesha.monitor.rules import RULES


@dataclass
class Track:
    """The past of one layer; its curves are as long as the run."""

    curves: dict[str, list[float]] = field(default_factory=dict)
    memory: DriftMemory = field(default_factory=DriftMemory)
    streaks: dict[str, int] = field(default_factory=dict)

    def append(self, values: Mapping[str, float], n_before: int) -> None:
        """Add one epoch after `n_before` others; what is missing then or now is NaN."""
        for name in {**self.curves, **values}:
            curve = self.curves.setdefault(name, [])
            curve.extend([math.nan] * (n_before - len(curve)))
            curve.append(float(values.get(name, math.nan)))

    def judge(self, limits: Limits, n_ignored: int) -> list[Finding]:
        """Ask every rule about the newest epoch; return the findings that are due as alarms.

        The first `n_ignored` epochs are not looked at.
        """
        curves = Curves({name: curve[n_ignored:] for name, curve in self.curves.items()}, limits)
        due = []
        for rule in RULES:
            finding = rule.judge(curves)
            streak = 0 if finding is None else self.streaks.get(rule.name, 0) + 1
            self.streaks[rule.name] = streak
            if finding is not None and streak == (limits.patience if rule.waits else 1):
                due.append(finding)
        return due

    def to_state(self) -> dict[str, Any]:
        """Plain types alone."""
        remembered = {"first": self.memory.first, "previous": self.memory.previous}
        return {
            "curves": {name: list(curve) for name, curve in self.curves.items()},
            "streaks": dict(self.streaks),
            "memory": {
                name: {} if rows is None else rows.to_state() for name, rows in remembered.items()
            },
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Track:
        memory = {
            name: Remembered.from_state(rows) if rows else None
            for name, rows in state["memory"].items()
        }
        return cls(
            curves={name: [*map(float, curve)] for name, curve in state["curves"].items()},
            memory=DriftMemory(memory["first"], memory["previous"]),
            streaks={name: int(streak) for name, streak in state["streaks"].items()},
        )
