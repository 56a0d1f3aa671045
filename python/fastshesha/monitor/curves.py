"""The curves of a run as the rules read them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

_WINDOW = 3


@dataclass(frozen=True)
class Limits:
    """What the user of a monitor may set about the rules."""

    patience: int = 3
    min_delta: float = 0.0
    stability_threshold: float = 0.2


class Curves:
    """Signals over the epochs so far; what is not known is NaN.

    A NaN is neither an improvement nor a loss: it is left out of every baseline.
    """

    def __init__(self, curves: Mapping[str, Sequence[float]], limits: Limits) -> None:
        self.limits = limits
        self._curves = curves

    def of(self, signal: str) -> Sequence[float]:
        """The whole curve; empty for a signal that was never given."""
        return self._curves.get(signal, ())

    def now(self, signal: str) -> float:
        """The newest value."""
        curve = self.of(signal)
        return curve[-1] if curve else math.nan

    def recent(self, signal: str) -> float:
        """Median of the newest three values that are numbers."""
        known = [value for value in self.of(signal) if math.isfinite(value)]
        return median(known[-_WINDOW:]) if known else math.nan

    def start(self, signal: str) -> float:
        """The first value that is a number."""
        return next((value for value in self.of(signal) if math.isfinite(value)), math.nan)

    def highest(self, signal: str) -> float:
        """The largest value before the newest."""
        return max(self._before(signal), default=math.nan)

    def lowest(self, signal: str) -> float:
        """The smallest value before the newest."""
        return min(self._before(signal), default=math.nan)

    def kept(self, signal: str) -> float:
        """The newest value as a share of the largest before it; NaN where that is not above 0."""
        highest = self.highest(signal)
        return self.now(signal) / highest if highest > 0.0 else math.nan

    def times_lowest(self, signal: str) -> float:
        """The newest value over the smallest before it; NaN where that is not above 0."""
        lowest = self.lowest(signal)
        return self.now(signal) / lowest if lowest > 0.0 else math.nan

    def _before(self, signal: str) -> list[float]:
        return [value for value in self.of(signal)[:-1] if math.isfinite(value)]

    def smooth(self, signal: str, position: int) -> float:
        """Median of the value at a position and its neighbours, as far as they are numbers."""
        around = self.of(signal)[max(0, position - 1) : position + 2]
        known = [value for value in around if math.isfinite(value)]
        return median(known) if known else math.nan

    def smooth_peak(self, signal: str) -> tuple[int, float]:
        """Position and height of the highest smoothed value."""
        heights = [(self.smooth(signal, i), i) for i in range(len(self.of(signal)))]
        known = [(height, -i) for height, i in heights if math.isfinite(height)]
        height, position = max(known, default=(math.nan, 0))
        return -position, height
