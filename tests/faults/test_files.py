"""Files that get shorter, and rows that change, while they are read: an error or a number."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fastshesha.scale.row_source import RowSource

TIMEOUT = 60

# Reading beyond the end of the file would end the process.
SHORTER = """
import os, sys
import numpy as np, fastshesha
from fastshesha import _kernels, _rows
X = np.load(sys.argv[1], mmap_mode="r")
def shorten(*_):
    os.truncate(sys.argv[1], 5000)
    return True
if sys.argv[2] == "before":
    shorten()
else:
    _rows._BYTES_PER_CHECK = 1000
    _kernels.all_finite = shorten
calls = (
    lambda: fastshesha.feature_split(X[10:], n_splits=2, max_samples=50),
    lambda: fastshesha.rdm_similarity(X, X[:, ::-1]),
    lambda: fastshesha.variance_ratio(X, np.arange(len(X)) % 2),
)
for call in calls:
    try:
        call()
    except ValueError as error:
        assert "is mapped from" in str(error), error
        assert "it holds 5000 of 48128 bytes" in str(error), error
    else:
        raise SystemExit("not refused")
"""

CHANGING = """
import threading
import numpy as np, fastshesha
rng = np.random.default_rng(0)
X = rng.standard_normal((900, 32)).astype(np.float32)
y = np.arange(900) % 3
done = False
def change():
    values = np.array([0.0, 1.0, np.nan, np.inf, -1e38], np.float32)
    while not done:
        X[rng.integers(0, 900, 50), rng.integers(0, 32, 50)] = rng.choice(values, 50)
        X[rng.integers(0, 900, 50)] = rng.standard_normal((50, 32))
thread = threading.Thread(target=change)
thread.start()
calls = (
    lambda: fastshesha.feature_split(X, n_splits=2, seed=0),
    lambda: fastshesha.feature_split(X, n_splits=1, seed=0, max_samples=None, max_pairs=2e4),
    lambda: fastshesha.rdm_similarity(X, X[::-1], metric="euclidean"),
    lambda: fastshesha.rdm_similarity(X, X[::-1], method="pearson"),
    lambda: fastshesha.variance_ratio(X, y),
    lambda: fastshesha.class_separation_ratio(X, y, n_bootstrap=2, max_pairs=2e4),
)
n_refused = 0
try:
    for exact_pairs in (10**4, 10**9):
        for call in 4 * calls:
            with fastshesha.config(exact_pairs=exact_pairs), np.errstate(all="ignore"):
                try:
                    assert isinstance(call(), float)
                except ValueError:
                    n_refused += 1
finally:
    done = True
    thread.join()
"""


def run(script: str, *words: str) -> None:
    command = [sys.executable, "-W", "ignore", "-c", script, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    assert done.returncode == 0, (done.returncode, done.stderr)


@pytest.fixture
def mapped(tmp_path: Path) -> Path:
    path = tmp_path / "X.npy"
    np.save(path, np.random.default_rng(0).standard_normal((500, 12)))
    assert path.stat().st_size == 48128
    return path


@pytest.mark.parametrize("moment", ["before", "between"])
def test_a_file_that_got_shorter_is_refused(mapped: Path, moment: str) -> None:
    run(SHORTER, str(mapped), moment)


def test_a_file_that_was_replaced_is_still_the_old_one(mapped: Path) -> None:
    X = np.load(mapped, mmap_mode="r")
    whole = np.array(X)
    short = mapped.with_name("short.npy")
    np.save(short, whole[:3])
    short.replace(mapped)
    assert np.array_equal(RowSource(X).matrix, whole)


def test_a_job_finds_that_its_file_got_shorter(mapped: Path) -> None:
    sent = pickle.dumps(RowSource(np.load(mapped, mmap_mode="r")))
    mapped.write_bytes(mapped.read_bytes()[:5000])
    with pytest.raises(ValueError, match="has become shorter: it holds 5000 of 48128 bytes"):
        pickle.loads(sent)


def test_rows_that_change_crash_nothing() -> None:
    run(CHANGING)
