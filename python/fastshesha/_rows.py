"""What counts as an embedding matrix, and how its rows become float64."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from . import _kernels
from ._inputs.bfloat16 import as_bits, as_float32, is_bfloat16, is_bits
from ._inputs.conversion import to_numpy
from ._inputs.foreign import readable
from ._inputs.mapped import require_whole
from ._inputs.sliced import SlicedRows

if TYPE_CHECKING:
    from ._typing import FloatArray, IndexArray, Matrix, Rows

# Element types the compiled core reads as they lie: bool, integers, float16, float32, float64.
_READ_AS_THEY_LIE = frozenset("?bBhHiIlLqQefd")
_FLOATING = frozenset("efdV")
SMALLEST_NORM = 1e-12
_ROWS_PER_SEARCH = 4096
_BYTES_PER_CHECK = 256 * 2**20

_ADVICE = {
    1: "; a single sample is X[None, :], a single feature X[:, None]",
    3: "; only feature_split takes a batch of matrices, as a list",
}


def as_rows(
    X: object,
    name: str,
    *,
    advice: str | None = None,
    keeps_bfloat16: bool = False,
    is_checked_later: bool = False,
) -> Matrix:
    """Read ``X`` as a finite matrix with one row per sample, without a copy where possible.

    Parameters
    ----------
    X : array_like
        Shape (n_samples, n_features). Arrays of bool, integer, float16, float32 or float64
        elements keep their type, byte order and memory layout, tensors of other libraries in
        main memory too; what is read from files in slices is copied in its own type, and
        everything else becomes float64.
    name : str
        What error messages call the argument.
    advice : str, optional
        What to say after a wrong number of dimensions, instead of the general advice.
    keeps_bfloat16 : bool
        bfloat16 comes as its bits, for the compiled core and ``as_float64``, instead of as a
        copy in float32.
    is_checked_later : bool
        The caller does without ``require_finite``, or calls it.

    Raises
    ------
    ValueError
        Not two-dimensional, not numeric, or with NaN or infinite entries.
    TypeError
        Numpy cannot read it.
    MemoryError
        Rows outside memory that do not fit.
    """
    found = _checked(X, name, advice)
    rows = found.in_memory() if isinstance(found, SlicedRows) else found
    if is_checked_later:
        require_whole(rows, name)
    else:
        require_finite(rows, name)
    return as_float32(rows) if is_bits(rows) and not keeps_bfloat16 else rows


def as_source(X: object, name: str, *, advice: str | None = None) -> Rows:
    """Like ``as_rows`` for callers that need some of the rows: those in files stay there.

    All of them are checked, a block at a time. bfloat16 comes as its bits.
    """
    found = _checked(X, name, advice)
    if isinstance(found, SlicedRows):
        for rows in found.blocks():
            require_finite(found[rows], name, rows.start)
    else:
        require_finite(found, name)
    return found


def as_array(X: object, name: str) -> Matrix:
    """An array of any shape, unchecked; bfloat16 as a copy in float32."""
    found = readable(X, name)
    if isinstance(found, SlicedRows):
        # Only rows of vectors are read in slices.
        array = found.in_memory() if found.ndim == 2 else to_numpy(X, name)
    else:
        array = found
    return as_float32(array) if is_bits(array) and not isinstance(X, np.ndarray) else array


def chosen_rows(X: Rows, chosen: IndexArray | None) -> Matrix:
    """Some rows in memory, or all of them."""
    if chosen is not None:
        return X[chosen]
    return X.in_memory() if isinstance(X, SlicedRows) else X


def _checked(X: object, name: str, advice: str | None) -> Rows:
    """What can be read of ``X``, two-dimensional and of real numbers."""
    found = readable(X, name)
    if not isinstance(found, SlicedRows):
        found = _of_real_numbers(found, name, is_bfloat16_known=not isinstance(X, np.ndarray))
    if found.ndim != 2:
        suggestion = _ADVICE.get(found.ndim, "") if advice is None else advice
        raise ValueError(
            f"{name} must be a 2-dimensional array of shape (n_samples, n_features), "
            f"got shape {found.shape}{suggestion}"
        )
    return found


def _of_real_numbers(array: Matrix, name: str, *, is_bfloat16_known: bool) -> Matrix:
    """The array if the core reads its elements, else as float64.

    Bits without a name are bfloat16 where a tensor was taken apart, not in an array of a user.
    """
    if array.dtype.char in _READ_AS_THEY_LIE or (is_bits(array) and is_bfloat16_known):
        return array
    if is_bfloat16(array.dtype):
        return as_bits(array)
    if is_bits(array):
        raise TypeError(
            f"{name} holds {array.dtype}, two bytes without a meaning; if these are bfloat16, "
            "pass x.view(ml_dtypes.bfloat16)"
        )
    return to_numpy(array, name, np.float64)


def require_finite(rows: Matrix, name: str, first_row: int = 0) -> None:
    """Refuse NaN and infinity, and mapped files that have become shorter."""
    require_whole(rows, name)
    if rows.dtype.char not in _FLOATING or rows.size == 0:
        return
    step = max(1, _BYTES_PER_CHECK // (rows.shape[1] * rows.itemsize))
    for start in range(0, rows.shape[0], step):
        block = rows[start : start + step]
        if not _kernels.all_finite(block):
            raise _not_finite(block, name, first_row + start)
        require_whole(rows, name)


def _not_finite(rows: Matrix, name: str, first_row: int) -> ValueError:
    """The error for a matrix that holds NaN or infinity, with the first such entry."""
    for start in range(0, rows.shape[0], _ROWS_PER_SEARCH):
        block = rows[start : start + _ROWS_PER_SEARCH]
        block = as_float32(block) if is_bits(block) else block
        undefined = ~np.isfinite(block)
        if undefined.any():
            row, column = (int(index) for index in np.argwhere(undefined)[0])
            where = f", got {block[row, column]} at row {first_row + start + row}, column {column}"
            return ValueError(f"{name} must contain only finite values{where}")
    return ValueError(f"{name} must contain only finite values")


def as_float64(rows: Matrix) -> FloatArray:
    """The rows as float64, in their own memory layout; no copy of what is float64 already."""
    return np.asarray(as_float32(rows) if is_bits(rows) else rows, dtype=np.float64)


def unit_rows(rows: Matrix) -> FloatArray:
    """Rows in float64, divided by their norm, or by 1e-12 where that is larger.

    The norm is numpy's on the array's own memory layout: another summation order moves its
    last bit, and with it the ties between distances.
    """
    in_order = rows if rows.flags.c_contiguous else as_float64(rows)
    if in_order.flags.c_contiguous:
        unit, are_finite = _kernels.unit_rows(in_order, SMALLEST_NORM)
        if are_finite:
            return unit
    # Of norms that overflow, numpy warns.
    in_order = as_float64(in_order)
    return in_order / _lengths(in_order)


def _lengths(rows: FloatArray) -> FloatArray:
    lengths: FloatArray = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.maximum(lengths, SMALLEST_NORM, out=lengths)
