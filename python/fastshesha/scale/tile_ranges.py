"""Tiles by their numbers, in ranges [first, last): which are done, and which come next."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

Range = tuple[int, int]


class TileRanges:
    """A set of tiles as disjoint ranges in rising order, as few as can be."""

    def __init__(self, ranges: Iterable[Range] = ()) -> None:
        self._ranges: list[Range] = []
        for first, last in ranges:
            self.add(first, last)

    def __iter__(self) -> Iterator[Range]:
        return iter(self._ranges)

    def __len__(self) -> int:
        """The number of tiles."""
        return sum(last - first for first, last in self._ranges)

    def add(self, first: int, last: int) -> None:
        """Add a range.

        Raises
        ------
        ValueError
            It is empty, or holds a tile that is there already.
        """
        if not 0 <= first < last:
            raise ValueError(f"[{first}, {last}) is no range of tiles")
        if any(first < end and begin < last for begin, end in self._ranges):
            raise ValueError(f"some of the tiles [{first}, {last}) are there already")
        merged: list[Range] = []
        for begin, end in sorted([*self._ranges, (first, last)]):
            if merged and merged[-1][1] == begin:
                merged[-1] = (merged[-1][0], end)
            else:
                merged.append((begin, end))
        self._ranges = merged

    def missing(self, first: int, last: int) -> list[Range]:
        """What of a range is not there."""
        gaps = []
        for begin, end in self._ranges:
            if first < min(begin, last):
                gaps.append((first, min(begin, last)))
            first = max(first, end)
        return [*gaps, (first, last)] if first < last else gaps


class TileQueue:
    """Tiles that are still to be given out."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        self._ranges = deque(ranges)

    def __len__(self) -> int:
        """The number of tiles."""
        return sum(last - first for first, last in self._ranges)

    def take(self, n_tiles: int) -> Range:
        """At most so many tiles that follow each other; there must be one."""
        first, last = self._ranges.popleft()
        middle = min(last, first + max(1, n_tiles))
        if middle < last:
            self._ranges.appendleft((middle, last))
        return first, middle

    def put_back(self, taken: Range) -> None:
        """Give out a range once more."""
        self._ranges.appendleft(taken)
