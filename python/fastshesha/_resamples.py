"""Bootstrap replicates as counts, for the core that weighs pairs instead of resampling them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ._typing import CountArray, IndexArray

# 2^25 pairs; beyond, their order would take gigabytes.
_MOST_SAMPLES = 8192
# Row indices of the replicates that are counted together take at most 128 MiB.
_INDICES_PER_BATCH = 2**24
# Those that one call counts stay in the cache.
_INDICES_PER_COUNT = 2**15
_LARGEST_COUNT = 255


def can_be_weighed(n_samples: int) -> bool:
    """Whether replicates of so many samples can share one order of their pairs."""
    return n_samples <= _MOST_SAMPLES


def batches(replicates: Iterable[IndexArray], n_samples: int) -> Iterator[list[IndexArray]]:
    """The replicates in lists that are scored together."""
    remaining = iter(replicates)
    size = max(1, _INDICES_PER_BATCH // max(1, n_samples))
    while batch := list(islice(remaining, size)):
        yield batch


def row_counts(batch: list[IndexArray], n_samples: int) -> CountArray:
    """How often each replicate holds each row, one line for a replicate.

    Counts above 255 are cut off: the core leaves replicates with far smaller ones to others.
    """
    counts = np.empty((len(batch), n_samples), dtype=np.uint8)
    step = max(1, _INDICES_PER_COUNT // max(1, n_samples))
    for begin in range(0, len(batch), step):
        lines = counts[begin : begin + step]
        cells = np.array(batch[begin : begin + step])
        # Cells of one line after those of the other.
        cells += n_samples * np.arange(len(cells))[:, np.newaxis]
        found = np.bincount(cells.ravel(), minlength=lines.size).reshape(lines.shape)
        np.minimum(found, _LARGEST_COUNT, out=lines, casting="unsafe")
    return counts
