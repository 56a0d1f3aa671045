"""Which epochs are worth keeping when two aims pull in different directions."""

from __future__ import annotations

import math
from collections.abc import Sequence


def undominated(first: Sequence[float], second: Sequence[float]) -> list[int]:
    """Positions that no other beats: as good in both, and better in one (the Pareto front)."""
    points = list(zip(first, second, strict=True))
    known = [i for i, point in enumerate(points) if all(map(math.isfinite, point))]
    return [i for i in known if not any(_beats(points[j], points[i]) for j in known)]


def _beats(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one != other and one[0] >= other[0] and one[1] >= other[1]
