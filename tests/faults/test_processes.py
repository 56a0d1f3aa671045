"""Forks, signals, threads: what happens around a call must not change or hang it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import fastshesha

TIMEOUT = 60

FORKS = """
import os, sys, threading, warnings
import numpy as np, fastshesha
warnings.simplefilter("ignore", DeprecationWarning)
X = np.random.default_rng(0).standard_normal((300, 64))
score = lambda: fastshesha.feature_split(X, seed=1)
expected = score() if sys.argv[1] != "virgin" else None
is_over = threading.Event()
def compute():
    while not is_over.is_set():
        score()
if sys.argv[1] == "busy":
    threading.Thread(target=compute, daemon=True).start()
for _ in range(5):
    child = os.fork()
    if child == 0:
        with fastshesha.config(threads=4):
            n_threads = fastshesha.show_config(mode="dicts")["threads"]["count"]
            os._exit(0 if n_threads == 1
                     and (expected is None or score() == expected) else 3)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status == 0, status
is_over.set()
assert expected is None or score() == expected
"""

# A program started in the background of a shell would ignore the signal.
INTERRUPTED = """
import os, signal, threading, time
import numpy as np, fastshesha
signal.signal(signal.SIGINT, signal.default_int_handler)
X = np.random.default_rng(0).standard_normal((1600, 256))
score = lambda n_splits: fastshesha.feature_split(X, n_splits=n_splits, seed=1)
for n_threads in (1, 2):
    with fastshesha.config(threads=n_threads):
        expected = score(2)
        started = time.perf_counter()
        score(20)
        whole = 20 * (time.perf_counter() - started)
        started = time.perf_counter()
        threading.Timer(whole / 20, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            score(400)
        except KeyboardInterrupt:
            share = (time.perf_counter() - started) / whole
            assert share < 0.5, f"ended after {share:.0%} of the call"
            assert score(2) == expected
        else:
            raise SystemExit("not interrupted")
"""

FEW_THREADS = """
import resource
import numpy as np, fastshesha
X = np.random.default_rng(0).standard_normal((100, 64))
with fastshesha.config(threads=1):
    expected = fastshesha.feature_split(X, seed=1)
in_use = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (in_use + (20 << 20), resource.RLIM_INFINITY))
with fastshesha.config(threads=64):
    assert fastshesha.feature_split(X, seed=1) == expected
"""

# A short call comes back for the GIL as the interpreter ends, a long one asks for signals.
ENDS_EARLY = """
import sys, threading, time
import numpy as np, fastshesha
X = np.random.default_rng(0).standard_normal((300, 64))
started = threading.Event()
def compute():
    while True:
        fastshesha.feature_split(X, n_splits=int(sys.argv[1]), seed=1)
        started.set()
threading.Thread(target=compute, daemon=True).start()
started.wait()
time.sleep(float(sys.argv[2]))
"""

# The interpreter, while it ends, deletes what modules still hold.
COMPUTES_LAST = """
import os
import numpy as np
from fastshesha import _core
class Last:
    def __init__(self):
        self.X, self.measure, self.write = np.ones((300, 64)), _core.condensed_distances, os.write
        self.measure(self.X, "euclidean", 2)
    def __del__(self):
        self.write(1, str(len(self.measure(self.X, "euclidean", 2))).encode())
last = Last()
"""


def run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("parent", ["used", "virgin", "busy"])
def test_a_forked_child_computes_on_one_thread(parent: str) -> None:
    run(FORKS, parent)


@pytest.mark.parametrize("n_splits", [5, 100])
def test_a_call_of_a_daemon_thread_does_not_spoil_the_end(n_splits: int) -> None:
    for delay in np.random.default_rng(n_splits).uniform(0, 0.1, 8):
        run(ENDS_EARLY, str(n_splits), str(delay))


def test_a_call_of_the_thread_that_ends_the_interpreter() -> None:
    assert run(COMPUTES_LAST) == str(300 * 299 // 2)


def test_an_interrupt_ends_a_call_and_the_next_is_right() -> None:
    run(INTERRUPTED)


def test_threads_that_cannot_be_created_do_not_end_the_process() -> None:
    run(FEW_THREADS)


@pytest.mark.parametrize("n_samples", [30, 500])
def test_threads_never_change_a_bit(n_samples: int) -> None:
    X = np.random.default_rng(3).standard_normal((n_samples, 96))
    y = np.arange(n_samples) % 4
    found = set()
    for n_threads in (1, 2, 3, 7, 16):
        with fastshesha.config(threads=n_threads):
            scores = fastshesha.feature_split(X, n_splits=11, seed=1, return_all_splits=True)
            alignment = fastshesha.supervised_alignment(X, y, seed=1)
            ratio = fastshesha.variance_ratio(X, y)
            similarity = fastshesha.rdm_similarity(X, X[::-1], method="pearson")
            found.add((*scores["split_scores"], alignment, ratio, similarity))
    assert len(found) == 1


def test_calls_from_many_threads_do_not_meet() -> None:
    matrices = [np.random.default_rng(k).standard_normal((60 + 20 * k, 24)) for k in range(8)]
    alone = [fastshesha.feature_split(X, seed=1) for X in matrices]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(10):
            assert list(pool.map(lambda X: fastshesha.feature_split(X, seed=1), matrices)) == alone
