"""What a run has shown so far: epochs, losses, curves by layer, alarms, and the verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastshesha.monitor.alarms import Alarm
from fastshesha.monitor.best import undominated
from fastshesha.monitor.curves import Limits
from fastshesha.monitor.signals import SIGNALS
from fastshesha.monitor.track import Track


@dataclass
class RunRecord:
    """One run; the layer without a name is ``''``."""

    epochs: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    tracks: dict[str, Track] = field(default_factory=dict)
    alarms: list[Alarm] = field(default_factory=list)

    @property
    def next_epoch(self) -> int:
        return self.epochs[-1] + 1 if self.epochs else 0

    def add(self, epoch: int, loss: float, values: Mapping[str, Mapping[str, float]]) -> None:
        """Add the values of an epoch by layer; a layer without any gets NaN."""
        n_before = len(self.epochs)
        self.epochs.append(epoch)
        self.losses.append(loss)
        for layer, track in self.tracks.items():
            track.append({**values.get(layer, {}), "loss": loss}, n_before)

    def judge(self, layers: Mapping[str, object], limits: Limits, start: int) -> list[Alarm]:
        """Raise the alarms that are due for some layers; epochs before `start` do not count."""
        n_ignored = next((i for i, epoch in enumerate(self.epochs) if epoch >= start), None)
        if n_ignored is None:
            return []
        raised = [
            Alarm(**vars(finding), epoch=self.epochs[-1], layer=layer)
            for layer in layers
            for finding in self.tracks[layer].judge(limits, n_ignored)
        ]
        self.alarms += raised
        return raised

    @property
    def diagnosis(self) -> str:
        """The first failure; without one, whether there was anything to compare."""
        for alarm in self.alarms:
            if alarm.is_failure:
                return alarm.kind
        return "healthy" if any(map(_is_comparable, self.tracks.values())) else "undetermined"

    @property
    def should_stop(self) -> bool:
        return any(alarm.is_failure or alarm.kind == "threshold" for alarm in self.alarms)

    @property
    def history(self) -> dict[str, list[float]]:
        """All curves, by ``layer/signal`` where a layer has a name."""
        columns = self._common
        for layer, track in self.tracks.items():
            for name in SIGNALS:
                columns[f"{layer}/{name}" if layer else name] = list(track.curves[name])
        return columns

    @property
    def _common(self) -> dict[str, list[float]]:
        return {"epoch": [*map(float, self.epochs)], "loss": list(self.losses)}

    def curves_of(self, layer: str) -> dict[str, list[float]]:
        """The curves of one layer under the names of the signals."""
        if layer not in self.tracks:
            known = ", ".join(map(repr, self.tracks)) or "none"
            raise ValueError(f"layer must be one of those seen so far ({known}); got {layer!r}")
        own = self.tracks[layer].curves
        return {**self._common, **{name: list(own[name]) for name in SIGNALS}}

    def alarms_of(self, layer: str) -> list[Alarm]:
        return [alarm for alarm in self.alarms if alarm.layer == layer]

    def best_epochs(self, first: str, second: str) -> list[int]:
        """The epochs that no other beats in both of two columns of the history."""
        columns = self.history
        for name in (first, second):
            if self.epochs and name not in columns:
                accepted = ", ".join(map(repr, columns))
                raise ValueError(f"the history has no {name!r}; it has {accepted}")
        chosen = undominated(columns.get(first, []), columns.get(second, []))
        return [self.epochs[i] for i in chosen]

    def to_state(self) -> dict[str, Any]:
        """Plain types alone."""
        return {
            "epochs": list(self.epochs),
            "losses": list(self.losses),
            "alarms": [alarm.to_dict() for alarm in self.alarms],
            "tracks": {layer: track.to_state() for layer, track in self.tracks.items()},
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> RunRecord:
        return cls(
            epochs=[*map(int, state["epochs"])],
            losses=[*map(float, state["losses"])],
            tracks={layer: Track.from_state(part) for layer, part in state["tracks"].items()},
            alarms=[Alarm(**alarm) for alarm in state["alarms"]],
        )


def _is_comparable(track: Track) -> bool:
    """Whether two epochs have a stability, or a spread that was not zero from the start."""
    for name in ("stability", "normalised_spread"):
        known = [value for value in track.curves.get(name, []) if math.isfinite(value)]
        if len(known) >= 2 and max(known) > 0.0:
            return True
    return False
