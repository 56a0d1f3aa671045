"""Values whose order is known before anything sorts them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.data import KINDS as MATRICES
from bench.data import Matrix

Levels = NDArray[np.int64]
OUTLIER = 1e12


@dataclass(frozen=True)
class Vector:
    """Values, and the place of each among the distinct ones."""

    values: Matrix
    levels: Levels


def _rising(rng: np.random.Generator, n_levels: int) -> Matrix:
    return np.sort(MATRICES["normal"](rng, n_levels, 1).ravel())


def _rising_to_an_outlier(rng: np.random.Generator, n_levels: int) -> Matrix:
    ladder = _rising(rng, n_levels)
    ladder[-1] = OUTLIER
    return ladder


def _whole(_: np.random.Generator, n_levels: int) -> Matrix:
    return np.arange(n_levels, dtype=np.float64)


# Kind -> the levels of n values, and the values of as many levels.
KINDS: dict[
    str,
    tuple[
        Callable[[np.random.Generator, int], Levels],
        Callable[[np.random.Generator, int], Matrix],
    ],
] = {
    "normal": (lambda rng, n: rng.permutation(n), _rising),
    "all equal": (lambda _, n: np.zeros(n, np.int64), _whole),
    "0/1": (lambda rng, n: rng.integers(0, 2, n), _whole),
    "one outlier": (lambda rng, n: rng.permutation(n), _rising_to_an_outlier),
    "sorted": (lambda _, n: np.arange(n), _rising),
    "reversed": (lambda _, n: np.arange(n)[::-1], _rising),
    "20 values": (lambda rng, n: rng.integers(0, 20, n), _rising),
}


def vector(kind: str, n_values: int, seed: int) -> Vector:
    """Values of one kind."""
    rng = np.random.default_rng(seed)
    draw_levels, values_of = KINDS[kind]
    levels = draw_levels(rng, n_values)
    return Vector(values_of(rng, int(levels.max()) + 1)[levels], levels)


def average_ranks(levels: Levels) -> Matrix:
    """The mean ranks that levels imply."""
    counts = np.bincount(levels)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[levels])
