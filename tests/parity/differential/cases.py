"""One random call of a mirrored function, made from a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from oracle.wire import Request

from .directed import DIRECTED
from .hostile import HOSTILE, make_hostile
from .labels import draw_labels
from .matrices import Matrix, draw_matrix, draw_shape
from .options import SIGNATURES, draw_options, leading_options

Generator = np.random.Generator

LABELLED = ("supervised_alignment", "variance_ratio")
PAIRED = ("rdm_similarity", "rdm_drift", "sim.rdm_similarity")
VARIANTS = {
    "feature_split": "feature_split",
    "variance": "variance_ratio",
    "supervised": "supervised_alignment",
}


@dataclass(frozen=True)
class Case:
    """A call both packages are asked to make, and the traits it was drawn with."""

    number: int
    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    traits: frozenset[str]

    def request(self) -> Request:
        return Request(f"shesha.{self.function}", self.args, self.kwargs)

    def __str__(self) -> str:
        shapes = ", ".join(_described(argument) for argument in self.args)
        options = "".join(f", {name}={value!r}" for name, value in self.kwargs.items())
        return f"case {self.number}: {self.function}({shapes}{options})  {sorted(self.traits)}"


def _described(argument: Any) -> str:
    if isinstance(argument, np.ndarray):
        return f"<{argument.dtype.str} {argument.shape}>"
    return f"<{type(argument).__name__}>" if isinstance(argument, list | tuple) else repr(argument)


def draw_case(number: int) -> Case:
    """Make case ``number``: the same call every time, with arguments of its own.

    The first cases are directed, all others random.
    """
    rng = np.random.default_rng([2026, number])
    if number < len(DIRECTED):
        function, args, kwargs, marks = DIRECTED[number](rng)
        return Case(number, function, args, kwargs, frozenset(marks))
    function = str(rng.choice([*SIGNATURES, "feature_split", "shesha"]))
    if function == "shesha":
        return _draw_convenience_case(rng, number)
    data, data_traits = _draw_data(rng, function)
    options, option_traits = draw_options(rng, function)
    traits = frozenset(data_traits | option_traits)
    if rng.random() < 0.1:
        leading = leading_options(function, options)
        rest = dict(list(options.items())[len(leading) :])
        return Case(number, function, (*data, *leading), rest, traits)
    if rng.random() < 0.01:
        options["n_jobs"] = 2
    return Case(number, function, data, options, traits)


def _draw_convenience_case(rng: Generator, number: int) -> Case:
    """A call of ``shesha``, whose options are those of the variant."""
    variant = str(rng.choice(list(VARIANTS)))
    function = VARIANTS[variant]
    data, data_traits = _draw_data(rng, function)
    options, option_traits = draw_options(rng, function)
    if rng.random() < 0.1:
        variant = str(rng.choice(["anchors", "Variance", ""]))
    if function in LABELLED and rng.random() < 0.1:
        data = data[:1]
    traits = frozenset(data_traits | option_traits | {f"variant={variant}"})
    return Case(number, "shesha", data, {"variant": variant, **options}, traits)


def _draw_data(rng: Generator, function: str) -> tuple[tuple[Any, ...], set[str]]:
    n, d = draw_shape(rng)
    X, traits = draw_matrix(rng, n, d)
    if function == "feature_split" and rng.random() < 0.08:
        others = [draw_matrix(rng, *draw_shape(rng))[0] for _ in range(int(rng.integers(0, 3)))]
        return ([X, *others],), traits | {"batch"}
    data: tuple[Any, ...] = (X,)
    traits |= {f"n_samples={n}", f"n_features={d}"}
    if function in LABELLED:
        y, label_traits = draw_labels(rng, n)
        data, traits = (X, y), traits | label_traits
    elif function in PAIRED:
        data = (X, _draw_partner(rng, X))
    if rng.random() < 0.07:
        kind = str(rng.choice(list(HOSTILE)))
        plain = rng.standard_normal((n, d))
        data, traits = (make_hostile(kind, plain), *data[1:]), traits | {f"X={kind}"}
    return data, traits


def _draw_partner(rng: Generator, X: Matrix) -> Matrix:
    """The second matrix of a pair: close to the first, unrelated, or of another length."""
    n, d = X.shape
    if rng.random() < 0.4:
        with np.errstate(all="ignore"):
            return np.asarray(X.astype(np.float64) * (1.0 + 0.1 * rng.standard_normal((n, d))))
    if rng.random() < 0.05:
        n += 1
    return draw_matrix(rng, n, int(rng.integers(1, 33)))[0]
