"""Time and memory of the public array functions on many rows of a mapped file.

``python -m bench.million_rows --folder FOLDER`` makes ``rows_1000000x768.npy`` there where it is
missing (3 GB), measures every call in a process of its own, and prints a table. ``--only PATTERN``
takes the calls whose name matches; ``--samples`` and ``--features`` choose another size.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

import fastshesha
from bench.stream_pairs import make_file
from fastshesha import bio, replicate, sim, spectrum
from fastshesha._resources.resident_memory import AnonymousPeak

THREADS = 2
ROWS_PER_BLOCK = 2048
# The product of that share of the rows is measured, and multiplied.
PRODUCT_SHARE = 8


def halves(X: Any) -> tuple[Any, Any]:
    """Two representations of the samples: the first and the second half of the features."""
    return X[:, : X.shape[1] // 2], X[:, X.shape[1] // 2 :]


def labels(X: Any) -> Any:
    """One of ten labels a sample, in which the first feature has a part."""
    score = X[:, 0] + 4.0 * np.random.default_rng(1).standard_normal(X.shape[0])
    return np.searchsorted(np.quantile(score, np.arange(0.1, 1.0, 0.1)), score)


def groups(X: Any) -> tuple[Any, Any]:
    """Half of the samples as controls, the other half as perturbed."""
    return X[: X.shape[0] // 2], X[X.shape[0] // 2 :]


# What a time is compared with: a pass over the data, the product of the data with itself, or a pass
# and the default feature_split of rows in memory. Pairs cost what their number does.
READ, PRODUCT, SAMPLE = "read", "product", "read and 1,600 rows"
# Name -> call on data and labels, what to compare its time with, and how many of these it is.
CALLS: dict[str, tuple[Any, str, float]] = {
    "feature_split": (lambda X, _: fastshesha.feature_split(X, seed=0), SAMPLE, 1),
    "feature_split, 1e8 pairs": (
        lambda X, _: fastshesha.feature_split(X, n_splits=1, seed=0, max_pairs=1e8),
        READ,
        0,
    ),
    "sample_split": (lambda X, _: fastshesha.sample_split(X, seed=0), READ, 0),
    "anchor_stability": (lambda X, _: fastshesha.anchor_stability(X, seed=0), READ, 0),
    "supervised_alignment": (
        lambda X, y: fastshesha.supervised_alignment(X, y, seed=0),
        READ,
        1,
    ),
    "supervised_alignment, 1e8 pairs": (
        lambda X, y: fastshesha.supervised_alignment(X, y, seed=0, max_pairs=1e8),
        READ,
        0,
    ),
    "variance_ratio": (lambda X, y: fastshesha.variance_ratio(X, y), READ, 1),
    "class_separation_ratio, cosine, 10 subsamples": (
        lambda X, y: fastshesha.class_separation_ratio(
            X, y, n_bootstrap=10, metric="cosine", seed=0
        ),
        READ,
        10,
    ),
    "class_separation_ratio, 1e8 pairs": (
        lambda X, y: fastshesha.class_separation_ratio(X, y, seed=0, max_pairs=1e8),
        READ,
        0,
    ),
    "lda_stability, 3 resamples": (
        lambda X, y: fastshesha.lda_stability(X, y % 2, n_bootstrap=3, seed=0),
        PRODUCT,
        4,
    ),
    "rdm_similarity, 1e8 pairs": (
        lambda X, _: fastshesha.rdm_similarity(*halves(X), seed=0, max_pairs=1e8),
        READ,
        0,
    ),
    "rdm_similarity, pearson": (
        lambda X, _: fastshesha.rdm_similarity(*halves(X), method="pearson"),
        PRODUCT,
        0.75,
    ),
    "anchor_profile_stability, 100 anchors": (
        lambda X, _: replicate.anchor_profile_stability(*halves(X), anchor_ids=range(100)),
        READ,
        0,
    ),
    "cka_linear": (lambda X, _: sim.cka_linear(*halves(X)), PRODUCT, 0.75),
    "cka_debiased": (lambda X, _: sim.cka_debiased(*halves(X)), PRODUCT, 0.75),
    "cka_unbiased": (lambda X, _: sim.cka_unbiased(*halves(X)), PRODUCT, 0.75),
    "procrustes_similarity": (lambda X, _: sim.procrustes_similarity(*halves(X)), PRODUCT, 0.25),
    "effective_rank": (lambda X, _: spectrum.effective_rank(X), PRODUCT, 1),
    "perturbation_effect_size": (lambda X, _: bio.perturbation_effect_size(*groups(X)), READ, 1),
    "perturbation_effect_size, cohen": (
        lambda X, _: bio.perturbation_effect_size(*groups(X), metric="cohen"),
        READ,
        1,
    ),
    "perturbation_coherence": (lambda X, _: bio.perturbation_coherence(*groups(X)), READ, 1),
    "perturbation_coherence_whitened": (
        lambda X, _: bio.perturbation_coherence_whitened(*groups(X)),
        PRODUCT,
        1,
    ),
    "perturbation_coherence_knn, 1,000 perturbed": (
        lambda X, _: bio.perturbation_coherence_knn(X[:-1000], X[-1000:]),
        PRODUCT,
        1.3,
    ),
}


def read_once(X: Any) -> None:
    """A pass over the data by all threads."""
    blocks = np.array_split(np.arange(X.shape[0]), 64)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda block: X[block[0] : block[-1] + 1].max(), blocks))


def product_once(X: Any) -> None:
    """The product of some of the data with itself in float64, block by block."""
    total = np.zeros((X.shape[1], X.shape[1]))
    for start in range(0, X.shape[0] // PRODUCT_SHARE, ROWS_PER_BLOCK):
        block = X[start : start + ROWS_PER_BLOCK].astype(np.float64)
        total += block.T @ block


def sample_once(X: Any) -> None:
    """A pass over the data, and the score of so many rows as the call draws."""
    read_once(X)
    rows = np.array(X[:: X.shape[0] // 1600][:1600])
    fastshesha.feature_split(rows, seed=0)


def seconds(call: Any) -> tuple[float, float]:
    """Time and processor time of a call."""
    started, processor = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - started, time.process_time() - processor


def measure(path: str, name: str) -> dict[str, Any]:
    """One call in this process, between what it is compared with."""
    import warnings

    warnings.simplefilter("ignore", FutureWarning)
    X = np.load(path, mmap_mode="r")
    call, unit, times = CALLS[name]
    reference = {READ: read_once, PRODUCT: product_once, SAMPLE: sample_once}[unit]
    y = labels(X)
    read_once(X)
    _, reference_seconds = seconds(lambda: reference(X))
    with fastshesha.config(threads=THREADS), AnonymousPeak() as peak:
        took, processor = seconds(lambda: call(X, y))
    return {
        "call": name,
        "seconds": took,
        "processor": processor,
        "unit": f"{times:g} x {unit}" if times != 1 else unit,
        "reference": times * reference_seconds * (PRODUCT_SHARE if unit == PRODUCT else 1),
        "peak": peak.bytes,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--features", type=int, default=768)
    parser.add_argument("--folder", type=Path, default=Path())
    parser.add_argument("--only", default="")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    path = arguments.folder / f"rows_{arguments.samples}x{arguments.features}.npy"
    if arguments.one is not None:
        print(json.dumps(measure(str(path), arguments.one)))
        return
    if not path.exists():
        make_file(path, arguments.samples, arguments.features)
    print(
        "| call | s | processor s | compared with | processor s | ratio | memory beyond the file |"
    )
    print("|---|---|---|---|---|---|---|")
    for name in CALLS:
        if re.search(arguments.only, name):
            print(row([*sys.orig_argv[:1], "-m", "bench.million_rows", *sys.argv[1:]], name))


def row(command: list[str], name: str) -> str:
    """A line of the table, from a process of its own."""
    done = subprocess.run([*command, "--one", name], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return f"| {name} | failed: {done.stderr.strip().splitlines()[-1][:200]} ||||||"
    found = json.loads(done.stdout)
    compared = " | | "
    if found["reference"]:
        ratio = found["processor"] / found["reference"]
        compared = f" {found['unit']} | {found['reference']:.1f} | {ratio:.1f} "
    return (
        f"| {name} | {found['seconds']:.1f} | {found['processor']:.1f} |{compared}| "
        f"{found['peak'] / 2**20:.0f} MiB |"
    )


if __name__ == "__main__":
    main()
