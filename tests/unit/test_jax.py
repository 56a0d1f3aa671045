"""Arrays of jax give the numbers of their values."""

from __future__ import annotations

import subprocess
import sys

import pytest

# jax runs threads, beside which other tests must not fork: a process of its own.
SCRIPT = """
import jax.numpy, ml_dtypes, numpy as np, fastshesha
from fastshesha._rows import as_source
from fastshesha.monitor import TrainingMonitor

rng, labels = np.random.default_rng(0), np.arange(300) % 5
values = 20 * rng.standard_normal((300, 24)) + labels[:, None]
def answers(X, y):
    yield fastshesha.feature_split(X, n_splits=3, seed=1)
    yield fastshesha.feature_split(X, n_splits=3, seed=1, max_pairs=20_000)
    with fastshesha.config(exact_pairs=1000):
        yield fastshesha.rdm_similarity(X, X, metric="euclidean")
    yield fastshesha.supervised_alignment(X, y, seed=1)
    yield fastshesha.variance_ratio(X, y)
    yield fastshesha.sim.cka_linear(X, X)
    yield TrainingMonitor(n_splits=2).update(X, y, loss=1.0).to_dict()

for dtype in ("float32", "float16", "bfloat16", "int8"):
    X = jax.numpy.asarray(values, dtype)
    plain = np.asarray(X.astype("float32"))
    assert str([*answers(X, jax.numpy.asarray(labels))]) == str([*answers(plain, labels)]), dtype
    assert np.shares_memory(as_source(X, "X"), as_source(X, "X")), dtype
"""


def test_arrays_of_jax_are_read_as_they_lie() -> None:
    pytest.importorskip("jaxlib")
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)
