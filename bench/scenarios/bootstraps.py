"""What a bootstrap replicate costs.

The original computes a few replicates, as many as ours that must agree with them. Ours are then
timed with many more: the difference is what replicates cost; the rest, what distances and their
order cost once, is part of the plain call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.contest import Call
from bench.data import Data
from bench.scenario import ORIGINAL, OURS, Entry, Scenario, Turn
from bench.scenarios.feature_split import SEED

# The more, the less the noise of a call weighs in the difference of two.
N_MANY, N_MANY_CHEAP = 200, 2000
SMALL, LARGE = (500, 256), (1600, 768)


def _entries(
    function: str, shape: tuple[int, int], options: dict[str, Any], n_few: int, n_many: int
) -> Callable[[Data], list[Entry]]:
    n_matrices = 1 if function == "feature_split" else 2

    def entries(data: Data) -> list[Entry]:
        paths = tuple(data.matrix(shape, seed=seed) for seed in range(n_matrices))

        def turn(package: str, n_replicates: int | None, weight: float) -> Turn:
            form = {**options, "seed": SEED, "n_bootstrap_ci": n_replicates}
            call = Call(f"{package}.{function}", paths, form)
            return Turn((call,), weight, compared=n_replicates == n_few)

        original = [turn(ORIGINAL, n_few, 1 / n_few)]
        if options["return_type"] == "result":
            # This form scores the data as given first.
            original.append(turn(ORIGINAL, None, -1 / n_few))
        per_replicate = 1 / (n_many - n_few)
        ours = (turn(OURS, n_few, -per_replicate), turn(OURS, n_many, per_replicate))
        return [Entry(OURS, ours), Entry(ORIGINAL, tuple(original))]

    return entries


def _scenario(
    function: str,
    shape: tuple[int, int],
    form: str,
    target: float,
    *,
    n_few: int = 2,
    n_many: int = N_MANY,
    **more: Any,
) -> Scenario:
    details = "".join(f", {value}" for value in more.values() if isinstance(value, str))
    return Scenario(
        f"replicate of {function}/{shape[0]}x{shape[1]}{details}/{form}",
        _entries(function, shape, {"return_type": form, **more}, n_few, n_many),
        targets={ORIGINAL: target},
    )


_COMPARISONS = (
    ("rdm_similarity", "float", "spearman"),
    ("rdm_similarity", "float", "pearson"),
    ("rdm_similarity", "result", "spearman"),
    ("rdm_similarity", "result", "pearson"),
    ("replicate_stability", "result", "spearman"),
    ("replicate_stability", "result", "pearson"),
)

SCENARIOS = (
    _scenario("feature_split", SMALL, "float", 1000.0, n_splits=30),
    _scenario("feature_split", SMALL, "result", 1000.0, n_splits=30),
    _scenario("feature_split", LARGE, "float", 600.0, n_few=1, n_splits=30),
    _scenario("feature_split", LARGE, "result", 600.0, n_few=1, n_splits=30),
    *(
        _scenario(function, shape, form, 400.0, n_few=n_few, n_many=N_MANY_CHEAP, method=method)
        for shape, n_few in ((SMALL, 10), (LARGE, 3))
        for function, form, method in _COMPARISONS
    ),
)
