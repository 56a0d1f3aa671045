"""Names for the types of the public interface; imported by type checkers alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._result import StabilityResult

Matrix: TypeAlias = NDArray[Any]
FloatArray: TypeAlias = NDArray[np.float64]
IndexArray: TypeAlias = NDArray[np.int64]
CountArray: TypeAlias = NDArray[np.uint8]
MatrixLike: TypeAlias = ArrayLike
Seed: TypeAlias = (
    int
    | Sequence[int]
    | np.random.SeedSequence
    | np.random.BitGenerator
    | np.random.Generator
    | None
)

SplitMetric: TypeAlias = Literal["cosine", "correlation"]
RdmMetric: TypeAlias = Literal["cosine", "correlation", "euclidean"]
CorrelationMethod: TypeAlias = Literal["spearman", "pearson"]
NanPolicy: TypeAlias = Literal["raise", "omit", "propagate", "replace"]
ReturnType: TypeAlias = Literal["float", "result"]

Score: TypeAlias = float | dict[str, Any] | StabilityResult

__all__ = [
    "ArrayLike",
    "CorrelationMethod",
    "CountArray",
    "FloatArray",
    "IndexArray",
    "Matrix",
    "MatrixLike",
    "NanPolicy",
    "RdmMetric",
    "ReturnType",
    "Score",
    "Seed",
    "SplitMetric",
]
