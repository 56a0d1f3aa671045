"""Calls of the shared interface, and the numbers that the original gives for them.

``python -m bench.micro.pin`` wrote the numbers down.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.contest import Call
from bench.data import Data
from bench.scenario import EXACT, Entry, Scenario, both
from bench.scenarios import feature_split, metrics, screens
from bench.scenarios.feature_split import SEED
from bench.scenarios.metrics import FACTORISED, LARGE, SMALL

PINNED = Path(__file__).with_name("pinned.json")


def _entries(
    function: str,
    shape: tuple[int, int],
    kinds: tuple[str, ...],
    options: dict[str, Any],
    tolerance: float,
) -> Callable[[Data], list[Entry]]:
    def entries(data: Data) -> list[Entry]:
        paths = tuple(data.matrix(shape, kind, seed=seed) for seed, kind in enumerate(kinds))
        return both(function, paths, options, tolerance)

    return entries


def _case(function: str, kinds: tuple[str, ...], tolerance: float, **options: Any) -> Scenario:
    details = [value for value in options.values() if isinstance(value, str)]
    name = "/".join([function, f"{LARGE[0]}x{LARGE[1]}", *details])
    return Scenario(name, _entries(function, LARGE, kinds, options, tolerance))


def _of_one(function: str) -> Scenario:
    return _case(function, ("normal",), EXACT, seed=SEED)


def _of_two(function: str, tolerance: float = EXACT, **options: Any) -> Scenario:
    return _case(function, ("normal", "normal"), tolerance, **options)


def _of_controls(function: str, tolerance: float = EXACT, **options: Any) -> Scenario:
    """The mean of the perturbed rows, which are of ten classes, is away from that of the others."""
    return _case(f"bio.{function}", ("normal", "classes"), tolerance, **options)


def replicated(n_replicates: int) -> Scenario:
    """A bootstrap of the comparison of two matrices."""
    options = {"n_bootstrap_ci": n_replicates, "seed": SEED}
    entries = _entries("rdm_similarity", SMALL, ("normal", "normal"), options, EXACT)
    return Scenario(f"rdm_similarity/{SMALL[0]}x{SMALL[1]}, {n_replicates} replicates", entries)


SMALL_SPLITS, LARGE_SPLITS = (
    next(s for s in feature_split.SCENARIOS if s.name == f"feature_split/{shape}, 30 splits/normal")
    for shape in ("500x256", "1600x768")
)
REPLICATED = {n: replicated(n) for n in (16, 1600)}
SCORES = (
    SMALL_SPLITS,
    # The original ends with a segmentation fault in CKA of 20,000 rows; 1,600 follow below.
    *(scenario for scenario in metrics.SCENARIOS if "20000" not in scenario.name),
    *(scenario for scenario in screens.SCENARIOS if "AnnData" not in scenario.name),
    _of_one("anchor_stability"),
    _of_one("sample_split"),
    _of_two("rdm_drift"),
    _of_two("anchor_profile_stability", anchor_ids=list(range(100))),
    _of_two("sim.cka_linear"),
    _of_two("sim.cka_debiased"),
    _of_two("sim.procrustes_similarity", FACTORISED),
    _of_controls("perturbation_coherence", seed=SEED),
    _of_controls("perturbation_coherence_whitened", FACTORISED, seed=SEED),
    _of_controls("perturbation_effect_size", metric="euclidean"),
    _of_controls("perturbation_effect_size", metric="cohen"),
)
CASES = (*SCORES, LARGE_SPLITS, *REPLICATED.values())


def our_call(case: Scenario, data: Data) -> tuple[Call, float]:
    """Our side of a case, and how far its numbers may be from the original's."""
    ours = case.entries(data)[0]
    return ours.turns[0].calls[0], ours.tolerance


def pinned() -> dict[str, list[float]]:
    """Name of a case -> all numbers of the original's answer, as ``worker.numbers`` lists them."""
    content: dict[str, list[float]] = json.loads(PINNED.read_text(encoding="utf-8"))
    return content
