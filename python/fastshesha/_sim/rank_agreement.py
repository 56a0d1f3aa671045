"""Agreement of two orders in exact integers: products of ranks, and pairs in reversed order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastshesha._correlate import ranks_within_rows

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray

_LARGEST = 2**63 - 1


def centred_ranks(values: FloatArray) -> IndexArray:
    """Average ranks of every row less their mean, doubled, which makes them integers.

    Parameters
    ----------
    values : ndarray of finite float64, shape (n_rows, n_values)
    """
    ranks = ranks_within_rows(values, np.ones(values.shape, dtype=np.bool_))
    centred: IndexArray = (2.0 * ranks).astype(np.int64) - (values.shape[1] + 1)
    return centred


def integer_product(a: IndexArray, b: IndexArray) -> int:
    """Inner product of centred ranks, which stay below their number, without rounding."""
    step = max(1, _LARGEST // max(1, a.size**2))
    starts = range(0, a.size, step)
    return sum(int(a[start : start + step] @ b[start : start + step]) for start in starts)


def concordance(a: IndexArray, b: IndexArray) -> int:
    """Pairs that two lists of centred ranks order alike, less those they order in opposite ways.

    Ties count for neither. Sorted by ``a``, ties of it by ``b``, the pairs in opposite order
    are the inversions of ``b``: Knight, "A computer method for calculating Kendall's tau with
    ungrouped data", JASA 61, 1966.
    """
    n = a.size
    # Two ranks in one number, whose order is that of both and whose remainder is the second.
    joint = np.sort((a + n) * (2 * n) + (b + n))
    second = joint % (2 * n)
    # Ties of the second in rising order of position: equal values are no inversion.
    permutation = np.sort(second * n + np.arange(n)) % n
    tied_in_both = _tied_pairs(np.cumsum(np.diff(joint, prepend=0) != 0))
    tied_in_any = _tied_pairs(a + n) + _tied_pairs(b + n) - tied_in_both
    return n * (n - 1) // 2 - tied_in_any - 2 * inversions(permutation)


def _tied_pairs(codes: IndexArray) -> int:
    sizes = np.bincount(codes)
    return int((sizes * (sizes - 1) // 2).sum())


def inversions(permutation: IndexArray) -> int:
    """Pairs in falling order, for a permutation of 0, 1, ..., n - 1; O(n log n).

    Two entries that first differ in some binary digit are inverted if the one with the digit set
    comes first. Digit by digit, from the highest, the entries that agree in all higher digits lie
    together in their original order; padded to a power of two, half of them have the digit set.
    """
    n = permutation.size
    width = 1 << max(0, n - 1).bit_length()
    entries = np.concatenate([permutation, np.arange(n, width)])
    if width <= 1 << 31:
        entries = entries.astype(np.int32)
    total = 0
    while width > 1:
        half = width // 2
        is_set = (entries & half) != 0
        lower = np.flatnonzero(~is_set)
        n_groups = entries.size // width
        # Position less number among its like: the entries with the digit set that come before,
        # among them all of the groups before, `half` in each.
        total += int(lower.sum()) - lower.size * (lower.size - 1) // 2
        total -= half * half * (n_groups * (n_groups - 1) // 2)
        parts = (entries[lower], entries[np.flatnonzero(is_set)])
        entries = np.concatenate([part.reshape(-1, half) for part in parts], axis=1).ravel()
        width = half
    return total
