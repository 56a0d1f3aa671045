"""Class separation by cosine distances from sums over classes, a block of rows at a time.

With v_i = u_i - s for unit rows u_i and any s, a distance is |v_i - v_j|^2 / 2. So with the
number N, the sum S of v and the sum Q of |v|^2 over a set of rows, their distances add up to
(N Q - |S|^2) / 2. With s = 0 that takes one pass; where distances are small, a second pass about
the mean of the rows keeps their digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._row_blocks import float64_blocks
from fastshesha._rows import SMALLEST_NORM, unit_rows
from fastshesha._supervised.cosine_sums import well_conditioned
from fastshesha._supervised.pair_sums import Sums

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastshesha._typing import BoolArray, FloatArray, IndexArray, Matrix

_LARGEST_NORM_ERROR = 1e-9
# Values of the sums over the classes of subsets that are made in one pass: 128 MiB.
_VALUES_PER_PASS = 1 << 24


def cosine_sums(X: Matrix, codes: IndexArray, subsets: Iterable[IndexArray]) -> Sums:
    """Sums over the pairs of every subset, given by its rows; codes of -1 are in no class."""
    step = max(1, _VALUES_PER_PASS // ((int(codes.max()) + 1) * X.shape[1]))
    parts = [_sums_of_pass(X, codes, masks) for masks in _masks(subsets, X.shape[0], step)]
    return Sums(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _sums_of_pass(X: Matrix, codes: IndexArray, masks: BoolArray) -> Sums:
    about_zero = _about_zero(X, codes, masks)
    sums = about_zero.sums()
    return sums if well_conditioned(sums) else _about(about_zero.mean(), X, codes, masks).sums()


@dataclass
class _ClassSums:
    """Sums over the rows of every class in every subset.

    Attributes
    ----------
    totals : ndarray of shape (n_classes, n_subsets, n_features)
    squares, sizes : ndarray of shape (n_classes, n_subsets)
    n_undefined : ndarray of shape (n_subsets,)
        Rows without a direction.
    """

    totals: FloatArray
    squares: FloatArray
    sizes: FloatArray
    n_undefined: FloatArray

    @classmethod
    def zeros(cls, n_classes: int, n_subsets: int, n_features: int) -> _ClassSums:
        shape = (n_classes, n_subsets)
        totals = np.zeros((*shape, n_features))
        return cls(totals, np.zeros(shape), np.zeros(shape), np.zeros(n_subsets))

    def mean(self) -> FloatArray:
        """Mean of the rows of all classes and subsets."""
        mean: FloatArray = self.totals.sum(axis=(0, 1)) / self.sizes.sum()
        return mean

    def sums(self) -> Sums:
        """Distances within and between classes; NaN where one is undefined."""
        within, n_within = _pairs(self.totals, self.squares, self.sizes)
        every, n_every = _pairs(*(part.sum(axis=0) for part in self._parts()))
        total = within.sum(axis=0) + np.where(self.n_undefined > 0.0, np.nan, 0.0)
        return Sums(total, every - total, n_within.sum(axis=0), n_every - n_within.sum(axis=0))

    def _parts(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        return self.totals, self.squares, self.sizes


def _pairs(
    totals: FloatArray, squares: FloatArray, sizes: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Sum of the distances of all pairs of a set, and their number."""
    lengths = np.einsum("...j,...j->...", totals, totals)
    return (sizes * squares - lengths) / 2.0, sizes * (sizes - 1.0) / 2.0


def _masks(subsets: Iterable[IndexArray], n_rows: int, step: int) -> Iterator[BoolArray]:
    """Which rows are in which subset, shape (up to ``step``, n_rows)."""
    masks: list[BoolArray] = []
    for subset in subsets:
        mask = np.zeros(n_rows, np.bool_)
        mask[subset] = True
        masks.append(mask)
        if len(masks) == step:
            yield np.array(masks)
            masks = []
    if masks:
        yield np.array(masks)


def _about_zero(X: Matrix, codes: IndexArray, masks: BoolArray) -> _ClassSums:
    """Sums of unit rows, which are made by the weights of the rows alone."""
    sums = _ClassSums.zeros(int(codes.max()) + 1, len(masks), X.shape[1])
    for rows, block in float64_blocks(X):
        norms = np.sqrt(np.einsum("ij,ij->i", block, block))
        factors = 1.0 / np.maximum(norms, SMALLEST_NORM)
        _add(sums, block, codes[rows], masks[:, rows], factors, (norms * factors) ** 2)
    return sums


def _about(origin: FloatArray, X: Matrix, codes: IndexArray, masks: BoolArray) -> _ClassSums:
    """Sums of unit rows less an origin."""
    sums = _ClassSums.zeros(int(codes.max()) + 1, len(masks), X.shape[1])
    for rows, block in float64_blocks(X):
        unit = unit_rows(block)
        lengths = np.einsum("ij,ij->i", unit, unit)
        unit -= origin
        squares = np.einsum("ij,ij->i", unit, unit)
        factors = np.ones(lengths.size)
        _add(sums, unit, codes[rows], masks[:, rows], factors, squares, lengths)
    return sums


def _add(
    sums: _ClassSums,
    block: FloatArray,
    codes: IndexArray,
    masks: BoolArray,
    factors: FloatArray,
    squares: FloatArray,
    lengths: FloatArray | None = None,
) -> None:
    """Add a block of rows, times their factors, to the sums of their classes.

    ``lengths`` are squared lengths of unit rows, which those without a direction do not have.
    """
    labelled = np.flatnonzero(codes >= 0)
    order = labelled[np.argsort(codes[labelled], kind="stable")]
    ordered, weights = block[order], masks[:, order].astype(np.float64)
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    lengths = squares if lengths is None else lengths
    sums.n_undefined += weights @ (np.abs(lengths[order] - 1.0) > _LARGEST_NORM_ERROR)
    for start, stop in pairwise([*starts.tolist(), order.size]):
        code, members = codes[order[start]], slice(start, stop)
        sums.totals[code] += (weights[:, members] * factors[order[members]]) @ ordered[members]
        sums.squares[code] += weights[:, members] @ squares[order[members]]
        sums.sizes[code] += weights[:, members].sum(axis=1)
