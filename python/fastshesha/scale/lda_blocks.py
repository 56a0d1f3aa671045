"""Stability of the discriminant of two classes from one pass over the rows for all resamples."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._row_blocks import float64_blocks
from fastshesha._supervised.discriminant import RIDGE, as_unit_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastshesha._typing import CountArray, FloatArray, IndexArray, Matrix
    from fastshesha._warnings import WarningTally

# Values of the covariances that are summed in one pass: 256 MiB.
_VALUES_PER_PASS = 1 << 25
Draws = tuple["IndexArray", ...]


def stability(
    X: Matrix, codes: IndexArray, draws: Iterable[Draws], size: int, tally: WarningTally
) -> float:
    """Mean absolute cosine of the direction of all rows with those of resamples.

    ``codes`` are 0 or 1; draws hold ``size`` rows of either class.
    """
    if size == 0:
        tally.undefined_number("lda_stability drew no samples: subsample_frac is too small")
        return math.nan
    troubles: list[str] = []
    with np.errstate(
        over="call", invalid="call", divide="call", call=lambda kind, _: troubles.append(kind)
    ):
        found = _directions(X, codes, draws)
        direction = next(found)
        if direction is None:
            return math.nan
        cosines = [abs(float(direction @ other)) for other in found if other is not None]
    if troubles:
        tally.undefined_number("Sums of squares overflow in lda_stability; scale X down")
    return float(np.mean(cosines)) if cosines else math.nan


def _directions(
    X: Matrix, codes: IndexArray, draws: Iterable[Draws]
) -> Iterator[FloatArray | None]:
    """The direction of all rows, then that of every resample; None where there is none."""
    origins = _class_means(X, codes)
    n_rows, n_features = X.shape
    resampled = (_multiplicities(drawn, n_rows) for drawn in draws)
    counts = chain([np.ones(n_rows, np.uint8)], resampled)
    step = max(1, _VALUES_PER_PASS // n_features**2)
    while together := list(islice(counts, step)):
        for scatter in _scatters(X, codes, origins, together):
            yield scatter.direction(origins)


def _multiplicities(draws: Draws, n_rows: int) -> CountArray | IndexArray:
    """How often every row was drawn, in the smallest type that holds it."""
    counts = np.bincount(np.concatenate(draws), minlength=n_rows)
    return counts.astype(np.uint8) if counts.max() < 256 else counts


def _class_means(X: Matrix, codes: IndexArray) -> FloatArray:
    """Means of both classes, shape (2, n_features)."""
    totals = np.zeros((2, X.shape[1]))
    for rows, block in float64_blocks(X):
        for code in (0, 1):
            totals[code] += block[codes[rows] == code].sum(axis=0)
    means: FloatArray = totals / np.bincount(codes, minlength=2)[:, np.newaxis]
    return means


@dataclass
class _Scatter:
    """Sums over drawn rows less the mean of their class among all rows."""

    n_rows: FloatArray
    totals: FloatArray
    products: FloatArray

    def direction(self, origins: FloatArray) -> FloatArray | None:
        """The discriminant as a unit vector; None where the covariance is singular."""
        offsets = self.totals / self.n_rows[:, np.newaxis]
        covariance = self.products - (offsets.T * self.n_rows) @ offsets
        covariance /= self.n_rows.sum()
        covariance.flat[:: len(covariance) + 1] += RIDGE
        means = origins + offsets
        try:
            direction = np.linalg.solve(covariance, means[1] - means[0])
        except np.linalg.LinAlgError:
            return None
        return as_unit_vectors(direction)


def _scatters(
    X: Matrix,
    codes: IndexArray,
    origins: FloatArray,
    counts: Sequence[CountArray | IndexArray],
) -> list[_Scatter]:
    n_features = X.shape[1]
    scatters = [
        _Scatter(np.zeros(2), np.zeros((2, n_features)), np.zeros((n_features, n_features)))
        for _ in counts
    ]
    for rows, block in float64_blocks(X):
        centred = block - origins[codes[rows]]
        for scatter, drawn in zip(scatters, counts, strict=True):
            _add(scatter, centred, codes[rows], drawn[rows])
    return scatters


def _add(
    scatter: _Scatter, centred: FloatArray, codes: IndexArray, drawn: CountArray | IndexArray
) -> None:
    """Add the drawn rows of a block."""
    used = np.flatnonzero(drawn)
    weights = drawn[used].astype(np.float64)
    some = centred[used]
    weighted = some * weights[:, np.newaxis]
    for code in (0, 1):
        of_class = codes[used] == code
        scatter.n_rows[code] += weights[of_class].sum()
        scatter.totals[code] += weighted[of_class].sum(axis=0)
    scatter.products += some.T @ weighted
