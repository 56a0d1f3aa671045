"""Time per pair of streamed tiles, beside numpy's product of the same tiles.

``python -m bench.stream_speed`` prints, for 64, 256 and 768 features in two halves and for float32
and float64 tiles, nanoseconds of a tile's pairs: one split on one and on two threads, and one of
sixteen splits that share their products, under cosine and under correlation. The product is
numpy's in float32, on one thread of its own. Of several turns, which alternate, the best counts;
shares are those of processor time, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

import fastshesha
from fastshesha._typing import FloatArray
from fastshesha.scale import compiled, pair_plans
from fastshesha.scale.rank_streams import ReadyStream, prepare
from fastshesha.scale.row_source import RowSource
from fastshesha.scale.shared_splits import joined, shareable
from fastshesha.scale.similarity_sample import geometry

N_SAMPLES, N_SPLITS, RANK = 24_600, 16, 20
FEATURES = (64, 256, 768)

PRODUCT = """
import json, sys, time
import numpy as np
n_rows, n_features, n_turns = map(int, sys.argv[1:])
halves = [np.ones((n_rows, n_features // 2), np.float32) for _ in range(4)]
out = np.empty((n_rows, n_rows), np.float32)
best = np.inf
for _ in range(n_turns):
    started = time.perf_counter(), time.process_time()
    for k in (0, 2):
        np.matmul(halves[k], halves[k + 1].T, out=out)
    ended = time.perf_counter(), time.process_time()
    best = np.minimum(best, np.subtract(ended, started))
print(json.dumps((best / n_rows**2).tolist()))
"""


def product_time(n_features: int, n_rows: int, n_turns: int) -> FloatArray:
    """Time, and processor time, a pair of numpy's product by kernels of its library's choice."""
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
    environment |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    command = [sys.executable, "-c", PRODUCT, str(n_rows), str(n_features), str(n_turns)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return np.array(json.loads(done.stdout))


def splits(n_features: int, metric: str) -> dict[int, ReadyStream]:
    """Splits of float32 rows of low rank with noise."""
    rng = np.random.default_rng(0)
    signal = rng.standard_normal((N_SAMPLES, RANK)) @ rng.standard_normal((RANK, n_features))
    X = (signal + 4 * rng.standard_normal((N_SAMPLES, n_features))).astype(np.float32)
    plan, ready = pair_plans.all_pairs(*X.shape), {}
    for split in range(N_SPLITS):
        order = rng.permutation(n_features)
        a, b = (geometry(RowSource(X), np.sort(half), metric) for half in np.array_split(order, 2))
        prepared = prepare(a, b, plan)
        assert isinstance(prepared, ReadyStream)
        ready[split] = prepared
    return ready


def timed(run: Callable[[], Any]) -> FloatArray:
    """Time, and processor time, a pair of what returns a state of counts."""
    started = time.perf_counter(), time.process_time()
    state = run()
    ended = time.perf_counter(), time.process_time()
    return np.subtract(ended, started) / float(state[..., 0, :].sum())


def measured(n_features: int, n_turns: int) -> dict[str, FloatArray]:
    """Best times a pair of every way, turn by turn."""
    ready = splits(n_features, "cosine")
    single = replace(ready[0].stream, is_single=True)
    double = replace(ready[0].stream, is_single=False)
    ways = {
        "float32, 1 thread": (1, lambda: compiled.level_counts(single, 1, 3)),
        "float32, 2 threads": (2, lambda: compiled.level_counts(single, 1, 5)),
        "float64, 1 thread": (1, lambda: compiled.level_counts(double, 1, 3)),
    }
    for metric, each in (("cosine", ready), ("correlation", splits(n_features, "correlation"))):
        sharing = shareable(each)
        if sharing:
            together = joined(list(sharing.values()), single.plan)
            ways[f"16 splits, {metric}"] = (1, partial(compiled.split_counts, together, 1, 2))
    best = dict.fromkeys(["numpy's product", *ways], np.array([np.inf, np.inf]))
    n_rows = N_SAMPLES // single.plan.n_blocks
    for _ in range(n_turns):
        found = {"numpy's product": product_time(n_features, n_rows, 3)}
        for name, (threads, run) in ways.items():
            with fastshesha.config(threads=threads):
                found[name] = timed(run)
        best = {name: np.minimum(best[name], times) for name, times in found.items()}
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=int, nargs="+", default=FEATURES)
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    for n_features in arguments.features:
        best = measured(n_features, arguments.turns)
        product = best["numpy's product"]
        for name, times in best.items():
            elapsed, processor = 1e9 * times
            share = f"{product[1] / times[1]:6.0%} of the product's speed"
            print(
                f"{n_features:5d} features, {name:22s}: {elapsed:6.2f} ns, "
                f"{processor:6.2f} ns of CPU, {share}"
            )


if __name__ == "__main__":
    main()
