"""Ctrl-C at random moments: how long a call takes to end, and whether the next one is right."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
P99_SECONDS = 0.2
# What a busy machine may take.
MOST_SECONDS = 2.0

# Every entry point takes longer than it is given, and is interrupted somewhere before.
PROGRAM = """
import json, os, random, signal, sys, threading, time, warnings
import numpy as np, fastshesha
sys.path.insert(0, sys.argv[2])
n_times, name, draw = int(sys.argv[1]), sys.argv[3], random.Random(0)
signal.signal(signal.SIGINT, signal.default_int_handler)
warnings.simplefilter("ignore")
rng = np.random.default_rng(0)
X = rng.standard_normal((20_000, 256), dtype=np.float32)
Y, y = X + rng.standard_normal(X.shape, dtype=np.float32), np.arange(len(X)) % 5
few, two = X[:1500].astype(float), np.arange(1500) % 2
long, wide = {"exact_pairs": 1000}, {"n_splits": 500, "seed": 1}
CALLS = {
    "streamed splits": (long, lambda n: fastshesha.feature_split(X[:n], max_samples=None, **wide)),
    "sampled splits": (long, lambda n: fastshesha.feature_split(X[:n], max_pairs=30 * n, **wide)),
    "streamed rdms": (long, lambda n: fastshesha.rdm_similarity(X[:n], Y[:n])),
    "euclidean moments": (long, lambda n: fastshesha.rdm_similarity(
        X[:n], Y[:n], method="pearson", metric="euclidean")),
    "class separation": (long, lambda n: fastshesha.class_separation_ratio(X[:n], y[:n], seed=1)),
    "streamed labels": (long, lambda n: fastshesha.supervised_alignment(
        X[:n], y[:n], max_samples=10**6)),
    "exact rdms": ({}, lambda n: [fastshesha.rdm_similarity(X[:n], Y[:n]) for _ in range(9)]),
    "exact splits": ({}, lambda n: fastshesha.feature_split(few[:n], **wide)),
    "bootstrap": ({}, lambda n: fastshesha.feature_split(
        few[:n], n_splits=9, seed=1, n_bootstrap_ci=2000)),
    "lda": ({}, lambda n: fastshesha.lda_stability(few[:n], two[:n], n_bootstrap=n, seed=1)),
    "checkpoint": ({**long, "checkpoint": "run", "checkpoint_interval": 0},
        lambda n: fastshesha.feature_split(X[:n], max_samples=None, **wide)),
}
settings, call = CALLS[name]
small = lambda: repr(call(200)) if name == "lda" else repr(
    fastshesha.feature_split(few[:200], n_splits=3, seed=1))
expected, took = small(), []
for _ in range(n_times):
    sent = []
    def interrupt():
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)
    timer = threading.Timer(draw.uniform(0.02, 0.5), interrupt)
    try:
        with fastshesha.config(**settings):
            timer.start()
            call(20_000)
        raise SystemExit("ended before it was interrupted")
    except KeyboardInterrupt:
        took.append(time.perf_counter() - sent[0])
        assert small() == expected
    if os.path.exists("run"):
        os.unlink("run")
print(json.dumps(sorted(took)))
"""
ENTRY_POINTS = (
    "streamed splits", "sampled splits", "streamed rdms", "euclidean moments", "class separation",
    "streamed labels", "exact rdms", "exact splits", "bootstrap", "lda", "checkpoint",
)  # fmt: skip


def interrupted(name: str, n_times: int, folder: Path) -> list[float]:
    """Seconds from the signal to the exception, in rising order."""
    command = [sys.executable, "-c", PROGRAM, str(n_times), str(TESTS), name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    seconds: list[float] = json.loads(done.stdout)
    return seconds


@pytest.mark.parametrize("name", ["streamed splits", "exact rdms", "checkpoint"])
def test_a_call_ends_soon_after_an_interrupt(name: str, tmp_path: Path) -> None:
    assert interrupted(name, 5, tmp_path)[-1] < MOST_SECONDS


@pytest.mark.crash
@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_200_interrupts_end_a_call_within_a_fifth_of_a_second(name: str, tmp_path: Path) -> None:
    seconds = interrupted(name, 200, tmp_path)
    assert seconds[197] <= P99_SECONDS, f"median {seconds[100]:.3f}, largest {seconds[-1]:.3f}"
