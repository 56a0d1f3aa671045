"""Time and memory of feature_split over sampled pairs, and over all pairs, of a mapped file.

``python -m bench.stream_pairs --samples 1000000 --features 768 --max-pairs 1e8`` makes the file
where there is none, reads it once, and prints one line a measurement. ``--all-pairs`` compares all
pairs instead.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np

import fastshesha
from fastshesha._resources.resident_memory import AnonymousPeak

RANK = 20
ROWS_PER_BLOCK = 50_000


def make_file(path: Path, n_samples: int, n_features: int) -> None:
    """Rows of low rank with noise as float32, block by block."""
    rng = np.random.default_rng(0)
    directions = rng.standard_normal((RANK, n_features), dtype=np.float32)
    rows = np.lib.format.open_memmap(path, "w+", np.float32, (n_samples, n_features))
    for start in range(0, n_samples, ROWS_PER_BLOCK):
        n_rows = min(ROWS_PER_BLOCK, n_samples - start)
        latent = rng.standard_normal((n_rows, RANK), dtype=np.float32)
        noise = rng.standard_normal((n_rows, n_features), dtype=np.float32)
        rows[start : start + n_rows] = latent @ directions + 4 * noise
    rows.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--features", type=int, default=768)
    parser.add_argument("--splits", type=int, default=1)
    parser.add_argument("--max-pairs", type=float, default=1e8)
    parser.add_argument("--all-pairs", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path())
    arguments = parser.parse_args()
    path = arguments.folder / f"rows_{arguments.samples}x{arguments.features}.npy"
    if not path.exists():
        make_file(path, arguments.samples, arguments.features)
    X = np.load(path, mmap_mode="r")
    started = time.perf_counter()
    float(sum(block.sum() for block in np.array_split(X, 64)))
    print(f"read once: {time.perf_counter() - started:.2f} s")
    options: dict[str, Any] = {"max_pairs": arguments.max_pairs}
    if arguments.all_pairs:
        options = {"max_samples": None}
    processor, started = time.process_time(), time.perf_counter()
    with fastshesha.config(threads=arguments.threads), AnonymousPeak() as peak:
        result = fastshesha.feature_split(
            X, n_splits=arguments.splits, seed=0, return_type="result", **options
        )
    print(f"{time.perf_counter() - started:.2f} s, {time.process_time() - processor:.2f} s of CPU")
    if peak.bytes is not None:
        print(f"peak of anonymous memory: +{peak.bytes / 2**20:.0f} MiB")
    assert isinstance(result, fastshesha.StabilityResult)
    print({"estimate": result.estimate, **result.metadata})


if __name__ == "__main__":
    main()
