"""Metrics of all pairs of rows: whole at 100,000 rows, a shard and an estimate at a million.

``python -m bench.all_pairs --folder FOLDER`` makes ``rows_1000000x768.npy`` there where it is
missing (3 GB), measures every call in a process of its own, and prints a table.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import fastshesha
from bench.million_rows import THREADS, halves, labels, seconds
from bench.stream_pairs import make_file
from fastshesha._resources.resident_memory import AnonymousPeak
from fastshesha.shards import write_shard

N_SAMPLES = 1_000_000
N_WHOLE = 100_000
N_SHARDS = 64
# More than any number of rows: all of them.
EVERY_ROW = 10**9

# Name -> function, how its matrices come from rows and labels, and its options.
CALLS: dict[str, tuple[Callable[..., Any], Callable[..., tuple[Any, ...]], dict[str, Any]]] = {
    "feature_split, one split": (
        fastshesha.feature_split,
        lambda X, _: (X,),
        {"n_splits": 1, "seed": 0, "max_samples": None},
    ),
    "rdm_similarity, halves": (fastshesha.rdm_similarity, lambda X, _: halves(X), {}),
    "replicate_stability, halves, euclidean": (
        fastshesha.replicate_stability,
        lambda X, _: halves(X),
        {"metric": "euclidean"},
    ),
    "rdm_drift, halves, correlation": (
        fastshesha.rdm_drift,
        lambda X, _: halves(X),
        {"metric": "correlation"},
    ),
    "supervised_alignment": (
        fastshesha.supervised_alignment,
        lambda X, y: (X, y),
        {"seed": 0, "max_samples": EVERY_ROW},
    ),
}


def measure(name: str, path: str) -> dict[str, Any]:
    """One call in this process: whole on some rows, then a shard and the estimate of all."""
    function, arguments, options = CALLS[name]
    X = np.load(path, mmap_mode="r")
    y = labels(X)
    few, all_rows = arguments(X[:N_WHOLE], y[:N_WHOLE]), arguments(X, y)
    with fastshesha.config(threads=THREADS), tempfile.TemporaryDirectory() as folder:
        whole = noted(lambda: function(*few, **options))
        place = (f"{folder}/1.state", (1, N_SHARDS))
        part = noted(lambda: write_shard(*place, function, *all_rows, **options))
        estimate = fastshesha.estimate(function, *all_rows, **options)
    return {"whole": whole, "shard": part, "estimate": [estimate.seconds, estimate.memory]}


def noted(call: Callable[[], object]) -> tuple[float, float, int | None]:
    """Seconds, processor seconds and peak memory of a call."""
    with AnonymousPeak() as peak:
        took = seconds(call)
    return *took, peak.bytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path())
    parser.add_argument("--only", default="")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    path = chosen.folder / f"rows_{N_SAMPLES}x768.npy"
    if chosen.one is not None:
        print(json.dumps(measure(chosen.one, str(path))))
        return
    if not path.exists():
        make_file(path, N_SAMPLES, 768)
    print("| call | 10⁵ rows: s | processor s | MiB | 1/64 of 10⁶: s | processor s | MiB "
          "| `estimate` of 10⁶: h | MiB |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    for name in CALLS:
        if chosen.only in name:
            print(row([sys.executable, "-m", "bench.all_pairs", *sys.argv[1:]], name), flush=True)


def row(command: list[str], name: str) -> str:
    """A line of the table, from a process of its own."""
    done = subprocess.run([*command, "--one", name], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    cells = [name]
    for part in ("whole", "shard"):
        took, processor, peak = found[part]
        cells += [told(took, 1.0), told(processor, 1.0), told(peak, 2.0**20)]
    took, peak = found["estimate"]
    return f"| {' | '.join([*cells, told(took, 3600.0), told(peak, 2.0**20)])} |"


def told(value: float | None, unit: float) -> str:
    """A number in three digits."""
    return "" if value is None else f"{value / unit:.3g}"


if __name__ == "__main__":
    main()
