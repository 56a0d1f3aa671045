"""How many times faster than the original a bootstrap replicate is.

The original computes a few replicates, by turns with as many of ours, whose results must agree.
Ours are then timed with many more: the difference is what replicates cost, the rest is what
distances and their order cost once. Both forms are timed: that of dicts, in which copies of a
sample form pairs, and that of results, in which they do not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from contest import Call, Contestant, time_by_turns

SEED = 320
N_FEATURES = {500: 256, 1600: 768}


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oracle", required=True, help="Python with the original installed")
    parser.add_argument("--ours", default=sys.executable, help="Python with fastshesha installed")
    parser.add_argument("--samples", type=int, default=500, choices=sorted(N_FEATURES))
    parser.add_argument("--splits", type=int, default=30, help="splits of feature_split")
    parser.add_argument("--few", type=int, default=2, help="replicates of the original")
    parser.add_argument("--many", type=int, default=200, help="replicates of ours")
    parser.add_argument("--repeats", type=int, default=3, help="timings whose median counts")
    return parser.parse_args(arguments)


def calls_by_title(folder: Path, options: argparse.Namespace) -> dict[str, Call]:
    rng = np.random.default_rng(0)
    paths = []
    for name in ("X", "Y"):
        path = folder / f"{name}.npy"
        np.save(path, rng.standard_normal((options.samples, N_FEATURES[options.samples])))
        paths.append(str(path))
    calls = {}
    for return_type in ("float", "result"):
        form: dict[str, Any] = {"seed": SEED, "return_type": return_type}
        splits = form | {"n_splits": options.splits}
        calls[f"feature_split, {return_type}"] = Call("feature_split", (paths[0],), splits)
        for method in ("spearman", "pearson"):
            calls[f"rdm_similarity, {method}, {return_type}"] = Call(
                "rdm_similarity", tuple(paths), form | {"method": method}
            )
    return calls


def with_replicates(call: Call, n_bootstraps: int | None) -> Call:
    return replace(call, options=call.options | {"n_bootstrap_ci": n_bootstraps})


def median_seconds(contestant: Contestant, call: Call, repeats: int) -> float:
    return median(contestant.time(call)[0] for _ in range(repeats))


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse_arguments(arguments)
    with (
        tempfile.TemporaryDirectory() as name,
        closing(Contestant(options.ours, "fastshesha")) as ours,
        closing(Contestant(options.oracle, "shesha")) as original,
    ):
        for title, call in calls_by_title(Path(name), options).items():
            few, many = (with_replicates(call, n) for n in (options.few, options.many))
            plain = with_replicates(call, None)
            time_by_turns(ours, original, [[plain]])
            rounds = [time_by_turns(ours, original, [[few]]) for _ in range(options.repeats)]
            mine_few, theirs_few = (median(column) for column in zip(*rounds, strict=True))
            as_dict = call.options["return_type"] == "float"
            # The result form scores the data as given first.
            once = 0.0 if as_dict else median_seconds(original, plain, options.repeats)
            theirs = (theirs_few - once) / options.few
            mine_many = median_seconds(ours, many, options.repeats)
            mine = (mine_many - mine_few) / (options.many - options.few)
            print(
                f"{title}: replicate ours {mine * 1e3:.4f} ms, original {theirs * 1e3:.1f} ms, "
                f"ratio {theirs / mine:.0f}; whole call of {options.many}: ours {mine_many:.3f} s, "
                f"ratio {(once + theirs * options.many) / mine_many:.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
