"""feature_split keeps within the memory it is given, and the scores do not depend on it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import fastshesha
from fastshesha._resources import memory

ALLOWED = {"plain": 64 << 20, "tied": 64 << 20, "sparse": 92 << 20}
# Work space of other calls would count as ours: a process of its own.
GROWTH = """
import resource, sys
import numpy as np, fastshesha
rng = np.random.default_rng(0)
X = {
    "plain": lambda: rng.standard_normal((1600, 64)),
    "tied": lambda: rng.integers(0, 3, (1600, 64)).astype(float),
    "sparse": lambda: (rng.random((1000, 6000)) < 0.1).astype(float),
}[sys.argv[1]]()
peak = lambda: 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with fastshesha.config(threads=2, memory=int(sys.argv[2])):
    fastshesha.feature_split(X[:60], n_splits=3, seed=1)
    # Rows of unit length, which are no work space.
    copy = X + 0.0
    before = peak()
    del copy
    fastshesha.feature_split(X, n_splits=7, seed=1)
print(peak() - before)
"""


@pytest.mark.parametrize("kind", ALLOWED)
def test_peak_memory(kind: str) -> None:
    command = [sys.executable, "-c", GROWTH, kind, str(ALLOWED[kind])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    # Huge pages round every buffer up to 2 MiB.
    assert int(done.stdout) < ALLOWED[kind] + (10 << 20)


@pytest.mark.parametrize("allowed", ["2MiB", "3MiB", "5MiB", "20MiB"])
def test_scores_do_not_depend_on_memory(allowed: str) -> None:
    X = np.random.default_rng(1).standard_normal((300, 40))
    expected = fastshesha.feature_split(X, n_splits=9, seed=1, return_all_splits=True)
    with fastshesha.config(threads=2, memory=allowed):
        found = fastshesha.feature_split(X, n_splits=9, seed=1, return_all_splits=True)
    assert found == expected


@pytest.mark.parametrize(
    ("limit", "bound"), [(None, sys.maxsize), (8000, sys.maxsize), (7999, 7999), (500, 1000)]
)
def test_the_machine_bounds_what_would_nearly_fill_it(
    limit: int | None, bound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "memory_limit", lambda: limit)
    assert memory.work_memory(1000, "a feature split") == sys.maxsize
    monkeypatch.setattr(memory, "_WORTH_ASKING", 1)
    assert memory.work_memory(1000, "a feature split") == bound


def test_too_little_memory_is_said() -> None:
    X = np.random.default_rng(1).standard_normal((300, 40))
    with (
        fastshesha.config(memory="1MiB"),
        pytest.raises(MemoryError, match=r"allows less than a feature split takes: [0-9]+ bytes"),
    ):
        fastshesha.feature_split(X, seed=1)
