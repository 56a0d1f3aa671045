"""Tiles that are pairs (i, j) of blocks of rows, i <= j, numbered row of blocks after row."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def count_square_tiles(n_blocks: int) -> int:
    """Pairs of blocks, those of a block with itself among them."""
    return n_blocks * (n_blocks + 1) // 2


def square_tiles(n_blocks: int, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The blocks of tiles ``first`` to ``last`` (exclusive)."""
    i, before = 0, 0
    while i < n_blocks and before + n_blocks - i <= first:
        before += n_blocks - i
        i += 1
    j = i + first - before
    for _ in range(first, last):
        yield i, j
        i, j = (i, j + 1) if j + 1 < n_blocks else (i + 1, i + 1)
