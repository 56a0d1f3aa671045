"""Pools of threads and processes: the bits of one process, small tasks, workers that die."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import random
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import suppress
from itertools import count, repeat
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha.scale import pair_plans
from fastshesha.scale.compiled import kernel_id
from fastshesha.scale.executors import Task, run_task
from fastshesha.scale.level_map import build_map
from fastshesha.scale.row_source import RowSource
from fastshesha.scale.tile_jobs import PairStream, ProductJob, Side, whole
from fastshesha.scale.travel import opened, packed
from scale.streamed import EXACT_PAIRS, LABELS, X, answers, split

MOST_BYTES_PER_TASK = 100_000


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    return answers()


class Shuffled(Executor):
    """Runs what it is given in one thread, in random order."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Future[Any], Callable[[], Any]]] = []
        self._more = threading.Condition()
        threading.Thread(target=self._work, daemon=True).start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        packed_call = pickle.dumps((fn, args, kwargs))
        assert len(packed_call) < MOST_BYTES_PER_TASK
        with self._more:
            self._waiting.append((future, lambda: run_pickled(packed_call)))
            self._more.notify()
        return future

    def _work(self) -> None:
        draw = random.Random(0)
        while True:
            with self._more:
                self._more.wait_for(lambda: self._waiting)
                future, call = self._waiting.pop(draw.randrange(len(self._waiting)))
            if future.set_running_or_notify_cancel():
                future.set_result(call())


def run_pickled(call: bytes) -> Any:
    function, args, kwargs = pickle.loads(call)
    return function(*args, **kwargs)


def fork_pool(n_workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(n_workers, multiprocessing.get_context("fork"))


@pytest.mark.parametrize("n_workers", [1, 2, 3, 4])
@pytest.mark.parametrize("pool", [ThreadPoolExecutor, fork_pool])
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_pools_give_the_bits_of_one_process(
    pool: Callable[[int], Executor], n_workers: int, expected: dict[str, Any]
) -> None:
    with pool(n_workers) as executor:
        assert answers(executor=executor) == expected


def test_so_do_spawned_processes_that_read_a_file(tmp_path: Path, expected: dict[str, Any]) -> None:
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    with (
        ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor,
        fastshesha.config(executor=executor, exact_pairs=EXACT_PAIRS),
    ):
        assert split(mapped) == expected["splits"]


def test_neither_does_the_order_change_a_bit(expected: dict[str, Any]) -> None:
    assert answers(executor=Shuffled()) == expected


def test_a_nested_block_can_do_without(expected: dict[str, Any]) -> None:
    class Refusing(Executor):
        def submit(self, _fn: Callable[..., Any], /, *_args: Any, **_kw: Any) -> Future[Any]:
            raise AssertionError

    with fastshesha.config(executor=Refusing()):
        assert answers(executor=False) == expected


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_killed_worker_is_an_error_and_a_checkpoint_goes_on(
    tmp_path: Path, expected: dict[str, Any]
) -> None:
    settings = {"checkpoint": tmp_path / "run", "checkpoint_interval": 0}
    with fork_pool(2) as executor:
        victim = executor.submit(os.getpid).result()

        def kill(done: int, total: int) -> None:
            if done:
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)

        with pytest.raises(BrokenExecutor, match="call again with a new one; a checkpoint keeps"):
            answers(executor=executor, progress=kill, **settings)
    told: list[int] = []
    with fork_pool(2) as executor:
        note = lambda done, total: told.append(done)  # noqa: E731
        assert answers(executor=executor, progress=note, **settings) == expected
    assert told[1] > 0


class Losing(Executor):
    """Cancels some jobs, as a cluster does that loses a worker."""

    def __init__(self, lost: Iterator[bool]) -> None:
        self._lost = lost

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if next(self._lost):
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_lost_jobs_are_done_again(expected: dict[str, Any]) -> None:
    draw = random.Random(1)
    lost = (draw.random() < 0.3 for _ in count())
    assert answers(executor=Losing(lost)) == expected


def test_an_executor_that_loses_everything_is_given_up() -> None:
    with pytest.raises(CancelledError):
        answers(executor=Losing(repeat(True)))


def test_workers_with_other_kernels_are_refused(large: PairStream) -> None:
    with packed(whole(large), None) as parcel, pytest.raises(RuntimeError, match="FASTSHESHA_SIMD"):
        run_task(Task(parcel, (0, 1), 1, "other-1"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> PairStream:
    """A million rows of a file with holes, and maps with atoms, which are the largest."""
    path = tmp_path_factory.mktemp("large") / "X.npy"
    rows = np.lib.format.open_memmap(path, "w+", np.float32, (10**6, 768))
    source, rng = RowSource(np.load(path, mmap_mode="r")), np.random.default_rng(0)
    values = np.concatenate([rng.standard_normal(10**5), np.repeat(rng.standard_normal(99), 300)])
    sides = [
        Side(
            source,
            np.sort(half),
            rng.standard_normal(384),
            None,
            "euclidean",
            build_map(values, 2**16, 0),
        )
        for half in rng.permutation(768).reshape(2, 384)
    ]
    del rows
    plan = pair_plans.balanced_rounds(np.random.default_rng(1), 10**6, 768, 10**8)
    assert plan is not None
    return PairStream(sides[0], sides[1], None, False, plan)


def task_sizes(job: Any) -> tuple[int, bool]:
    with packed(job, None) as parcel:
        assert np.array_equal(opened(parcel).stream.plan.rows, job.stream.plan.rows)
        return len(pickle.dumps(Task(parcel, (0, 7), 1, kernel_id()))), parcel.path is None


def test_tasks_are_small_whatever_the_data(large: PairStream) -> None:
    all_pairs = PairStream(large.a, large.b, None, False, pair_plans.all_pairs(10**6, 768))
    for stream in (large, all_pairs):
        n_bytes, is_message = task_sizes(whole(stream))
        assert is_message
        assert n_bytes < MOST_BYTES_PER_TASK
    tables = (np.random.default_rng(2).integers(0, 2**23, 2**16),) * 2
    codes = np.random.default_rng(3).integers(0, 1000, 10**6)
    labelled = PairStream(large.a, large.b, codes, False, large.plan)
    for job in (ProductJob(large, 0, 9, tables), whole(labelled)):
        n_bytes, is_message = task_sizes(job)
        assert not is_message
        assert n_bytes < 1000


def test_what_is_too_large_for_a_task_travels_in_a_file_for_a_while() -> None:
    matrix = np.random.default_rng(0).standard_normal((2000, 1000))
    with packed({"rows": RowSource(matrix), "labels": LABELS}, None) as parcel:
        assert parcel.path is not None
        found = opened(parcel)
        assert np.array_equal(found["rows"].matrix, matrix)
        assert not found["rows"].matrix.flags.writeable
    assert not Path(parcel.path).exists()
    opened.cache_clear()
    with pytest.raises(FileNotFoundError, match="set TMPDIR to a folder that they see"):
        opened(parcel)


@pytest.mark.parametrize("value", [3, "threads", True, ThreadPoolExecutor])
def test_other_executors_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"^executor must be a concurrent.futures.Executor, a dask"):
        fastshesha.config(executor=value)
