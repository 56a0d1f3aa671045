"""Blocks of a matrix as float64, scaled so that no square overflows or vanishes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._rows import as_rows

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, Matrix, MatrixLike

# 4 MiB of float64: large enough for the matrix product, small beside the matrix.
_VALUES_PER_BLOCK = 1 << 19


@dataclass(frozen=True)
class ScaledRows:
    """A matrix that is read in blocks, each value divided by ``scale``, a power of two."""

    rows: Matrix
    scale: float

    @property
    def n_samples(self) -> int:
        return int(self.rows.shape[0])

    @property
    def n_features(self) -> int:
        return int(self.rows.shape[1])

    def row_blocks(self) -> Iterator[FloatArray]:
        """All rows in order, a few at a time."""
        step = max(1, _VALUES_PER_BLOCK // self.n_features)
        for start in range(0, self.n_samples, step):
            yield self._scaled(self.rows[start : start + step])

    def column_blocks(self) -> Iterator[FloatArray]:
        """All columns in order, a few at a time."""
        step = max(1, _VALUES_PER_BLOCK // self.n_samples)
        for start in range(0, self.n_features, step):
            yield self._scaled(self.rows[:, start : start + step])

    def _scaled(self, block: Matrix) -> FloatArray:
        scaled: FloatArray = block.astype(np.float64)
        scaled /= self.scale
        return scaled


def scaled_rows(X: MatrixLike, minimum_samples: int) -> ScaledRows:
    """Read ``X`` as a finite matrix with at least ``minimum_samples`` rows and one feature.

    Raises
    ------
    ValueError
        What :func:`as_rows` refuses, and matrices that are too small.
    """
    rows = as_rows(X, "X")
    n_samples, n_features = rows.shape
    if n_samples < minimum_samples or n_features < 1:
        raise ValueError(
            f"X must have at least {minimum_samples} rows and 1 feature, got shape {rows.shape}"
        )
    largest = max(float(rows.max()), -float(rows.min()))
    scale = math.ldexp(1.0, math.frexp(largest)[1] - 1) if largest > 0.0 else 1.0
    return ScaledRows(rows, scale)
