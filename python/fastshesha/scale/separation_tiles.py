"""Class separation by Euclidean distances of more pairs than the exact limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._supervised.pair_sums import Sums, lie_far_off

from .exact_sums import as_fractions
from .row_source import RowSource
from .running import run_tiles
from .separation_jobs import SeparationStream, whole_of_separation

if TYPE_CHECKING:
    from fastshesha._typing import CountArray, FloatArray, IndexArray, Matrix


def euclidean_sums(X: Matrix, codes: IndexArray, subsets: Sequence[IndexArray]) -> Sums:
    """Sums over the pairs of every subset, given by its rows; codes of -1 are in no class.

    Ones where only a part of the pairs is run here.
    """
    order, members = _members(codes, subsets)
    n_within, n_between = _numbers(codes, subsets)
    if not order.size:
        return Sums(n_within, n_between, n_within, n_between)
    stream = SeparationStream(RowSource(X), order, codes[order], members, lie_far_off(X))
    state = run_tiles(whole_of_separation(stream))
    if state is None:
        return Sums(*(np.ones(len(subsets)) for _ in range(4)))
    sums = _as_floats(tuple(map(int, state))).reshape(2, len(subsets))
    return Sums(sums[0], sums[1], n_within, n_between)


def _members(codes: IndexArray, subsets: Sequence[IndexArray]) -> tuple[IndexArray, CountArray]:
    """Rows of classes and subsets in the order of their classes, and who is in which subset."""
    occurs = np.zeros(codes.size, np.bool_)
    for subset in subsets:
        occurs[subset] = True
    rows = np.flatnonzero(occurs & (codes >= 0))
    order = rows[np.argsort(codes[rows], kind="stable")]
    members = np.empty((order.size, len(subsets)), np.uint8)
    for column, subset in enumerate(subsets):
        occurs[:] = False
        occurs[subset] = True
        members[:, column] = occurs[order]
    return order, members


def _numbers(codes: IndexArray, subsets: Sequence[IndexArray]) -> tuple[FloatArray, FloatArray]:
    """Pairs within classes in every subset, and pairs between."""
    sizes = [
        np.bincount(codes[subset][codes[subset] >= 0]).astype(np.float64) for subset in subsets
    ]
    n_within = np.array([(size * (size - 1.0)).sum() / 2.0 for size in sizes])
    n_rows = np.array([size.sum() for size in sizes])
    return n_within, n_rows * (n_rows - 1.0) / 2.0 - n_within


def _as_floats(state: tuple[int, ...]) -> FloatArray:
    """Sums from exact integers and from the numbers of tiles in which they are infinite."""
    half = len(state) // 2
    sums = np.array([float(total) for total in as_fractions(state[:half])])
    sums[np.array(state[half:]) > 0] = np.inf
    return sums
