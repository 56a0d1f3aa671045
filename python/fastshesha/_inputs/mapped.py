"""Arrays inside mapped files, whose pages are gone when the file gets shorter."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from fastshesha._typing import Matrix


def owner_of(matrix: Matrix) -> Matrix:
    """The array that a view is one of."""
    owner = matrix
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    return owner


def require_whole(matrix: Matrix, name: str) -> None:
    """Refuse an array whose file has become shorter: reading beyond its end ends the process.

    Raises
    ------
    ValueError
        The file ends before the mapping does.
    """
    owner = owner_of(matrix)
    mapping: Any = owner.base
    if not isinstance(owner, np.memmap) or not isinstance(mapping, mmap.mmap):
        return
    n_bytes, needed = mapping.size(), owner.offset + owner.nbytes
    if n_bytes < needed:
        raise ValueError(
            f"{name} is mapped from {str(owner.filename)!r}, which has become shorter: it holds "
            f"{n_bytes} of {needed} bytes"
        )
