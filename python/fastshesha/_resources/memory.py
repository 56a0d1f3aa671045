"""How much memory a computation may take beside its input and output."""

from __future__ import annotations

import sys

from fastshesha._config import current_settings


def work_memory(needed: int, what: str) -> int:
    """Bytes of work space allowed by the settings, of which ``needed`` are the least."""
    allowed = current_settings().memory
    if allowed is None:
        return sys.maxsize
    if needed > allowed:
        raise MemoryError(
            f"config(memory={allowed}) allows less than {what} takes: {needed} bytes; "
            "raise it, or use fewer samples"
        )
    return allowed
