"""How much memory a computation may take beside its input and output."""

from __future__ import annotations

import sys

from fastshesha._config import current_settings

from .cgroup import memory_limit

# Less is far within the memory of any machine that computes it.
_WORTH_ASKING = 100_000_000
# Times what is needed. With so much room no bound is set: a bounded call keeps no memory for the
# next one.
_AMPLE = 8


def work_memory(needed: int, what: str) -> int:
    """Bytes of work space, of which ``needed`` are the least: those of the settings, or all."""
    allowed = current_settings().memory
    if allowed is None:
        limit = memory_limit() if needed > _WORTH_ASKING else None
        return sys.maxsize if limit is None or limit >= _AMPLE * needed else max(needed, limit)
    if needed > allowed:
        raise MemoryError(
            f"config(memory={allowed}) allows less than {what} takes: {needed} bytes; "
            "raise it, or use fewer samples"
        )
    return allowed
