"""``numpy.asarray`` with errors that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from fastshesha._typing import Matrix


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
    if hasattr(value, "__dlpack_device__") and not isinstance(value, np.ndarray):
        return "a copy in host memory"
    return None
