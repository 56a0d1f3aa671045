"""Runs that can be broken off at any moment and go on in another process."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastshesha import _log

from .ledger import KeptLedger, described, restored
from .path_lock import PathLock
from .state_file import read_state_file, write_state_file

if TYPE_CHECKING:
    from .ledger import Entry
    from .tile_ranges import Range

# Writing takes at most this share of the time.
_LARGEST_SHARE = 0.05
_JOBS_PER_INTERVAL = 4


class Checkpoint(KeptLedger):
    """Keeps the passes of a run in a file, which belongs to this object until it is closed.

    With a share (k, n) only the k-th of n parts of every pass is run here. ``about`` and
    ``is_finished`` go into the file as they are.
    """

    def __init__(
        self,
        path: Path,
        interval: float,
        *,
        share: tuple[int, int] | None = None,
        about: dict[str, Any] | None = None,
    ) -> None:
        self._path, self._interval, self._share = path, interval, share
        self._about = about or {}
        self._lock = PathLock(path)
        try:
            super().__init__(f"checkpoint {str(path)!r}", self._known())
        except BaseException:
            self._lock.release()
            raise
        self._is_saved = True
        self._last_saved = self._last_noted = time.monotonic()
        self._cost = 0.0
        self.is_finished = False
        self.is_partial = share is not None
        self.seconds_per_job = min(self.seconds_per_job, interval / _JOBS_PER_INTERVAL)

    def _known(self) -> list[Entry]:
        if not self._path.exists():
            return []
        header, arrays = read_state_file(self._path)
        if header["share"] != (None if self._share is None else list(self._share)):
            raise ValueError(
                f"{str(self._path)!r} holds {share_text(header['share'])}, "
                f"not {share_text(self._share)}; name another file"
            )
        entries = restored(header["passes"], arrays)
        _log.debug("%s: %d passes are known", self._path, len(entries))
        return entries

    def share(self, entry: Entry) -> Range:
        """The tiles that are run here."""
        number, n_shards = self._share or (1, 1)
        n_tiles = entry.n_tiles
        return n_tiles * (number - 1) // n_shards, n_tiles * number // n_shards

    def noted(self) -> None:
        """Write the file where waiting for the next tiles could lose more than the interval."""
        now = time.monotonic()
        self._is_saved = False
        since_last = now - self._last_noted
        self._last_noted = now
        if now + since_last - self._last_saved >= max(self._interval, self._cost / _LARGEST_SHARE):
            self.save()

    def leave(self) -> None:
        """Write the file if it lacks anything."""
        if not self._is_saved:
            self.save()

    def save(self) -> None:
        """Write the file.

        Raises
        ------
        OSError
            It cannot be written; what was written before stays.
        """
        started = time.monotonic()
        told, arrays = described(self.entries)
        share = None if self._share is None else list(self._share)
        header = {
            "share": share,
            "about": self._about,
            "is_finished": self.is_finished,
            "passes": told,
        }
        try:
            write_state_file(self._path, header, arrays)
        except OSError as error:
            text = f"the checkpoint cannot be written: {error.strerror}"
            raise OSError(error.errno, text, str(self._path)) from error
        self._is_saved = True
        self._last_saved = time.monotonic()
        self._cost = self._last_saved - started

    def close(self) -> None:
        """Give the file up."""
        self._lock.release()


def share_text(share: Any) -> str:
    """What a share is called in messages."""
    return "a checkpoint" if share is None else f"shard {share[0]}/{share[1]}"
