"""Names for the types of the public interface; imported by type checkers alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._inputs.sliced import SlicedRows
from ._result import StabilityResult

Matrix: TypeAlias = NDArray[Any]
# Rows in memory, or elsewhere: both are indexed by slices and by row numbers.
Rows: TypeAlias = Matrix | SlicedRows
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

BoolArray: TypeAlias = NDArray[np.bool_]

PlanarMetric: TypeAlias = Literal["cosine", "euclidean"]
SplitMetric: TypeAlias = Literal["cosine", "correlation"]
RdmMetric: TypeAlias = Literal["cosine", "correlation", "euclidean"]
CorrelationMethod: TypeAlias = Literal["spearman", "pearson"]
RdmComparison: TypeAlias = Literal["spearman", "pearson", "cosine", "rho-a", "tau-a"]
SimilarityMeasure: TypeAlias = Literal[
    "cka", "cka_linear", "cka_debiased", "cka_unbiased", "procrustes", "rdm"
]
NanPolicy: TypeAlias = Literal["raise", "omit", "propagate", "replace"]
ReturnType: TypeAlias = Literal["float", "result"]
CoherenceMethod: TypeAlias = Literal["standard", "whitened", "knn"]
CoherenceMetric: TypeAlias = Literal["cosine", "euclidean"]
EffectMetric: TypeAlias = Literal["euclidean", "cohen"]
DiscordanceMethod: TypeAlias = Literal["linear", "rank", "loess"]

Score: TypeAlias = float | dict[str, Any] | StabilityResult

__all__ = [
    "ArrayLike",
    "BoolArray",
    "CoherenceMethod",
    "CoherenceMetric",
    "CorrelationMethod",
    "CountArray",
    "DiscordanceMethod",
    "EffectMetric",
    "FloatArray",
    "IndexArray",
    "Matrix",
    "MatrixLike",
    "NanPolicy",
    "PlanarMetric",
    "RdmComparison",
    "RdmMetric",
    "ReturnType",
    "Rows",
    "Score",
    "Seed",
    "SimilarityMeasure",
    "SplitMetric",
]
