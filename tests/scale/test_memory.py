"""Resident memory of calls on mapped files, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

MIB = 2**20
N_SAMPLES, N_FEATURES = 60_000, 256

# Anonymous memory: the pages of the mapped file, which the system can drop, are not counted.
SCRIPT = """
import sys, threading, time, warnings
import numpy as np
import fastshesha
from fastshesha import bio, sim, spectrum

warnings.simplefilter("ignore", FutureWarning)

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
    "euclidean separation": "fastshesha.class_separation_ratio(X[:6000], y[:6000], seed=0)",
    "euclidean": "fastshesha.rdm_similarity(X[:6000], X[:6000, :99], 'pearson', 'euclidean')",
    "supervised_alignment": "fastshesha.supervised_alignment(X, y, seed=0, max_pairs=1e6)",
    "variance_ratio": "fastshesha.variance_ratio(X, y)",
    "default feature_split": "fastshesha.feature_split(X, n_splits=2, seed=0)",
}
# Some profiles at a time; those of all anchors take 380 MiB.
PROFILES = {
    "profiles": "fastshesha.anchor_profile_stability(X[:, :16], X[:, 16:32], range(400))",
}
# What is linear in the samples gets by with less than their rows in float64, 117 MiB.
LINEAR_CALLS = {
    "sample_split": "fastshesha.sample_split(X, n_splits=2, seed=0)",
    "anchor_stability": "fastshesha.anchor_stability(X, n_splits=2, seed=0)",
    "cosine separation": "fastshesha.class_separation_ratio(X, y, 5, metric='cosine', seed=0)",
    "separation": "fastshesha.class_separation_ratio(X, y, seed=0, max_pairs=5e5)",
    "lda_stability": "fastshesha.lda_stability(X, y % 2, n_bootstrap=1, seed=0)",
    "pearson": "fastshesha.rdm_similarity(X, X[:, :99], method='pearson')",
    "cka_linear": "sim.cka_linear(X, X[:, ::-1])",
    "cka_unbiased": "sim.cka_unbiased(X, X[:, ::-1])",
    "procrustes_similarity": "sim.procrustes_similarity(X, X[:, ::-1])",
    "effective_rank": "spectrum.effective_rank(X)",
    "effect size": "bio.perturbation_effect_size(X, X[:100], 'cohen')",
    "coherence": "bio.perturbation_coherence(X, X[:2000])",
    "whitened": "bio.perturbation_coherence_whitened(X, X[:2000])",
    "neighbours": "bio.perturbation_coherence_knn(X, X[:1000] * 0.9, 20)",
    "HDF5": "fastshesha.feature_split(fastshesha.open_rows(sys.argv[2]), max_samples=800, seed=0)",
}
LIMITS = {
    **dict.fromkeys(CALLS, 200 * MIB),
    **dict.fromkeys(PROFILES, 350 * MIB),
    **dict.fromkeys(LINEAR_CALLS, 90 * MIB),
}
ALL_CALLS = CALLS | PROFILES | LINEAR_CALLS


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rows") / "X.npy"
    rows = np.random.default_rng(0).standard_normal((N_SAMPLES, N_FEATURES), dtype=np.float32)
    np.save(path, rows)
    with pytest.importorskip("h5py").File(path.with_suffix(".h5"), "w") as file:
        file.create_dataset("rows", data=rows, chunks=(1000, N_FEATURES))
    return path


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
@pytest.mark.parametrize("name", ALL_CALLS)
def test_no_call_holds_more_than_its_buffers(mapped: Path, name: str) -> None:
    """All rows in float64 take 123 MB, all pairs 14 GB, those of 8000 rows 256 MB a half."""
    script = SCRIPT.replace("{call}", ALL_CALLS[name])
    command = [sys.executable, "-c", script, str(mapped), str(mapped.with_suffix(".h5"))]
    # Two threads of the BLAS library wait for each other where processors are busy.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < LIMITS[name]
