"""Which tiles of which passes of a run are done, and what they came to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from .pass_key import PassKey, pass_key
from .tile_ranges import Range, TileRanges

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray

    from .tile_jobs import Job

State: TypeAlias = "IndexArray | tuple[int, ...]"


@dataclass
class Entry:
    """One pass: its key, where that matters, the tiles that are done, the sum of their states."""

    key: PassKey | None
    n_tiles: int
    done: TileRanges = field(default_factory=TileRanges)
    state: State | None = None

    def add(self, tiles: Range, state: State) -> None:
        """Add what some tiles came to."""
        self.state = state if self.state is None else added(self.state, state)
        self.done.add(*tiles)

    def add_all(self, other: Entry) -> None:
        """Add another part of the pass."""
        if other.state is not None:
            self.state = other.state if self.state is None else added(self.state, other.state)
        for tiles in other.done:
            self.done.add(*tiles)


def added(a: State, b: State) -> State:
    """The sum of two states of one pass.

    Raises
    ------
    ValueError
        They have different shapes.
    """
    if isinstance(a, tuple) or isinstance(b, tuple):
        return tuple(int(x) + int(y) for x, y in zip(a, b, strict=True))
    if a.shape != b.shape:
        raise ValueError(f"states of shapes {a.shape} and {b.shape} cannot be added")
    return a + b


class Ledger:
    """The passes of a run in their order; here, of one that keeps nothing of them.

    Attributes
    ----------
    is_partial : bool
        Whether passes come to no result here, because other tiles are run elsewhere.
    seconds_per_job : float
        How long it is to wait for tiles to be noted.
    """

    is_partial: bool = False
    seconds_per_job: float = 4.0

    def begin(self, job: Job) -> Entry:
        """The entry of a pass that begins, or goes on."""
        return Entry(None, job.last_tile - job.first_tile)

    def share(self, entry: Entry) -> Range:
        """The tiles that are run here."""
        return 0, entry.n_tiles

    def noted(self) -> None:
        """Take notice of tiles that were added to an entry."""

    def leave(self) -> None:
        """Take notice that a pass has ended or was broken off."""


class KeptLedger(Ledger):
    """Keeps what passes came to; some of it may be known from before."""

    def __init__(self, subject: str, known: Iterable[Entry] = (), *, mixed: bool = False) -> None:
        self._subject = subject
        self._mixed_kernels = mixed
        self.entries = list(known)
        self._unclaimed = list(self.entries)

    def begin(self, job: Job) -> Entry:
        """The entry that is known of the pass, or a new one.

        Raises
        ------
        ValueError
            What is known are passes of this kind, but none of them is this one.
        """
        key = pass_key(job)
        for entry in self.entries:
            if self._difference(entry, key) is None:
                self._unclaimed = [other for other in self._unclaimed if other is not entry]
                return entry
        strange = [e for e in self._unclaimed if e.key is not None and e.key.kind == key.kind]
        if strange:
            reason = self._difference(strange[0], key)
            raise ValueError(f"{self._subject} belongs to another computation: {reason}")
        self.entries.append(Entry(key, key.n_tiles))
        return self.entries[-1]

    def _difference(self, entry: Entry, key: PassKey) -> str | None:
        assert entry.key is not None
        return entry.key.difference(key, mixed_kernels=self._mixed_kernels)


def described(entries: Sequence[Entry]) -> tuple[list[dict[str, Any]], list[IndexArray]]:
    """Entries as what JSON holds, and the arrays that go beside it."""
    told, arrays = [], []
    for entry in entries:
        assert entry.key is not None
        numbers = list(entry.state) if isinstance(entry.state, tuple) else None
        if isinstance(entry.state, np.ndarray):
            arrays.append(entry.state)
        told.append({"key": asdict(entry.key), "done": list(entry.done), "numbers": numbers})
    return told, arrays


def restored(told: Sequence[dict[str, Any]], arrays: Iterable[IndexArray]) -> list[Entry]:
    """Entries from what :func:`described` made of them."""
    entries, left = [], iter(arrays)
    for one in told:
        key = PassKey(**one["key"])
        entry = Entry(key, key.n_tiles, TileRanges(map(tuple, one["done"])))
        if one["numbers"] is not None:
            entry.state = tuple(one["numbers"])
        elif len(entry.done):
            entry.state = next(left)
        entries.append(entry)
    return entries
