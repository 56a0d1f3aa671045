"""Sums of cosine distances within and between classes from sums of unit rows alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from fastshesha import _kernels

from .pair_sums import PairSums, Sums

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray, Matrix

# The closed form errs by some roundings of 1 a pair; smaller means are summed pair by pair.
_SMALLEST_MEAN = 0.05
_LARGEST_NORM_ERROR = 1e-9
# Sums of classes that are held at a time: 32 MiB.
_MOST_SUMS = 1 << 22


class CosineSums:
    r"""What PairSums gives for cosine distances, in O(n d) for a subset instead of O(n^2).

    With weights w, unit rows u and the class sums :math:`S_c = \sum_{i \in c} w_i u_i`,
    :math:`N_c = \sum_{i \in c} w_i`, the distances within class c add up to
    :math:`(N_c^2 - |S_c|^2) / 2`, those between c and c' to :math:`N_c N_{c'} - S_c \cdot S_{c'}`.
    """

    def __init__(self, rows: Matrix, codes: IndexArray) -> None:
        in_class = np.flatnonzero(codes >= 0)
        self._order = in_class[np.argsort(codes[in_class], kind="stable")]
        starts = np.flatnonzero(np.diff(codes[self._order], prepend=-1))
        self._starts, self._ends = starts, np.append(starts[1:], len(self._order))
        squares = _dots(rows, rows)[in_class]
        self._all_have_direction = bool((np.abs(squares - 1.0) <= _LARGEST_NORM_ERROR).all())
        self._unsorted = rows, codes
        self._pairs: PairSums | None = None
        self._is_repeated = False

    def prepare_repeated(self) -> None:
        """Get ready for several calls, in which a row may occur more than once in a subset."""
        self._is_repeated = True

    def over(self, weights: FloatArray) -> Sums:
        """Sums over the subsets whose weights are the columns, shape (n_rows, n_subsets)."""
        if self._all_have_direction:
            sums = self._closed_form(weights[self._order])
            if well_conditioned(sums):
                return sums
        if self._pairs is None:
            self._pairs = PairSums(*self._unsorted, "cosine")
            if self._is_repeated:
                self._pairs.prepare_repeated()
        return self._pairs.over(weights)

    def _closed_form(self, weights: FloatArray) -> Sums:
        n_subsets = weights.shape[1]
        within, between = np.zeros(n_subsets), np.zeros(n_subsets)
        n_within, n_between = np.zeros(n_subsets), np.zeros(n_subsets)
        before, n_before = np.zeros((n_subsets, self._unsorted[0].shape[1])), np.zeros(n_subsets)
        for total, n_rows in self._class_totals(weights):
            within += (n_rows**2 - _dots(total, total)) / 2.0
            between += n_before * n_rows - _dots(before, total)
            n_within += n_rows * (n_rows - 1.0) / 2.0
            n_between += n_before * n_rows
            before += total
            n_before += n_rows
        return Sums(within, between, n_within, n_between)

    def _class_totals(self, weights: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Sum of the rows, and number, of each class in every subset."""
        rows = self._unsorted[0]
        at_once = max(1, _MOST_SUMS // (weights.shape[1] * rows.shape[1]))
        for first in range(0, len(self._ends), at_once):
            starts, ends = (at[first : first + at_once] for at in (self._starts, self._ends))
            part = slice(starts[0], ends[-1])
            totals = _kernels.class_sums(rows, self._order[part], ends - part.start, weights[part])
            sizes = np.add.reduceat(weights[part], starts - part.start, axis=0)
            yield from zip(totals, sizes, strict=True)


def _dots(left: FloatArray, right: FloatArray) -> FloatArray:
    products: FloatArray = np.einsum("ij,ij->i", left, right)
    return products


def well_conditioned(sums: Sums) -> bool:
    """Whether the distances are too large on average for roundings of 1 a pair to matter."""
    return bool(
        (sums.within >= _SMALLEST_MEAN * sums.n_within).all()
        and (sums.between >= _SMALLEST_MEAN * sums.n_between).all()
    )
