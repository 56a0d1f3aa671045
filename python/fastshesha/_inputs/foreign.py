"""Arrays of other libraries in the memory where they lie."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from .arrow import arrow_rows, is_arrow
from .bfloat16 import as_bits
from .conversion import to_numpy
from .sliced import SlicedRows, is_sliced

if TYPE_CHECKING:
    from fastshesha._typing import Matrix

# Devices of DLPack whose memory the processor reads: its own, and pages pinned for a GPU.
_HOST_MEMORY = (1, 3, 11)
_NOT_EXPORTED = (BufferError, TypeError, ValueError, RuntimeError, AttributeError)


def readable(value: object, name: str) -> Matrix | SlicedRows:
    """What numpy can see of a value: an array without a copy, or rows read a slice at a time.

    Arrays come first, then DLPack on the processor, Arrow columns, what is read in slices, and
    ``__array__``; anything else is copied as float64.
    """
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    if isinstance(value, SlicedRows):
        return value
    if is_arrow(value):
        return _sliced_if_stacked(arrow_rows(value, name), name)
    shared = _from_dlpack(value)
    if shared is not None:
        return shared
    if is_sliced(value):
        return SlicedRows(value, name)
    return to_numpy(value, name, None if hasattr(value, "__array__") else np.float64)


def _sliced_if_stacked(rows: Any, name: str) -> Matrix | SlicedRows:
    return rows if isinstance(rows, np.ndarray) else SlicedRows(rows, name)


def _from_dlpack(value: Any) -> Matrix | None:
    """The memory of a tensor, or None where it is not offered or not of this processor."""
    if not (hasattr(value, "__dlpack__") and hasattr(value, "__dlpack_device__")):
        return None
    try:
        if int(value.__dlpack_device__()[0]) not in _HOST_MEMORY:
            return None
        if getattr(value, "requires_grad", False):
            value = value.detach()
        library, _, dtype = str(value.dtype).rpartition(".")
        if dtype != "bfloat16":
            return np.asarray(np.from_dlpack(value))
        # The bits travel as integers of their size, for DLPack knows bfloat16 and numpy does not.
        integers = value.view(sys.modules[library].int16)
        return as_bits(np.from_dlpack(integers))
    except (*_NOT_EXPORTED, KeyError):
        return None
