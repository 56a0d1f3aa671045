"""The files of the shards of one computation, checked against each other and added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .checkpoints import share_text
from .ledger import Entry, restored
from .state_file import read_state_file


@dataclass(frozen=True)
class ShardFile:
    """What the file of a shard holds."""

    path: Path
    number: int
    n_shards: int
    is_finished: bool
    about: dict[str, Any]
    entries: list[Entry]

    @property
    def name(self) -> str:
        """How messages call it."""
        return f"{str(self.path)!r} (shard {self.number}/{self.n_shards})"


def merged_entries(paths: Sequence[Path], *, mixed: bool) -> tuple[dict[str, Any], list[Entry]]:
    """What the first file tells besides, and the passes of all shards together.

    Raises
    ------
    ValueError
        The files are not all shards of one computation, each once; the text says which and why.
    """
    if not paths:
        raise ValueError("there are no shards to merge")
    files = [_opened(path) for path in paths]
    first = files[0]
    for file in files[1:]:
        _require_same(first, file, mixed=mixed)
    _require_each_once(files)
    for file in files:
        if not file.is_finished:
            raise ValueError(f"{file.name} is not finished: run it again, and it goes on")
    return first.about, [_sum(entries) for entries in zip(*(f.entries for f in files), strict=True)]


def _opened(path: Path) -> ShardFile:
    header, arrays = read_state_file(path)
    if header["share"] is None:
        raise ValueError(f"{str(path)!r} is {share_text(None)}, not a shard")
    number, n_shards = header["share"]
    entries = restored(header["passes"], arrays)
    return ShardFile(path, number, n_shards, header["is_finished"], header["about"], entries)


def _require_same(first: ShardFile, file: ShardFile, *, mixed: bool) -> None:
    reason = None
    if file.n_shards != first.n_shards:
        reason = "the numbers of shards differ"
    elif len(file.entries) != len(first.entries) and first.is_finished and file.is_finished:
        reason = "the numbers of splits differ"
    for a, b in zip(first.entries, file.entries, strict=False):
        assert a.key is not None
        assert b.key is not None
        reason = reason or a.key.difference(b.key, mixed_kernels=mixed)
    if reason is not None:
        raise ValueError(f"{first.name} and {file.name} do not belong together: {reason}")


def _require_each_once(files: Sequence[ShardFile]) -> None:
    found: dict[int, ShardFile] = {}
    for file in files:
        if file.number in found:
            raise ValueError(f"{found[file.number].name} and {file.name} are the same shard")
        found[file.number] = file
    n_shards = files[0].n_shards
    missing = [str(number) for number in range(1, n_shards + 1) if number not in found]
    if missing:
        raise ValueError(f"of {n_shards} shards these are missing: {', '.join(missing)}")


def _sum(entries: Sequence[Entry]) -> Entry:
    total = Entry(entries[0].key, entries[0].n_tiles)
    for entry in entries:
        total.add_all(entry)
    return total
