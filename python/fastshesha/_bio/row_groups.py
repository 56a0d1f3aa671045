"""Scores of many groups of rows: read on one thread, scored on several, in the given order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from fastshesha._config import config
from fastshesha._progress import Progress
from fastshesha._resources.threads import n_threads

from .annotated import Group
from .row_sources import RowSource

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray

T = TypeVar("T")

# Rows held in memory in the form in which they are stored; there are two such batches at a time.
_BYTES_PER_BATCH = 128 << 20
_WAITING_PER_THREAD = 4


def score_groups(
    source: RowSource,
    groups: Sequence[Group],
    score: Callable[[RowSource, Group], T],
    *,
    before: Callable[[Group], object] | None = None,
    n_workers: int | None = None,
) -> list[T]:
    """``score`` of every group, in the order of the groups.

    Parameters
    ----------
    source : RowSource
    groups : sequence of Group
    score : callable
        Gets a source that holds the rows taken from the group, and the group. Runs in several
        threads at a time, each of which computes on a single one.
    before : callable, optional
        Gets each group before ``score`` does, on the calling thread.
    n_workers : int, optional
        Number of threads, instead of the one in force.
    """
    jobs = _jobs(source, groups, score, before)
    scores: list[T] = []
    with Progress("perturbations", len(groups)) as progress:
        for value in _in_order(jobs, n_threads() if n_workers is None else n_workers):
            scores.append(value)
            progress.advance()
    return scores


def _jobs(
    source: RowSource,
    groups: Sequence[Group],
    score: Callable[[RowSource, Group], T],
    before: Callable[[Group], object] | None,
) -> Iterator[Callable[[], T]]:
    for batch in _batches(source, groups):
        # A group too large to be loaded is read here, piece by piece, as its score asks for it.
        is_too_large = source.stored_bytes(batch[0].taken) > _BYTES_PER_BATCH
        loaded = source if is_too_large else source.load(_all_rows(batch))
        for group in batch:
            if before is not None:
                before(group)
            job = partial(score, loaded, group)
            yield partial(_same, job()) if is_too_large else job


def _same(value: T) -> T:
    return value


def _all_rows(groups: Sequence[Group]) -> IndexArray:
    return np.unique(np.concatenate([group.taken for group in groups]))


def _batches(source: RowSource, groups: Sequence[Group]) -> Iterator[list[Group]]:
    """Neighbouring groups whose stored rows fit into a batch, one group at least."""
    batch: list[Group] = []
    n_bytes = 0
    for group in groups:
        size = source.stored_bytes(group.taken)
        if batch and n_bytes + size > _BYTES_PER_BATCH:
            yield batch
            batch, n_bytes = [], 0
        batch.append(group)
        n_bytes += size
    if batch:
        yield batch


def _in_order(jobs: Iterator[Callable[[], T]], n_workers: int) -> Iterator[T]:
    """Results in the order of the jobs, which are taken one by one on the calling thread."""
    if n_workers == 1:
        yield from (job() for job in jobs)
        return
    waiting: deque[Future[T]] = deque()
    with config(threads=1):
        context = copy_context()
    pool = ThreadPoolExecutor(n_workers, thread_name_prefix="fastshesha")
    try:
        for future in _submitted(jobs, pool, context.copy):
            waiting.append(future)
            if len(waiting) > _WAITING_PER_THREAD * n_workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _submitted(
    jobs: Iterator[Callable[[], T]], pool: ThreadPoolExecutor, new_context: Callable[[], Any]
) -> Iterator[Future[T]]:
    """A future for every job; an error in making a job takes its place among the results."""
    while True:
        try:
            job = next(jobs)
        except StopIteration:
            return
        except Exception as error:
            failed: Future[T] = Future()
            failed.set_exception(error)
            yield failed
            return
        yield pool.submit(new_context().run, job)
