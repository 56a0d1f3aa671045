"""Arguments that are no embedding matrix, or only just."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Matrix = np.ndarray[Any, np.dtype[Any]]


def _with_value(X: Matrix, value: float) -> Matrix:
    X = X.copy()
    X.flat[-1:] = value
    return X


HOSTILE: dict[str, Callable[[Matrix], Any]] = {
    "nan": lambda X: _with_value(X, np.nan),
    "inf": lambda X: _with_value(X, -np.inf),
    "float32_nan": lambda X: _with_value(X, np.nan).astype(np.float32),
    "float16_inf": lambda X: _with_value(X, np.inf).astype(np.float16),
    "one_dimension": lambda X: X.ravel(),
    "three_dimensions": lambda X: X[:, :, np.newaxis],
    "scalar": lambda X: 1.5,
    "none": lambda X: None,
    "text": lambda X: "embeddings.npy",
    "mapping": lambda X: {"X": 1},
    "nested_tuples": lambda X: tuple(map(tuple, X.tolist())),
    "nested_lists": lambda X: X.tolist(),
    "empty_list": lambda X: [],
    "ragged": lambda X: ((1.0, 2.0), (3.0,)),
    "objects": lambda X: X.astype(object),
    "mixed_objects": lambda X: np.array([[1.0, None], ["a", 2.0]], dtype=object),
    "numeric_strings": lambda X: X.astype(str),
    "strings": lambda X: np.array([["a", "b"], ["c", "d"]]),
    "complex": lambda X: X + 1j,
    "masked": lambda X: np.ma.masked_greater(X, 1.0),
    "matrix": lambda X: X.view(np.matrix),
    "dates": lambda X: X.astype("i8").astype("M8[D]"),
}


def make_hostile(kind: str, X: Matrix) -> Any:
    """``X`` made into the given kind of argument."""
    return HOSTILE[kind](X)
