"""Where every pass over the tiles of a stream goes through.

Tiles are run here or by an executor, in jobs of any size and order: states are integers, whose sum
depends on neither. Whoever keeps a ledger of the run takes notice of what is done.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from fastshesha._config import current_settings
from fastshesha._progress import tile_progress
from fastshesha._resources.threads import n_threads

from .checkpoints import Checkpoint
from .executors import run_elsewhere
from .ledger import Ledger
from .pace import Pace
from .tile_jobs import part
from .tile_ranges import TileQueue

if TYPE_CHECKING:
    from .ledger import State
    from .tile_jobs import Job
    from .tile_ranges import Range

_ledger: ContextVar[Ledger | None] = ContextVar("fastshesha_ledger", default=None)


@contextmanager
def noting_in(ledger: Ledger) -> Iterator[None]:
    """Let passes of the ``with`` block take notice in a ledger instead of a checkpoint."""
    token = _ledger.set(ledger)
    try:
        yield
    finally:
        _ledger.reset(token)


def run_tiles(job: Job) -> State | None:
    """The state of all tiles of a pass, given as one job.

    None where other tiles of the pass are run elsewhere, so that there is nothing to tell.
    """
    ledger = _ledger.get() or _of_settings()
    entry = ledger.begin(job)
    first, last = ledger.share(entry)
    remaining = TileQueue(entry.done.missing(first, last))
    n_done = last - first - len(remaining)
    try:
        # Closed at once, so that what an executor has not begun is taken back.
        with (
            tile_progress(last - first, n_done) as progress,
            closing(_computed(job, remaining, ledger.seconds_per_job)) as computed,
        ):
            for tiles, state in computed:
                entry.add(tiles, state)
                ledger.noted()
                progress.advance(tiles[1] - tiles[0])
    finally:
        ledger.leave()
    return None if ledger.is_partial else entry.state


def _of_settings() -> Ledger:
    """The checkpoint that the settings name, opened once and for the whole of their block."""
    place = current_settings().checkpoint
    if place is None:
        return Ledger()
    if place.opened is None:
        place.opened = Checkpoint(Path(place.path), place.interval)
    checkpoint: Checkpoint = place.opened
    return checkpoint


def _computed(
    job: Job, remaining: TileQueue, seconds: float
) -> Generator[tuple[Range, State], None, None]:
    """The states of the tiles that are to be done, in jobs of about so many seconds."""
    executor = current_settings().executor
    if executor is not None:
        yield from run_elsewhere(job, remaining, executor, seconds)
        return
    pace = Pace(seconds, n_threads())
    while len(remaining):
        tiles = remaining.take(pace.next_size(len(remaining)))
        started = time.perf_counter()
        state = part(job, tiles).run()
        pace.learn(tiles[1] - tiles[0], time.perf_counter() - started)
        yield tiles, state
