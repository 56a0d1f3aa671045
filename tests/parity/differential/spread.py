"""How far the original is from itself: the same call on different kernels of the BLAS.

Behind products and decompositions of matrices the last bits of the original belong to the
kernel that OpenBLAS chose for the processor. Such calls are made with several kernels; numbers
that move so may move as much here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oracle.wire import Outcome, as_record, is_dataclass_instance

from .compare import TOLERANCE, differences_of, is_table, plain_table

# Besides the processor's own. Neither multiplies and adds at once; both run wherever AVX is.
KERNELS = ("Nehalem", "Sandybridge")
FACTOR = 10.0


@dataclass(frozen=True)
class Agreement:
    """What differs between ours and the nearest of the originals, and how far those lie apart.

    ``spread`` is infinite where the originals differ in more than numbers: in what they raise or
    return, or in which numbers are NaN.
    """

    differences: list[str]
    spread: float

    @property
    def tolerance(self) -> float:
        return max(TOLERANCE, FACTOR * self.spread)


def agree(ours: Outcome, originals: Sequence[Outcome]) -> Agreement:
    """Compare with every original, within the tolerance that their spread allows."""
    spread = spread_of(originals)
    agreement = Agreement([], spread)
    found = [differences_of(ours, original, agreement.tolerance) for original in originals]
    return Agreement(min(found, key=len), spread)


def spread_of(originals: Sequence[Outcome]) -> float:
    """The largest distance between numbers at one place, relative to those beyond 1."""
    raised = {outcome.exception and outcome.exception.type_name for outcome in originals}
    numbers = [dict(numbers_of(outcome.value)) for outcome in originals]
    if len(raised) > 1 or any(found.keys() != numbers[0].keys() for found in numbers):
        return math.inf
    spreads = [_distance([found[path] for found in numbers]) for path in numbers[0]]
    return max(spreads, default=0.0)


def _distance(values: Sequence[float]) -> float:
    n_nan = sum(map(math.isnan, values))
    if n_nan or math.inf in map(abs, values):
        return 0.0 if n_nan == len(values) or len(set(values)) == 1 else math.inf
    return (max(values) - min(values)) / max(1.0, abs(values[0]))


def numbers_of(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Every floating-point number within a value, and its place; counts are numbers, too."""
    if is_dataclass_instance(value):
        value = as_record(value)
    if is_table(value):
        value = plain_table(value)
    if isinstance(value, (float, int, np.number)):
        yield path, float(value)
    elif isinstance(value, dict):
        for key in value:
            yield from numbers_of(value[key], f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from numbers_of(item, f"{path}[{i}]")
