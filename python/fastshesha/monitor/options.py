"""The options of a monitor, checked once when it is made."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass

from fastshesha.monitor.curves import Limits
from fastshesha.monitor.signals import SIGNALS


@dataclass(frozen=True)
class Options:
    """Checked options; :class:`TrainingMonitor` tells what each means."""

    patience: int
    min_delta: float
    stability_threshold: float
    start_from_epoch: int
    seed: int
    max_samples: int | None
    n_splits: int
    signals: tuple[str, ...]
    strict: bool

    def __post_init__(self) -> None:
        for name, smallest in {
            "patience": 1,
            "n_splits": 1,
            "start_from_epoch": 0,
            "seed": 0,
        }.items():
            _require_whole(name, getattr(self, name), smallest)
        if self.max_samples is not None:
            _require_whole("max_samples", self.max_samples, 2)
        for name in ("min_delta", "stability_threshold"):
            value = getattr(self, name)
            if not (isinstance(value, (int, float)) and math.isfinite(value) and value >= 0.0):
                raise ValueError(f"{name} must be a finite number of at least 0; got {value!r}")

    @property
    def limits(self) -> Limits:
        """What the rules need to know."""
        return Limits(self.patience, float(self.min_delta), float(self.stability_threshold))

    @property
    def binding(self) -> dict[str, int]:
        """The options whose change makes the numbers of two epochs incomparable; 0 for None."""
        options = {"seed": self.seed, "max_samples": self.max_samples, "n_splits": self.n_splits}
        return {name: 0 if value is None else int(value) for name, value in options.items()}


def checked_signals(signals: Iterable[str] | None) -> tuple[str, ...]:
    """All signals for None; otherwise those named, in the usual order."""
    if signals is None:
        return SIGNALS
    named = {signals} if isinstance(signals, str) else set(signals)
    unknown = sorted(named - set(SIGNALS))
    if unknown or not named:
        accepted = ", ".join(map(repr, SIGNALS))
        raise ValueError(f"signals must be some of {accepted}; got {unknown or 'none'}")
    return tuple(name for name in SIGNALS if name in named)


def _require_whole(name: str, value: object, smallest: int) -> None:
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if number < smallest:
        raise ValueError(f"{name} must be a whole number of at least {smallest}; got {value!r}")
