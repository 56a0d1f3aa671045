"""Every other score of the shared interface, once, against the original."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.data import N_CLASSES, Data
from bench.scenario import ORIGINAL, Entry, Scenario, both
from bench.scenarios.feature_split import SEED

Shape = tuple[int, int]
SMALL, LARGE = (500, 256), (1600, 768)
# Scores behind a factorisation depend on the processor in the original, too.
FACTORISED = 1e-9


def _of_two(function: str, shape: Shape, options: dict[str, Any]) -> Callable[[Data], list[Entry]]:
    def entries(data: Data) -> list[Entry]:
        paths = tuple(data.matrix(shape, seed=seed) for seed in range(2))
        return both(function, paths, options)

    return entries


def _of_labelled(
    function: str, shape: Shape, options: dict[str, Any], tolerance: float
) -> Callable[[Data], list[Entry]]:
    def entries(data: Data) -> list[Entry]:
        n_classes = 2 if function == "lda_stability" else N_CLASSES
        arguments = (data.matrix(shape, "classes"), data.labels(shape[0], n_classes))
        return both(function, arguments, options, tolerance)

    return entries


def _comparison(function: str, shape: Shape, target: float, **options: Any) -> Scenario:
    name = _name(function, shape, options)
    return Scenario(name, _of_two(function, shape, options), {ORIGINAL: target})


def _labelled(
    function: str,
    shape: Shape,
    target: float,
    tolerance: float = 1e-12,
    quick: bool = False,
    **options: Any,
) -> Scenario:
    entries = _of_labelled(function, shape, options, tolerance)
    return Scenario(_name(function, shape, options), entries, {ORIGINAL: target}, quick=quick)


def _name(function: str, shape: Shape, options: dict[str, Any]) -> str:
    details = [value for value in options.values() if isinstance(value, str)]
    return "/".join([function, f"{shape[0]}x{shape[1]}", *details])


SCENARIOS = (
    *(
        _comparison(function, shape, 25.0, method=method)
        for function in ("rdm_similarity", "replicate_stability")
        for shape in (SMALL, LARGE)
        for method in ("spearman", "pearson")
    ),
    _labelled("class_separation_ratio", LARGE, 120.0, metric="euclidean", seed=SEED),
    _labelled("class_separation_ratio", LARGE, 700.0, metric="cosine", seed=SEED),
    _labelled("lda_stability", LARGE, 2.5, FACTORISED, seed=SEED),
    _labelled("supervised_alignment", LARGE, 15.0, quick=True, seed=SEED),
    _labelled("variance_ratio", (100_000, 256), 8.0),
    _comparison("sim.cka_debiased", (20_000, 256), 40.0),
)
