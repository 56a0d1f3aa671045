"""The beginning of a streamed call, to tell how long the whole will take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from fastshesha._progress import expected_passes
from fastshesha._resources.threads import n_threads
from fastshesha._rows import as_rows

from .ledger import Ledger
from .split_scores import SPLITS_AT_ONCE
from .tile_jobs import part

if TYPE_CHECKING:
    from .ledger import Entry
    from .tile_jobs import Job

_SECONDS = 2.0
_PLACES = 8


class Broken(BaseException):
    """Ends a trial; no handler in between is to take it for an error."""


class Trial(Ledger):
    """Times some tiles of the first pass instead of running all of them."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._before = self._tiles = 0.0
        self._n_passes = 1

    def begin(self, job: Job) -> Entry:
        """Time the tiles, and break off."""
        self._before = time.perf_counter() - self._started
        self._n_passes = expected_passes()
        self._tiles = _seconds_of_all(job)
        raise Broken

    def extrapolated(self, checking: float, n_splits: int, behind: float) -> float:
        """Seconds of the whole call.

        Of these, ``checking`` go by once, while matrices are checked. Splits are prepared some at
        a time; what comes behind the tiles takes ``behind`` times as long as that.
        """
        preparing = max(0.0, self._before - checking) * max(1.0, n_splits / SPLITS_AT_ONCE)
        return checking + (1.0 + behind) * preparing + self._n_passes * self._tiles


def _seconds_of_all(job: Job) -> float:
    """Seconds of all tiles, from some that are spread over them."""
    n_tiles, threads = job.last_tile - job.first_tile, n_threads()
    size, n_done, seconds = threads, 0, 0.0
    while seconds < _SECONDS and n_done < n_tiles:
        n_done, started = 0, time.perf_counter()
        for place in range(_PLACES):
            first = n_tiles * place // _PLACES
            last = min(first + size, n_tiles * (place + 1) // _PLACES)
            if first < last:
                part(job, (first, last)).run()
                n_done += last - first
        seconds = time.perf_counter() - started
        size *= max(2, min(8, int(_SECONDS / max(seconds, 1e-3))))
    return seconds * n_tiles / n_done


def checking_seconds(args: tuple[Any, ...]) -> float:
    """How long it takes to read matrices once, as every call does that checks them."""
    started = time.perf_counter()
    for rows in args:
        if getattr(rows, "ndim", 1) == 2:
            as_rows(rows, "X")
    return time.perf_counter() - started
