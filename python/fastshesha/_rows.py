"""What counts as an embedding matrix, and how its rows become float64."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _kernels

if TYPE_CHECKING:
    from ._typing import FloatArray, Matrix

# Element types the compiled core reads as they lie: bool, integers, float16, float32, float64.
_READ_AS_THEY_LIE = frozenset("?bBhHiIlLqQefd")
_FLOATING = frozenset("efd")
_SMALLEST_NORM = 1e-12
_ROWS_PER_SEARCH = 4096

_ADVICE = {
    1: "; a single sample is X[None, :], a single feature X[:, None]",
    3: "; only feature_split takes a batch of matrices, as a list",
}


def as_rows(X: object, name: str, *, advice: str | None = None) -> Matrix:
    """Read ``X`` as a finite matrix with one row per sample, without a copy where possible.

    Parameters
    ----------
    X : array_like
        Shape (n_samples, n_features). Native arrays of bool, integer, float16, float32 or
        float64 elements keep their type and memory layout; everything else becomes float64.
    name : str
        What error messages call the argument.
    advice : str, optional
        What to say after a wrong number of dimensions, instead of the general advice.

    Raises
    ------
    ValueError
        Not two-dimensional, not numeric, or with NaN or infinite entries.
    TypeError
        Numpy cannot read it.
    """
    rows = to_numpy(X, name, None if hasattr(X, "__array__") else np.float64)
    if rows.dtype.char not in _READ_AS_THEY_LIE or not rows.dtype.isnative:
        rows = to_numpy(rows, name, np.float64)
    if rows.ndim != 2:
        suggestion = _ADVICE.get(rows.ndim, "") if advice is None else advice
        raise ValueError(
            f"{name} must be a 2-dimensional array of shape (n_samples, n_features), "
            f"got shape {rows.shape}{suggestion}"
        )
    if rows.dtype.char in _FLOATING and not _kernels.all_finite(rows):
        raise _not_finite(rows, name)
    return rows


def to_numpy(value: object, name: str, dtype: type[Any] | None = None) -> Matrix:
    """``numpy.asarray`` with an error that names the argument and, where known, the remedy."""
    try:
        return np.asarray(value, dtype=dtype)
    except (TypeError, ValueError, RuntimeError) as error:
        remedy = _remedy(value)
        if remedy is not None:
            raise TypeError(
                f"numpy cannot read {name} (a {type(value).__name__}); pass {remedy}"
            ) from error
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(
            f"{name} must be a rectangular array of numbers, got a {type(value).__name__}: {error}"
        ) from error


def _remedy(value: object) -> str | None:
    """What turns a tensor of another library, or a sparse matrix, into something numpy reads."""
    if hasattr(value, "detach") and hasattr(value, "cpu"):
        widened = ".float()" if "bfloat16" in str(getattr(value, "dtype", "")) else ""
        return f"x.detach().cpu(){widened}"
    if hasattr(value, "toarray"):
        return "x.toarray()"
    if hasattr(value, "__cuda_array_interface__"):
        return "a copy in host memory, such as cupy.asnumpy(x)"
    return None


def _not_finite(rows: Matrix, name: str) -> ValueError:
    """The error for a matrix that holds NaN or infinity, with the first such entry."""
    for start in range(0, rows.shape[0], _ROWS_PER_SEARCH):
        undefined = ~np.isfinite(rows[start : start + _ROWS_PER_SEARCH])
        if undefined.any():
            row, column = (int(index) for index in np.argwhere(undefined)[0])
            row += start
            where = f", got {rows[row, column]} at row {row}, column {column}"
            return ValueError(f"{name} must contain only finite values{where}")
    return ValueError(f"{name} must contain only finite values")


def as_float64(rows: Matrix) -> FloatArray:
    """The rows as float64, in their own memory layout; no copy of what is float64 already."""
    return np.asarray(rows, dtype=np.float64)


def unit_rows(rows: FloatArray) -> FloatArray:
    """Rows divided by their norm, or by 1e-12 where that is larger.

    The norm is numpy's on the array's own memory layout: another summation order moves its
    last bit, and with it the ties between distances.
    """
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: FloatArray = rows / np.maximum(norms, _SMALLEST_NORM)
    return scaled
