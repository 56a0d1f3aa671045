"""Random class labels of every kind that is, or is not, accepted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Generator = np.random.Generator
Codes = np.ndarray[Any, np.dtype[np.int64]]


def _with_nan(codes: Codes) -> Any:
    return np.where(codes == 0, np.nan, codes)


def _with_singleton(codes: Codes) -> Any:
    return np.where(np.arange(codes.size) == 0, 99, codes)


def _one_short(codes: Codes) -> Any:
    return codes[:-1]


VALID: dict[str, Callable[[Codes], Any]] = {
    "integers": lambda codes: codes,
    "int8": lambda codes: codes.astype(np.int8) - 2,
    "big_endian": lambda codes: codes.astype(">i4"),
    "large_integers": lambda codes: codes * 2**40,
    "huge_integers": lambda codes: codes + 2**60,
    "uint64": lambda codes: codes.astype(np.uint64) + np.uint64(2**63),
    "floats": lambda codes: codes / 3.0 - 1.0,
    "booleans": lambda codes: codes % 2 == 0,
    "list": lambda codes: codes.tolist(),
    "reversed": lambda codes: codes[::-1].copy()[::-1],
}

ODD: dict[str, Callable[[Codes], Any]] = {
    "strings": lambda codes: np.array(["ant", "bee", "cat", "dog", "elk"])[codes % 5],
    "list_of_strings": lambda codes: [f"class {code}" for code in codes],
    "numeric_strings": lambda codes: codes.astype(str),
    "bytes": lambda codes: codes.astype("S"),
    "objects": lambda codes: codes.astype(object),
    "mixed_objects": lambda codes: np.array([None, "a", 1.5] * codes.size)[: codes.size],
    "complex": lambda codes: codes + 1j,
    "dates": lambda codes: codes.astype("M8[D]"),
    "nan": _with_nan,
    "infinite": lambda codes: np.where(codes == 0, np.inf, codes),
    "one_class": lambda codes: np.zeros(codes.size, dtype=np.int64),
    "singleton": _with_singleton,
    "all_distinct": lambda codes: np.arange(codes.size),
    "one_short": _one_short,
    "column": lambda codes: codes.reshape(-1, 1),
    "scalar": lambda codes: 3,
    "none": lambda codes: None,
}


def draw_labels(rng: Generator, n: int) -> tuple[Any, set[str]]:
    """Labels for ``n`` rows in two to five classes, and the traits they were drawn with."""
    codes = rng.permutation(np.arange(n) % rng.integers(2, 6))
    kinds = VALID if rng.random() < 0.75 else ODD
    kind = str(rng.choice(list(kinds)))
    return kinds[kind](codes), {f"labels={kind}"}


def draw_two_classes(rng: Generator, n: int) -> tuple[Any, set[str]]:
    """Labels in two classes, of every kind; in one case out of ten in as many as it happens."""
    if rng.random() < 0.1:
        return draw_labels(rng, n)
    codes = rng.permutation(np.arange(n) % 2)
    kinds = VALID if rng.random() < 0.75 else ODD
    kind = str(rng.choice(list(kinds)))
    return kinds[kind](codes), {f"labels={kind}"}
