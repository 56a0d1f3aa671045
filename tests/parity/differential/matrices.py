"""Random embedding matrices: what they hold, of which type they are, how they lie in memory."""

from __future__ import annotations

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any

import numpy as np

Generator = np.random.Generator
Matrix = np.ndarray[Any, np.dtype[Any]]


def _gaussian(rng: Generator, n: int, d: int) -> Matrix:
    return rng.standard_normal((n, d))


def _low_rank(rng: Generator, n: int, d: int) -> Matrix:
    return rng.standard_normal((n, 2)) @ rng.standard_normal((2, d))


def _integers(rng: Generator, n: int, d: int) -> Matrix:
    return rng.integers(-2, 3, (n, d)).astype(np.float64)


def _binary(rng: Generator, n: int, d: int) -> Matrix:
    return (rng.random((n, d)) < 0.1).astype(np.float64)


def _duplicated_rows(rng: Generator, n: int, d: int) -> Matrix:
    return rng.standard_normal((3, d))[rng.integers(0, 3, n)]


def _equal_rows(rng: Generator, n: int, d: int) -> Matrix:
    return np.repeat(rng.standard_normal((1, d)), n, axis=0)


def _zero_rows(rng: Generator, n: int, d: int) -> Matrix:
    X = rng.standard_normal((n, d))
    X[rng.random(n) < 0.2] = 0.0
    return X


def _zero_patches(rng: Generator, n: int, d: int) -> Matrix:
    return np.maximum(rng.standard_normal((n, d)) - 1.0, 0.0)


def _constant_rows(rng: Generator, n: int, d: int) -> Matrix:
    X = rng.standard_normal((n, d))
    X[rng.random(n) < 0.3] = rng.choice([0.1, 0.5, 3.0])
    return X


def _constant_columns(rng: Generator, n: int, d: int) -> Matrix:
    X = rng.standard_normal((n, d))
    X[:, rng.random(d) < 0.5] = rng.choice([0.0, 0.1, 7.0])
    return X


def _scaled(rng: Generator, n: int, d: int) -> Matrix:
    exponent = int(rng.choice([-170, -150, -90, -13, 60, 150, 160]))
    return rng.standard_normal((n, d)) * 10.0**exponent


def _offset(rng: Generator, n: int, d: int) -> Matrix:
    return rng.standard_normal((n, d)) + 1e6


def _outlier(rng: Generator, n: int, d: int) -> Matrix:
    X = rng.standard_normal((n, d))
    X[: min(n, 1)] *= 1e12
    return X


def _negative_zeros(rng: Generator, n: int, d: int) -> Matrix:
    return rng.choice([-0.0, 0.0, 1.0, -1.0], (n, d))


FAMILIES: dict[str, Callable[[Generator, int, int], Matrix]] = {
    "gaussian": _gaussian,
    "low_rank": _low_rank,
    "integers": _integers,
    "binary": _binary,
    "duplicated_rows": _duplicated_rows,
    "equal_rows": _equal_rows,
    "zero_rows": _zero_rows,
    "zero_patches": _zero_patches,
    "constant_rows": _constant_rows,
    "constant_columns": _constant_columns,
    "scaled": _scaled,
    "offset": _offset,
    "outlier": _outlier,
    "negative_zeros": _negative_zeros,
}

# Half of all matrices are float64, the rest is spread over the other types.
DTYPES = ("<f4", "<f2", ">f8", ">f4", "i1", "<i4", "<i8", "u1", "<u8", "?", "g")


def _with_gaps(X: Matrix) -> Matrix:
    holder = np.zeros((2 * X.shape[0] + 1, 3 * X.shape[1] + 1), dtype=X.dtype)
    view = holder[1::2, 1::3]
    view[...] = X
    return view


def _unaligned(X: Matrix) -> Matrix:
    holder = np.zeros(X.nbytes + 1, dtype=np.uint8)
    view = np.ndarray(X.shape, X.dtype, holder.data, 1)
    view[...] = X
    return view


def _read_only(X: Matrix) -> Matrix:
    X = X.copy()
    X.flags.writeable = False
    return X


def _on_disk(X: Matrix) -> Matrix:
    """A file that the operating system removes with the last use of the array."""
    if X.size == 0:
        return X
    with TemporaryFile() as file:
        mapped = np.memmap(file, X.dtype, "w+", shape=X.shape)
    mapped[...] = X
    return mapped


LAYOUTS: dict[str, Callable[[Matrix], Matrix]] = {
    "c": np.ascontiguousarray,
    "f": np.asfortranarray,
    "gaps": _with_gaps,
    "rows_reversed": lambda X: X[::-1].copy()[::-1],
    "columns_reversed": lambda X: X[:, ::-1].copy()[:, ::-1],
    "f_reversed": lambda X: np.asfortranarray(X[::-1, ::-1])[::-1, ::-1],
    "unaligned": _unaligned,
    "read_only": _read_only,
    "on_disk": _on_disk,
}


def draw_shape(rng: Generator) -> tuple[int, int]:
    """Mostly small matrices, some too small for a score, a few larger ones."""
    n = int(rng.integers(0, 4) if rng.random() < 0.05 else rng.integers(4, 41))
    d = int(rng.integers(0, 4) if rng.random() < 0.05 else rng.integers(4, 33))
    if rng.random() < 0.03:
        n, d = int(rng.integers(60, 150)), int(rng.integers(60, 200))
    return n, d


def draw_any_shape(rng: Generator) -> tuple[int, int]:
    """As `draw_shape`, with few samples or few features more often."""
    n, d = draw_shape(rng)
    if rng.random() < 0.08:
        n = int(rng.integers(0, 6))
    if rng.random() < 0.25:
        d = int(rng.integers(1, 5))
    return n, d


def draw_matrix(rng: Generator, n: int, d: int) -> tuple[Matrix, set[str]]:
    """A matrix of the given shape, and the traits it was drawn with."""
    family = str(rng.choice(list(FAMILIES)))
    layout = str(rng.choice(list(LAYOUTS)))
    dtype = "<f8" if rng.random() < 0.5 else str(rng.choice(DTYPES))
    X = FAMILIES[family](rng, n, d)
    if np.dtype(dtype).kind in "iu":
        X = np.abs(np.round(3 * X))
    with np.errstate(all="ignore"):
        X = X.astype(dtype)
    return LAYOUTS[layout](X), {f"family={family}", f"layout={layout}", f"dtype={dtype}"}
