"""Random identifiers, anchors and probes of matched replicates, fitting and not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Generator = np.random.Generator
Order = np.ndarray[Any, np.dtype[np.int64]]

# Row numbers made into identifiers.
KINDS: dict[str, Callable[[Order], Any]] = {
    "integers": lambda rows: rows * 10,
    "list": lambda rows: (rows + 100).tolist(),
    "strings": lambda rows: np.array([f"stimulus {row}" for row in rows]),
    "list_of_strings": lambda rows: [f"cell {row}" for row in rows],
    "floats": lambda rows: rows / 4.0,
    "mixed_objects": lambda rows: np.array(
        [f"x{row}" if row % 2 else int(row) for row in rows], dtype=object
    ),
    "bytes": lambda rows: np.array([f"b{row}" for row in rows], dtype="S"),
}
ODD: dict[str, Callable[[Any], Any]] = {
    "one_short": lambda ids: ids[:-1],
    "duplicate": lambda ids: [ids[0], *ids[:-1]],
    "another": lambda ids: ["another", *ids[1:]],
    "column": lambda ids: np.asarray(ids).reshape(-1, 1),
    "scalar": lambda ids: 3,
    "absent": lambda ids: None,
    "nan": lambda ids: [np.nan, *ids[1:]],
}


def draw_ids(rng: Generator, n_a: int, n_b: int) -> tuple[dict[str, Any], set[str]]:
    """``ids_a`` and ``ids_b``, the second in another order."""
    kind = str(rng.choice(list(KINDS)))
    ids = {
        "ids_a": KINDS[kind](np.arange(n_a)),
        "ids_b": KINDS[kind](rng.permutation(n_b)),
    }
    return ids, {f"ids={kind}"}


def spoil_ids(rng: Generator, ids: dict[str, Any]) -> set[str]:
    """Make the identifiers of one side wrong, in one case out of six; return the trait."""
    name, odd = str(rng.choice(["ids_a", "ids_b"])), str(rng.choice(list(ODD)))
    if rng.random() > 1 / 6 or len(ids[name]) == 0:
        return set()
    ids[name] = ODD[odd](ids[name])
    return {f"odd={name}:{odd}"}


def _chosen(ids: Any, rows: Order) -> Any:
    return [ids[row] for row in rows]


ODD_CHOICES: dict[str, Callable[[Any, int], Any]] = {
    "empty": lambda chosen, n: [],
    "twice": lambda chosen, n: [*chosen, *chosen[:1]],
    "outside": lambda chosen, n: [*chosen, n],
    "negative": lambda chosen, n: [-1],
    "floats": lambda chosen, n: np.asarray([0.0, 1.0]),
    "booleans": lambda chosen, n: np.arange(n) < 2,
    "text": lambda chosen, n: ["absent"],
    "scalar": lambda chosen, n: 1,
    "none": lambda chosen, n: None,
    "all": lambda chosen, n: np.arange(n),
}


def draw_anchors(rng: Generator, n: int, ids: Any) -> tuple[dict[str, Any], set[str]]:
    """``anchor_ids`` and sometimes ``probe_ids``; one of them wrong in one case out of eight."""
    rows = rng.permutation(n)
    n_anchors = int(rng.integers(1, 6))
    names = {"anchor_ids": rows[:n_anchors]}
    if rng.random() < 0.5:
        names["probe_ids"] = rows[n_anchors : n_anchors + int(rng.integers(2, 20))]
    chosen = {name: rows if ids is None else _chosen(ids, rows) for name, rows in names.items()}
    if rng.random() < 1 / 8 and n_anchors <= n:
        name, odd = str(rng.choice(list(chosen))), str(rng.choice(list(ODD_CHOICES)))
        chosen[name] = ODD_CHOICES[odd](chosen[name], n)
        return chosen, {f"odd={name}:{odd}"}
    return chosen, set()
