"""Resident memory of calls on mapped files, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

MIB = 2**20
N_SAMPLES, N_FEATURES = 60_000, 256

# Anonymous memory: the pages of the mapped file, which the system can drop, are not counted.
SCRIPT = """
import sys, threading, time
import numpy as np
import fastshesha

def anonymous():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon")) * 1024

X = np.load(sys.argv[1], mmap_mode="r")
y = np.arange(len(X)) % 7
before = peak = anonymous()
done = False

def watch():
    global peak
    while not done:
        peak = max(peak, anonymous())
        time.sleep(0.002)

thread = threading.Thread(target=watch)
thread.start()
with fastshesha.config(threads=2, exact_pairs=10**6):
    {call}
peak = max(peak, anonymous())
done = True
thread.join()
print(peak - before)
"""
CALLS = {
    "feature_split": "fastshesha.feature_split(X, n_splits=1, seed=0, max_pairs=1e6)",
    "all pairs": "fastshesha.feature_split(X[:8000], n_splits=1, max_samples=None)",
    "shared products": "fastshesha.feature_split(X[:5000], n_splits=4, max_samples=None)",
    "rdm_similarity": "fastshesha.rdm_similarity(X, X[:, ::-1], seed=0, max_pairs=1e6)",
    "supervised_alignment": "fastshesha.supervised_alignment(X, y, seed=0, max_pairs=1e6)",
    "variance_ratio": "fastshesha.variance_ratio(X, y)",
    "default feature_split": "fastshesha.feature_split(X, n_splits=2, seed=0)",
}


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rows") / "X.npy"
    rows = np.random.default_rng(0).standard_normal((N_SAMPLES, N_FEATURES), dtype=np.float32)
    np.save(path, rows)
    return path


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
@pytest.mark.parametrize("name", CALLS)
def test_no_call_holds_more_than_its_buffers(mapped: Path, name: str) -> None:
    """All rows in float64 take 123 MB, all pairs 14 GB, those of 8000 rows 256 MB a half."""
    script = SCRIPT.replace("{call}", CALLS[name])
    command = [sys.executable, "-c", script, str(mapped)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200 * MIB
