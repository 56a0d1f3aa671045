"""Amounts of memory as users write them."""

from __future__ import annotations

import re

import numpy as np

_UNITS = {
    "B": 1,
    **{f"{prefix}B": 1000**power for power, prefix in enumerate("kMGT", start=1)},
    **{f"{prefix}iB": 1024**power for power, prefix in enumerate("KMGT", start=1)},
}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*([kKMGT]?i?B)")


def checked_bytes(value: object, name: str) -> int:
    """A number of bytes, 1 at least, from an integer or a text like "512MiB"."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 1:
        return int(value)
    written = _WRITTEN.fullmatch(value.strip()) if isinstance(value, str) else None
    if written is not None and written[2] in _UNITS:
        n_bytes = int(float(written[1]) * _UNITS[written[2]])
        if n_bytes >= 1:
            return n_bytes
    raise ValueError(
        f"{name} must be a positive number of bytes or a text like '512MiB' or '4GB', got {value!r}"
    )
