"""How long an exact call takes, from shorter ones."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from ._resources.pair_limit import count_pairs
from ._resources.threads import n_threads

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_ROWS = 600
_SECONDS = 1.0
# Threads take splits by turns, a few of them together.
_SPLITS_PER_THREAD = 4
# A second trial tells the growth if it has that many times the rows at least.
_LEAST_STEP = 1.5
# What needs no pairs grows like the rows, with half of that power.
_GROWTH = (0.4, 1.3)


def exact_seconds(
    attempt: Callable[[int, int], object], n_rows: int, n_splits: int
) -> tuple[float, int]:
    """Seconds of a call that ranks all pairs of so many rows in each split, and most rows tried.

    ``attempt`` makes it on as many rows and splits as it is told: 600 rows, then as many as
    take about a second. From these to all rows, time grows like the power of the number of
    pairs that it has grown by before.
    """
    n_tried = min(n_splits, _SPLITS_PER_THREAD * n_threads())

    def seconds(rows: int) -> float:
        # The first call of a size waits for memory, up to half of its time.
        return min(_seconds(lambda: attempt(rows, n_tried)) for _ in range(2))

    few = min(n_rows, _FIRST_ROWS)
    of_few = seconds(few)
    growth, many, of_many = 1.0, few, of_few
    step = math.sqrt(_SECONDS / max(of_few, 1e-9))
    if few < n_rows and step >= _LEAST_STEP:
        many = min(n_rows, int(few * step))
        of_many = seconds(many)
        ratio = math.log(of_many / of_few) / math.log(count_pairs(many) / count_pairs(few))
        growth = min(max(ratio, _GROWTH[0]), _GROWTH[1])
    power = math.pow(count_pairs(n_rows) / max(1, count_pairs(many)), growth)
    return of_many * power * n_splits / n_tried, many


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
