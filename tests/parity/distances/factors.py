"""What can vary between two distance computations, and selections of their combinations."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

N_SAMPLES = (*range(2, 71), 203, 500, 1600)
N_FEATURES = (*range(1, 41), 97, 128, 384, 768, 1023)
METRICS = ("cosine", "correlation", "euclidean")
LEVELS = ("baseline", "avx2", "avx512")
N_THREADS = (1, 2, 7)


def _duplicated(X: Array) -> None:
    X[1::2] = X[: len(X) - 1 : 2]


def _zero_rows(X: Array) -> None:
    X[::3] = 0.0


def _constant_rows(X: Array) -> None:
    X[::2] = 0.5
    X[1::4] = 0.1


def _huge_and_tiny(X: Array) -> None:
    X[::3] *= 1e160
    X[1::3] *= 1e-170


FAMILIES: dict[str, Callable[[Array], None]] = {
    "plain": lambda X: None,
    "duplicated rows": _duplicated,
    "zero rows": _zero_rows,
    "constant rows": _constant_rows,
    "huge and tiny rows": _huge_and_tiny,
}


def _strided(X: Array) -> Array:
    wide = np.zeros((2 * X.shape[0], 3 * X.shape[1]), dtype=X.dtype)
    wide[::2, ::3] = X
    return wide[::2, ::3]


LAYOUTS: dict[str, Callable[[Array], Array]] = {
    "C": np.ascontiguousarray,
    "F": np.asfortranarray,
    "strided": _strided,
    "backwards": lambda X: np.ascontiguousarray(X[::-1, ::-1])[::-1, ::-1],
    "float32": lambda X: np.clip(X, -1e30, 1e30).astype(np.float32),
    "integers": lambda X: np.clip(np.rint(3.0 * X), -(2**31), 2**31 - 1).astype(np.int64),
}


class Case(NamedTuple):
    """One distance computation."""

    n_samples: int
    n_features: int
    metric: str
    family: str
    layout: str
    level: str
    n_threads: int

    def matrix(self) -> Array:
        """The rows, the same for equal shapes, families and layouts."""
        rng = np.random.default_rng([self.n_samples, self.n_features])
        X = rng.standard_normal((self.n_samples, self.n_features))
        FAMILIES[self.family](X)
        return LAYOUTS[self.layout](X)


FACTORS: tuple[tuple[Any, ...], ...] = (
    N_SAMPLES,
    N_FEATURES,
    METRICS,
    tuple(FAMILIES),
    tuple(LAYOUTS),
    LEVELS,
    N_THREADS,
)


def whole_product(n_samples: int, metric: str) -> Iterator[Case]:
    """Every combination with this many rows, those of one matrix one after the other."""
    for n_features, *rest in itertools.product(N_FEATURES, *FACTORS[3:]):
        yield Case(n_samples, n_features, metric, *rest)


def pairwise_cover(seed: int = 0) -> list[Case]:
    """Cases in which every pair of values of two factors occurs together.

    Every shape occurs once; the other factors are drawn, and what is still missing then is
    added.
    """
    rng = np.random.default_rng(seed)
    cases = [
        Case(n, d, *(values[rng.integers(len(values))] for values in FACTORS[2:]))
        for n, d in itertools.product(N_SAMPLES, N_FEATURES)
    ]
    cases.extend(_missing(cases))
    return cases


def covered_pairs(cases: list[Case]) -> set[tuple[int, Any, int, Any]]:
    """(factor, value, factor, value) of all pairs that occur together."""
    pairs = itertools.combinations(range(len(FACTORS)), 2)
    return {(f, case[f], g, case[g]) for f, g in pairs for case in cases}


def all_pairs() -> set[tuple[int, Any, int, Any]]:
    """What covered_pairs gives for the whole product."""
    return {
        (f, a, g, b)
        for f, g in itertools.combinations(range(len(FACTORS)), 2)
        for a, b in itertools.product(FACTORS[f], FACTORS[g])
    }


def _missing(cases: list[Case]) -> Iterator[Case]:
    base = [values[0] for values in FACTORS]
    for f, a, g, b in sorted(all_pairs() - covered_pairs(cases), key=repr):
        filled = list(base)
        filled[f], filled[g] = a, b
        yield Case(*filled)
