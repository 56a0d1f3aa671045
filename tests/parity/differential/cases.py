"""One random call of a mirrored function, made from a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from oracle.wire import Request

from .arguments import draw_data
from .directed import DIRECTED
from .functions import FUNCTIONS
from .options import draw_options, leading_options
from .replicates import draw_ids, spoil_ids

Generator = np.random.Generator

VARIANTS = {
    "feature_split": "feature_split",
    "sample_split": "sample_split",
    "anchor": "anchor_stability",
    "variance": "variance_ratio",
    "supervised": "supervised_alignment",
}
WITH_LABELS = ("variance", "supervised")


@dataclass(frozen=True)
class Case:
    """A call both packages are asked to make, and the traits it was drawn with."""

    number: int
    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    traits: frozenset[str]

    @property
    def needs_blas(self) -> bool:
        return self.function in FUNCTIONS and FUNCTIONS[self.function].needs_blas

    def request(self) -> Request:
        return Request(f"shesha.{self.function}", self.args, self.kwargs)

    def __str__(self) -> str:
        shapes = ", ".join(_described(argument) for argument in self.args)
        options = "".join(f", {name}={_described(v)}" for name, v in self.kwargs.items())
        return f"case {self.number}: {self.function}({shapes}{options})  {sorted(self.traits)}"


def _described(argument: Any) -> str:
    if isinstance(argument, np.ndarray):
        return f"<{argument.dtype.str} {argument.shape}>"
    plain = argument is None or isinstance(argument, (str, bool, int, float, np.generic))
    return repr(argument) if plain else f"<{type(argument).__name__}>"


def draw_case(number: int) -> Case:
    """Make case ``number``: the same call every time, with arguments of its own.

    The first cases are directed, all others random.
    """
    rng = np.random.default_rng([2026, number])
    if number < len(DIRECTED):
        function, args, kwargs, marks = DIRECTED[number](rng)
        return Case(number, function, args, kwargs, frozenset(marks))
    function = str(rng.choice([*FUNCTIONS, "feature_split", "shesha"]))
    if function == "shesha":
        return _draw_convenience_case(rng, number)
    data = draw_data(rng, FUNCTIONS[function].data)
    options, traits = draw_options(rng, function)
    traits |= data.traits
    if rng.random() < FUNCTIONS[function].options.get("ids", 0.0) and not data.keywords:
        lengths = [len(X) if np.ndim(X) else 1 for X in data.args]
        data.keywords, id_traits = draw_ids(rng, lengths[0], lengths[1])
        traits |= id_traits | spoil_ids(rng, data.keywords)
    options = {**data.keywords, **options}
    if rng.random() < 0.1 and not data.keywords:
        leading = leading_options(function, options)
        rest = dict(list(options.items())[len(leading) :])
        return Case(number, function, (*data.args, *leading), rest, frozenset(traits))
    if rng.random() < 0.01:
        options["n_jobs"] = 2
        traits.add("odd=n_jobs:2")
    return Case(number, function, data.args, options, frozenset(traits))


def _draw_convenience_case(rng: Generator, number: int) -> Case:
    """A call of ``shesha``, whose options are those of the variant."""
    variant = str(rng.choice(list(VARIANTS)))
    function = FUNCTIONS[VARIANTS[variant]]
    data = draw_data(rng, function.data)
    options, traits = draw_options(rng, VARIANTS[variant])
    args = data.args
    if variant in WITH_LABELS and rng.random() < 0.1:
        args = args[:1]
    if rng.random() < 0.1:
        variant = str(rng.choice(["anchors", "Variance", ""]))
    traits |= data.traits | {f"variant={variant}"}
    return Case(number, "shesha", args, {"variant": variant, **options}, frozenset(traits))
