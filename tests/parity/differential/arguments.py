"""What the functions are called on: matrices, labels, pairs, populations, screens, tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .hostile import HOSTILE, make_hostile
from .labels import draw_labels, draw_two_classes
from .matrices import Matrix, draw_any_shape, draw_matrix, draw_shape
from .replicates import draw_anchors, draw_ids, spoil_ids
from .screens import draw_screen, draw_table

Generator = np.random.Generator


@dataclass
class Data:
    """Positional arguments, keywords that belong to them, and the traits they were drawn with."""

    args: tuple[Any, ...]
    traits: set[str]
    keywords: dict[str, Any] = field(default_factory=dict)


def _draw_rows(rng: Generator, n: int, d: int) -> tuple[Matrix, set[str]]:
    X, traits = draw_matrix(rng, n, d)
    return X, traits | {f"n_samples={n}", f"n_features={d}"}


def _draw_one(rng: Generator) -> Data:
    X, traits = _draw_rows(rng, *draw_shape(rng))
    return Data((X,), traits)


def _draw_batch(rng: Generator) -> Data:
    """A matrix or, in one case out of twelve, a list of matrices."""
    first = _draw_one(rng)
    if rng.random() >= 0.08:
        return first
    others = [draw_matrix(rng, *draw_shape(rng))[0] for _ in range(int(rng.integers(0, 3)))]
    return Data(([first.args[0], *others],), first.traits | {"batch"})


def _draw_many_rows(rng: Generator) -> Data:
    if rng.random() < 0.5:
        return _draw_one(rng)
    X, traits = _draw_rows(rng, int(rng.integers(45, 90)), int(rng.integers(1, 12)))
    return Data((X,), traits)


def _draw_labelled(rng: Generator) -> Data:
    n, d = draw_any_shape(rng)
    X, traits = _draw_rows(rng, n, d)
    y, label_traits = draw_labels(rng, n)
    return Data((X, y), traits | label_traits)


def _draw_two_classes(rng: Generator) -> Data:
    n, d = draw_any_shape(rng)
    X, traits = _draw_rows(rng, n, d)
    y, label_traits = draw_two_classes(rng, n)
    return Data((X, y), traits | label_traits)


def _draw_partner(rng: Generator, X: Matrix, same_shape: bool) -> tuple[Matrix, set[str]]:
    """The second matrix of a pair: close to the first, unrelated, or of another length."""
    n, d = X.shape
    if rng.random() < 0.4:
        with np.errstate(all="ignore"):
            close = X.astype(np.float64) * (1.0 + 0.1 * rng.standard_normal((n, d)))
        return np.asarray(close), set()
    if rng.random() < 0.05:
        n += 1
    if not same_shape or rng.random() < 0.05:
        d = int(rng.integers(1, 33))
    partner, traits = draw_matrix(rng, n, d)
    return partner, {f"partner_{trait}" for trait in traits}


def _draw_paired(rng: Generator, same_shape: bool = False) -> Data:
    X, traits = _draw_rows(rng, *draw_any_shape(rng))
    Y, partner_traits = _draw_partner(rng, X, same_shape)
    return Data((X, Y), traits | partner_traits)


def _draw_anchored(rng: Generator) -> Data:
    """A pair with anchors among its rows; they are named by identifiers where there are any."""
    data = _draw_paired(rng)
    X, Y = data.args
    ids: dict[str, Any] = {}
    if rng.random() < 0.4:
        ids, id_traits = draw_ids(rng, X.shape[0], Y.shape[0])
        data.traits |= id_traits
    chosen, traits = draw_anchors(rng, X.shape[0], ids.get("ids_a"))
    if ids:
        traits |= spoil_ids(rng, ids)
    return Data(data.args, data.traits | traits, {**chosen, **ids})


def _draw_populations(rng: Generator) -> Data:
    n, d = draw_any_shape(rng)
    control, traits = _draw_rows(rng, n, d)
    m = int(rng.integers(0, 6) if rng.random() < 0.1 else rng.integers(5, 41))
    if rng.random() < 0.03:
        d += 1
        traits.add("features=differ")
    perturbed, partner_traits = draw_matrix(rng, m, d)
    if rng.random() < 0.5:
        with np.errstate(all="ignore"):
            perturbed = perturbed + rng.standard_normal(d)
    traits |= {f"partner_{trait}" for trait in partner_traits}
    return Data((control, perturbed), traits | {f"n_perturbed={m}"})


def _draw_screened(rng: Generator) -> Data:
    args, keywords, traits = draw_screen(rng)
    return Data(args, traits, keywords)


def _draw_tabled(rng: Generator) -> Data:
    return Data(*draw_table(rng))


DRAWERS: dict[str, Callable[[Generator], Data]] = {
    "matrix": _draw_one,
    "batch": _draw_batch,
    "many_rows": _draw_many_rows,
    "labelled": _draw_labelled,
    "two_classes": _draw_two_classes,
    "paired": _draw_paired,
    "same_shape": lambda rng: _draw_paired(rng, same_shape=True),
    "anchored": _draw_anchored,
    "populations": _draw_populations,
    "screen": _draw_screened,
    "table": _draw_tabled,
}
OF_MATRICES = set(DRAWERS) - {"screen", "table"}


def draw_data(rng: Generator, kind: str) -> Data:
    """Arguments of the given kind; in one case out of fourteen one of them is no matrix."""
    data = DRAWERS[kind](rng)
    if kind not in OF_MATRICES or rng.random() > 0.07 or "batch" in data.traits:
        return data
    n_matrices = 1 if kind in {"labelled", "two_classes"} else min(2, len(data.args))
    place = int(rng.integers(n_matrices))
    hostile = str(rng.choice(list(HOSTILE)))
    shape = np.shape(data.args[place])
    args = list(data.args)
    args[place] = make_hostile(hostile, rng.standard_normal(shape))
    return Data(tuple(args), data.traits | {f"X={hostile}"}, data.keywords)
