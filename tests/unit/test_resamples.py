"""Replicates as counts, in batches of bounded size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fastshesha import _resamples
from fastshesha._plan import starts_anew
from fastshesha._resamples import batches, can_be_weighed, row_counts


def test_counts_of_rows() -> None:
    counts = row_counts([np.array([0, 2, 2, 2]), np.array([3, 1, 0, 3])], 4)
    assert counts.dtype == np.uint8
    assert counts.tolist() == [[1, 0, 3, 0], [1, 1, 0, 2]]


def test_large_counts_are_cut_off() -> None:
    assert row_counts([np.zeros(700, dtype=np.int64)], 3).tolist() == [[255, 0, 0]]


@pytest.mark.parametrize("indices_per_count", [1, 8, 9, 1000])
def test_lines_counted_together(monkeypatch: pytest.MonkeyPatch, indices_per_count: int) -> None:
    monkeypatch.setattr(_resamples, "_INDICES_PER_COUNT", indices_per_count)
    batch = list(np.random.default_rng(0).integers(0, 4, (7, 4)))
    expected = [np.bincount(rows, minlength=4).tolist() for rows in batch]
    assert row_counts(batch, 4).tolist() == expected


@pytest.mark.parametrize(("limit", "sizes"), [(100, [7]), (12, [3, 3, 1]), (1, [1] * 7)])
def test_batches(monkeypatch: pytest.MonkeyPatch, limit: int, sizes: list[int]) -> None:
    monkeypatch.setattr(_resamples, "_INDICES_PER_BATCH", limit)
    replicates = [np.full(4, k) for k in range(7)]
    found = list(batches(iter(replicates), 4))
    assert [len(batch) for batch in found] == sizes
    drawn = [rows for batch in found for rows in batch]
    assert all(a is b for a, b in zip(drawn, replicates, strict=True))


def test_no_replicates_no_batch() -> None:
    assert list(batches([], 5)) == []


def test_up_to_two_to_the_25_pairs() -> None:
    assert can_be_weighed(8192)
    assert not can_be_weighed(8193)
    assert 8192 * 8191 // 2 <= 2**25 < 8193 * 8192 // 2


@pytest.mark.parametrize(
    ("seed", "expected"),
    [
        (5, True),
        (np.uint8(5), True),
        ([1, 2], True),
        (np.array([1, 2]), True),
        (np.random.SeedSequence(1), True),
        (None, False),
        (np.random.default_rng(1), False),
        (np.random.PCG64(1), False),
    ],
    ids=repr,
)
def test_which_seeds_start_anew(seed: Any, expected: bool) -> None:
    assert starts_anew(seed) is expected
