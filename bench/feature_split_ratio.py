"""How many times faster than the original: one large feature_split, and the demo's metric calls.

Both packages run in processes of their own and take turns, so that a slow moment of the machine
hits both: a turn is the large call, or the epochs of one scenario in a row, as a training run makes
them. Every score is compared while it is timed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

import numpy as np

from contest import Call, Contestant, time_by_turns
from fastshesha.demo.simulation import DEFAULT_SEED, SCENARIOS, simulate_training

N_SAMPLES, N_FEATURES = 1600, 768


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oracle", required=True, help="Python with the original installed")
    parser.add_argument("--ours", default=sys.executable, help="Python with fastshesha installed")
    parser.add_argument(
        "--repeats", type=int, default=3, help="timings, of which the median counts"
    )
    parser.add_argument("--splits", type=int, default=30, help="splits of the large matrix")
    parser.add_argument("--epochs", type=int, default=20, help="epochs of each of the scenarios")
    return parser.parse_args(arguments)


def saved(folder: Path, name: str, array: np.ndarray) -> str:
    path = folder / f"{name}.npy"
    np.save(path, array)
    return str(path)


def large_matrix_turns(folder: Path, n_splits: int) -> list[list[Call]]:
    X = np.random.default_rng(0).standard_normal((N_SAMPLES, N_FEATURES))
    options = {"n_splits": n_splits, "seed": DEFAULT_SEED}
    return [[Call("feature_split", (saved(folder, "large", X),), options)]]


def demo_turns(folder: Path, n_epochs: int) -> list[list[Call]]:
    """The three metrics of every epoch; a turn for each scenario."""
    seeded = {"seed": DEFAULT_SEED}
    turns = []
    for scenario in SCENARIOS:
        history, labels = simulate_training(scenario=scenario)
        y = saved(folder, f"{scenario}-labels", labels)
        calls = []
        for epoch, embeddings in enumerate(history[:n_epochs]):
            X = saved(folder, f"{scenario}-{epoch}", embeddings)
            calls += [
                Call("feature_split", (X,), seeded),
                Call("supervised_alignment", (X, y), seeded),
                Call("variance_ratio", (X, y), {}),
            ]
        turns.append(calls)
    return turns


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse_arguments(arguments)
    with (
        tempfile.TemporaryDirectory() as name,
        closing(Contestant(options.ours, "fastshesha")) as ours,
        closing(Contestant(options.oracle, "shesha")) as original,
    ):
        folder = Path(name)
        small = np.random.default_rng(1).standard_normal((8, 8))
        warm_up = [Call("feature_split", (saved(folder, "small", small),), {"seed": 1})]
        time_by_turns(ours, original, [warm_up])
        contests = {
            f"feature_split {N_SAMPLES}x{N_FEATURES}, {options.splits} splits": large_matrix_turns(
                folder, options.splits
            ),
            f"metric calls of the demo, {options.epochs} epochs": demo_turns(
                folder, options.epochs
            ),
        }
        for title, turns in contests.items():
            rounds = [time_by_turns(ours, original, turns) for _ in range(options.repeats)]
            mine, theirs = (median(column) for column in zip(*rounds, strict=True))
            print(f"{title}: ours {mine:.3f} s, original {theirs:.3f} s, ratio {theirs / mine:.1f}")


if __name__ == "__main__":
    main()
