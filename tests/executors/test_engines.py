"""Engines that others have built: Dask, loky, MPI and Ray give the bits of one process."""

from __future__ import annotations

import importlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fastshesha
from scale.streamed import EXACT_PAIRS, X, answers, split

pytestmark = [
    pytest.mark.executors,
    # Theirs, at their end.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
ROOT = Path(__file__).parents[2]
# Where workers find the calls.
PATHS = {"PYTHONPATH": str(ROOT / "tests")}
OF_PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)

MPI_PROGRAM = """
from mpi4py.futures import MPIPoolExecutor
from scale.streamed import answers
if __name__ == "__main__":
    expected = answers()
    with MPIPoolExecutor() as pool:
        assert pool.num_workers == 2
        assert answers(executor=pool) == expected
    print("same bits")
"""


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    return answers()


@pytest.fixture
def client() -> Iterator[Any]:
    distributed = importlib.import_module("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_a_dask_client_is_taken_as_it_is(client: Any, expected: dict[str, Any]) -> None:
    assert answers(executor=client) == expected


def test_a_dask_worker_that_is_killed_changes_no_bit(client: Any, tmp_path: Path) -> None:
    np.save(tmp_path / "X.npy", np.random.default_rng(0).standard_normal((6000, 128)))
    rows = np.load(tmp_path / "X.npy", mmap_mode="r")
    with fastshesha.config(exact_pairs=EXACT_PAIRS):
        expected = split(rows, n_splits=3)
    workers = list(client.run(os.getpid).values())
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if not killed and done > total // 4:
            killed.append(workers[0])
            os.kill(workers[0], 9)

    with fastshesha.config(exact_pairs=EXACT_PAIRS, executor=client, progress=kill):
        assert split(rows, n_splits=3) == expected
    assert killed == workers[:1]
    assert workers[0] not in client.run(os.getpid).values()


def test_an_interrupt_ends_a_call_on_a_cluster(client: Any, tmp_path: Path) -> None:
    np.save(tmp_path / "X.npy", np.random.default_rng(0).standard_normal((9000, 256)))
    rows, sent = np.load(tmp_path / "X.npy", mmap_mode="r"), list[float]()
    # Commands in the background of a shell start with the signal ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt() -> None:
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Timer(2.0, interrupt).start()
    with (
        fastshesha.config(exact_pairs=EXACT_PAIRS, executor=client),
        pytest.raises(KeyboardInterrupt),
    ):
        split(rows, n_splits=500)
    assert time.perf_counter() - sent[0] < 1.0
    with fastshesha.config(exact_pairs=EXACT_PAIRS):
        alone = split(rows[:900])
        with fastshesha.config(executor=client):
            assert split(rows[:900]) == alone


def test_loky(expected: dict[str, Any]) -> None:
    loky = importlib.import_module("loky")
    assert answers(executor=loky.get_reusable_executor(max_workers=2)) == expected


def test_mpi(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(MPI_PROGRAM)
    mpiexec = Path(sys.executable).with_name("mpiexec")
    words = [mpiexec, "--oversubscribe", "-n", "3", sys.executable, "-m", "mpi4py.futures"]
    root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    done = subprocess.run(
        [*words, program],
        env={**os.environ, **root, **PATHS},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.stdout == "same bits\n", done.stderr


def test_ray(expected: dict[str, Any]) -> None:
    ray = importlib.import_module("ray")
    ray.init(num_cpus=2, include_dashboard=False, runtime_env={"env_vars": PATHS})
    try:
        assert answers(executor=fastshesha.RayExecutor(num_cpus=1)) == expected
        assert answers(executor=fastshesha.RayExecutor()) == expected
    finally:
        ray.shutdown()


def test_the_recipe_for_a_cluster_runs(tmp_path: Path) -> None:
    np.save(tmp_path / "embeddings.npy", X)
    page = (ROOT / "docs" / "long_runs.md").read_text(encoding="utf-8")
    (recipe,) = [block for block in OF_PYTHON.findall(page) if "LocalCluster" in block]
    done = subprocess.run(
        [sys.executable, "-c", recipe], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) <= 1.0
