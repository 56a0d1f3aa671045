"""Tiles run by the workers of an executor: threads, processes, or other machines."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from fastshesha import _log
from fastshesha._config import config, current_settings
from fastshesha._resources.threads import n_threads

from .pace import Pace
from .tile_jobs import part
from .travel import Parcel, collected, left, opened, packed

if TYPE_CHECKING:
    from .ledger import State
    from .tile_jobs import Job
    from .tile_ranges import Range, TileQueue

# Where the number of workers is not known.
_MANY_WORKERS = 16
# For every worker: one job that it runs, and others that wait for it.
_JOBS_PER_WORKER = 4
# So many jobs lost one after the other mean that the executor cannot go on.
_MOST_LOSSES = 8
_LOSING_PACKAGES = ("distributed", "ray")

Finished = tuple["State | str", float]


@dataclass(frozen=True)
class Task:
    """Some tiles of a pass, as they travel to a worker; the state is left in a folder, if any."""

    parcel: Parcel
    tiles: Range
    n_threads: int
    kernel: str
    folder: str | None = None


def run_task(task: Task) -> Finished:
    """The state of the tiles, or where it was left, and the seconds that it took.

    Raises
    ------
    RuntimeError
        The kernels here are others than those of the process that sent the task.
    """
    job: Job = opened(task.parcel)
    if job.kernel() != task.kernel:
        raise RuntimeError(
            f"a worker computes by the kernels {job.kernel()!r}, the process that sent "
            f"the task by {task.kernel!r}: install one release, and set FASTSHESHA_SIMD=baseline "
            "where not all processors have AVX2"
        )
    state, seconds = _run(job, task.tiles, task.n_threads)
    return left(state, task.folder), seconds


def _run(job: Job, tiles: Range, threads: int) -> tuple[State, float]:
    started = time.perf_counter()
    # Workers do not see the settings of the process that sent the job.
    with config(threads=threads):
        state = part(job, tiles).run()
    return state, time.perf_counter() - started


def run_elsewhere(
    job: Job, remaining: TileQueue, executor: Executor, seconds: float
) -> Iterator[tuple[Range, State]]:
    """The states of the tiles that are to be done, in the order in which they come.

    Raises
    ------
    BrokenExecutor
        A worker ended, and the executor cannot go on without it.
    """
    n_workers = count_workers(executor)
    threads = _threads_per_worker(executor, n_workers)
    _log.debug("%d tiles for %s workers with %d threads each", len(remaining), n_workers, threads)
    with _submitting(job, executor, threads) as submit:
        crew = _Crew(submit, remaining, n_workers or _MANY_WORKERS, Pace(seconds, threads))
        try:
            while crew.is_busy():
                yield from crew.finished()
        except BrokenExecutor as error:
            raise BrokenExecutor(
                "a worker ended abruptly (killed, or out of memory?), and its executor takes no "
                "more tasks: call again with a new one; a checkpoint keeps what is done"
            ) from error
        finally:
            crew.give_up()


class _Crew:
    """Keeps every worker busy, with as many jobs in flight as that takes."""

    def __init__(
        self,
        submit: Callable[[Range], Future[Finished]],
        remaining: TileQueue,
        n_workers: int,
        pace: Pace,
    ) -> None:
        self._submit, self._remaining = submit, remaining
        self._n_workers, self._pace = n_workers, pace
        self._pending: dict[Future[Finished], Range] = {}
        self._n_losses = 0

    def is_busy(self) -> bool:
        """Whether tiles are still to be run, or waited for."""
        while len(self._remaining) and len(self._pending) < _JOBS_PER_WORKER * self._n_workers:
            size = self._pace.next_size(len(self._remaining), 2 * self._n_workers)
            tiles = self._remaining.take(size)
            self._pending[self._submit(tiles)] = tiles
        return bool(self._pending)

    def finished(self) -> Iterator[tuple[Range, State]]:
        """Wait for jobs, and give what they came to; lost ones are done once more."""
        for future in wait(self._pending, return_when=FIRST_COMPLETED).done:
            tiles = self._pending.pop(future)
            self._n_losses = self._n_losses + 1 if _is_lost(future) else 0
            if 0 < self._n_losses <= _MOST_LOSSES:
                self._remaining.put_back(tiles)
                continue
            found, seconds = future.result()
            self._pace.learn(tiles[1] - tiles[0], seconds)
            yield tiles, collected(found)

    def give_up(self) -> None:
        """Take back what has not begun."""
        for future in self._pending:
            future.cancel()


def _is_lost(future: Future[Finished]) -> bool:
    """Whether the job never ended, which says nothing about the next attempt."""
    if future.cancelled():
        return True
    error = future.exception()
    package = type(error).__module__.partition(".")[0]
    return isinstance(error, CancelledError) or package in _LOSING_PACKAGES


@contextmanager
def _submitting(
    job: Job, executor: Executor, threads: int
) -> Iterator[Callable[[Range], Future[Finished]]]:
    """A function that gives tiles to the executor."""
    if isinstance(executor, ThreadPoolExecutor):
        yield lambda tiles: executor.submit(_run, job, tiles, threads)
        return
    kernel = job.kernel()
    if not _is_local(executor):
        with packed(job, _shared_folder()) as parcel:
            yield lambda tiles: executor.submit(run_task, Task(parcel, tiles, threads, kernel))
        return
    # Pools of processes hang if one of them is killed in the middle of a long message.
    with (
        TemporaryDirectory(prefix="fastshesha-", ignore_cleanup_errors=True) as folder,
        packed(job, folder, as_file=True) as parcel,
    ):
        yield lambda tiles: executor.submit(run_task, Task(parcel, tiles, threads, kernel, folder))


def _is_local(executor: Executor) -> bool:
    """Whether it is a pool of this machine, loky's included."""
    return hasattr(executor, "_max_workers")


def _shared_folder() -> str | None:
    """The folder of the checkpoint, which workers on other machines are likely to see."""
    place = current_settings().checkpoint
    return None if place is None else os.path.dirname(place.path)


def count_workers(executor: Any) -> int | None:
    """Tasks that the executor runs at a time; None where it does not tell."""
    for name in ("_max_workers", "num_workers"):
        found = getattr(executor, name, None)
        if isinstance(found, int) and found >= 1:
            return found
    client: Any = getattr(executor, "_client", None)
    if hasattr(client, "nthreads"):
        return max(1, int(sum(client.nthreads().values())))
    return None


def _threads_per_worker(executor: Executor, n_workers: int | None) -> int:
    """What the settings say, or an equal share of this machine for workers on it, or one."""
    if current_settings().threads is not None:
        return n_threads()
    if n_workers is not None and _is_local(executor):
        return max(1, n_threads() // n_workers)
    return 1
