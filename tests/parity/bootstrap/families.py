"""Matrices whose distances vary, tie, hardly vary, do not vary, or are not defined."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from fastshesha import _pair_bootstrap
from fastshesha._rdms import comparison
from fastshesha._splits import bootstrap, forms
from oracle.wire import Outcome, as_record, is_dataclass_instance, observe

Array = NDArray[np.float64]
Family = Callable[[np.random.Generator, int, int], Array]


def _normal(rng: np.random.Generator, n: int, d: int) -> Array:
    return rng.standard_normal((n, d))


def _duplicated(rng: np.random.Generator, n: int, d: int) -> Array:
    return rng.standard_normal((n, d))[rng.integers(0, max(2, n // 2), n)]


def _zero_rows(rng: np.random.Generator, n: int, d: int) -> Array:
    X = rng.standard_normal((n, d))
    X[rng.integers(0, n)] = 0.0
    X[rng.integers(0, n), : d - 1] = 0.0
    return X


def _one_hot(rng: np.random.Generator, n: int, d: int) -> Array:
    return np.eye(d)[rng.integers(0, d, n)]


def _nearly_constant(rng: np.random.Generator, n: int, d: int) -> Array:
    return 1.0 + 1e-6 * rng.standard_normal((n, d))


def _outlying_row(rng: np.random.Generator, n: int, d: int) -> Array:
    X = rng.standard_normal((n, d))
    X[0] *= 1e9
    return X


FAMILIES: dict[str, Family] = {
    "normal": _normal,
    "integers": lambda rng, n, d: rng.integers(-2, 3, (n, d)).astype(float),
    "binary": lambda rng, n, d: (rng.random((n, d)) < 0.4).astype(float),
    "duplicated rows": _duplicated,
    "two rows": lambda rng, n, d: rng.standard_normal((2, d))[rng.integers(0, 2, n)],
    "one row": lambda rng, n, d: np.tile(rng.standard_normal(d), (n, 1)),
    "constant": lambda rng, n, d: np.ones((n, d)),
    "one-hot": _one_hot,
    "zero rows": _zero_rows,
    "nearly constant": _nearly_constant,
    "outlying row": _outlying_row,
    "huge": lambda rng, n, d: 1e160 * rng.standard_normal((n, d)),
}
LAYOUTS: dict[str, Callable[[Array], Array]] = {
    "C": np.ascontiguousarray,
    "F": np.asfortranarray,
    "strided": lambda X: np.repeat(X, 2, axis=0)[::2],
    "float32": lambda X: X.astype(np.float32),
}


def matrix(family: str, n: int, d: int, seed: Iterable[int], layout: str = "C") -> Any:
    with np.errstate(over="ignore"):
        return LAYOUTS[layout](FAMILIES[family](np.random.default_rng(list(seed)), n, d))


def resampled(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Outcome:
    """What a call does when every replicate is computed from its resampled rows or distances."""

    def never(_: object) -> bool:
        return False

    with (
        patch.object(_pair_bootstrap, "can_be_weighed", never),
        patch.object(comparison, "can_be_weighed", never),
        patch.object(bootstrap, "can_be_weighed", never),
        patch.object(forms, "starts_anew", never),
    ):
        outcome = observe(function, args, kwargs)
    if is_dataclass_instance(outcome.value):
        return outcome._replace(value=as_record(outcome.value))
    return outcome
