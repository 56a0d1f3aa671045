"""bfloat16, which numpy does not know: two bytes, the upper half of a float32."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fastshesha._typing import Matrix

# Bytes without a meaning, so that no arithmetic mistakes the bits for numbers. The compiled core
# reads them as bfloat16.
BITS = np.dtype("V2")


def as_bits(array: Matrix) -> Matrix:
    """The same memory as bits."""
    return array.view(BITS)


def is_bits(array: Matrix) -> bool:
    """Whether an array holds bits of bfloat16."""
    return array.dtype == BITS


def is_bfloat16(dtype: object) -> bool:
    """Whether a dtype of numpy is that which the package ml_dtypes adds."""
    return getattr(dtype, "name", None) == "bfloat16"


def as_float32(bits: Matrix) -> Matrix:
    """The values as float32, which holds all of them exactly."""
    return np.left_shift(bits.view(np.uint16), 16, dtype=np.uint32).view(np.float32)
