"""How often the interval of ``max_pairs`` holds the correlation over all pairs.

``python tools/pair_coverage.py --samples 20000 --pairs 1000000 --repeats 1000`` prints, for each
family of data, the correlation of all pairs, the root mean square error and the mean standard
error of the samples, and the share of their 95 % intervals that hold it.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

import fastshesha
from fastshesha.scale import pair_plans
from fastshesha.scale.pair_sampling import sampling_metadata
from fastshesha.scale.rank_streams import LEVELS_FOR_ROUNDS, ReadyStream, count
from fastshesha.scale.row_source import RowSource
from fastshesha.scale.similarity_sample import FOR_ROUNDS, Geometry, mapped_sides
from fastshesha.scale.tile_jobs import PairStream
from fastshesha.scale.tile_precision import LARGEST_MARGIN

if TYPE_CHECKING:
    from fastshesha._typing import RdmMetric

Matrix = np.ndarray[Any, Any]
N_FEATURES = 64
LEVEL = 0.95
# More pairs are streamed, within 1e-7.
MOST_EXACT = 2**28


def low_rank(rng: np.random.Generator, n: int) -> Matrix:
    noise = rng.standard_normal((n, N_FEATURES))
    return rng.standard_normal((n, 8)) @ rng.standard_normal((8, N_FEATURES)) + noise


def sorted_clusters(rng: np.random.Generator, n: int) -> Matrix:
    centres = 1.5 * rng.standard_normal((20, N_FEATURES))
    return centres[np.sort(rng.integers(0, 20, n))] + rng.standard_normal((n, N_FEATURES))


def heavy_tails(rng: np.random.Generator, n: int) -> Matrix:
    return rng.standard_t(2.0, (n, 1)) * low_rank(rng, n)


def anisotropic(rng: np.random.Generator, n: int) -> Matrix:
    return low_rank(rng, n) + 200.0 * rng.standard_normal(N_FEATURES)


def sparse_binary(rng: np.random.Generator, n: int) -> Matrix:
    X = (rng.random((n, N_FEATURES)) < 0.1).astype(np.float64)
    X[:, :2] = 1.0
    return X


FAMILIES: dict[str, tuple[Callable[[np.random.Generator, int], Matrix], RdmMetric]] = {
    "low_rank": (low_rank, "cosine"),
    "sorted_clusters": (sorted_clusters, "cosine"),
    "heavy_tails": (heavy_tails, "euclidean"),
    "anisotropic": (anisotropic, "correlation"),
    "sparse_binary": (sparse_binary, "euclidean"),
}


def measure(family: str, n_samples: int, n_pairs: int, n_repeats: int) -> dict[str, float]:
    """Truth, errors and coverage of samples of the pairs of two halves of the columns."""
    make, metric = FAMILIES[family]
    X = make(np.random.default_rng([7, n_samples]), n_samples)
    halves = X[:, ::2], X[:, 1::2]
    with fastshesha.config(exact_pairs=MOST_EXACT):
        truth = float(fastshesha.replicate_stability(*halves, metric=metric))
    columns = np.arange(N_FEATURES // 2, dtype=np.int64)
    a, b = (
        Geometry(
            RowSource(half), columns, metric, half.mean(axis=0) if metric == "euclidean" else None
        )
        for half in halves
    )
    sides = mapped_sides(a, b, FOR_ROUNDS, LEVELS_FOR_ROUNDS)
    assert sides is not None
    margin = sides.single_margin
    is_single = margin <= LARGEST_MARGIN
    errors, told, n_held = [], [], 0
    for seed in range(n_repeats):
        rng = np.random.default_rng(seed)
        plan = pair_plans.balanced_rounds(rng, n_samples, N_FEATURES, n_pairs)
        assert plan is not None
        stream = PairStream(sides.a, sides.b, None, False, plan, is_single)
        found = count(ReadyStream(stream, 0, margin), "stop")
        said = sampling_metadata(found.value, found.rounds, plan, LEVEL)
        errors.append(found.value - truth)
        told.append(said["pair_se"])
        n_held += said["pair_ci_low"] <= truth <= said["pair_ci_high"]
    return {
        "truth": truth,
        "root mean square error": math.sqrt(float(np.mean(np.square(errors)))),
        "mean standard error": float(np.mean(told)),
        "coverage": n_held / n_repeats,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=1000)
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    arguments = parser.parse_args()
    for family in arguments.families:
        row = measure(family, arguments.samples, arguments.pairs, arguments.repeats)
        print(family, *(f"{name} {value:.3g}" for name, value in row.items()), sep=", ", flush=True)


if __name__ == "__main__":
    main()
