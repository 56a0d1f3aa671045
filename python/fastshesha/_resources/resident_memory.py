"""How much memory of its own the process takes, as far as the system tells."""

from __future__ import annotations

import threading
from pathlib import Path

_STATUS = Path("/proc/self/status")
_SECONDS = 0.002


def anonymous_bytes() -> int | None:
    """Resident memory that is no page of a file."""
    if not _STATUS.exists():
        return None
    text = _STATUS.read_text(encoding="ascii", errors="replace")
    return 1024 * int(text.split("RssAnon:")[1].split()[0])


class AnonymousPeak:
    """The most such memory while a ``with`` block runs, beyond that before it."""

    def __enter__(self) -> AnonymousPeak:
        self.bytes: int | None = None
        self._before = anonymous_bytes()
        self._peak = self._before or 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        if self._before is not None:
            self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._done.wait(_SECONDS):
            self._peak = max(self._peak, anonymous_bytes() or 0)

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            self._done.set()
            self._thread.join()
            self.bytes = max(self._peak, anonymous_bytes() or 0) - self._before
