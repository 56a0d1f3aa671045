"""Which rows of two matrices are the same observation, and which rows are named in a call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._inputs.conversion import to_numpy
from fastshesha._rows import as_rows
from fastshesha._validate import require_same_samples

if TYPE_CHECKING:
    from fastshesha._typing import ArrayLike, IndexArray, Matrix, MatrixLike

_SHOWN = 5


def as_matched_rows(
    X_a: MatrixLike, X_b: MatrixLike, ids_a: ArrayLike | None, ids_b: ArrayLike | None
) -> tuple[Matrix, Matrix, list[Any] | None]:
    """Read two matrices, the rows of the second in the order of the first.

    Without identifiers, rows correspond as they stand. With them, the identifiers of the rows
    are returned too, as Python objects.
    """
    rows_a, rows_b = (
        as_rows(value, name, keeps_bfloat16=True) for value, name in ((X_a, "X_a"), (X_b, "X_b"))
    )
    if ids_a is None and ids_b is None:
        require_same_samples(rows_a, rows_b, names=("X_a", "X_b"))
        return rows_a, rows_b, None
    if ids_a is None or ids_b is None:
        missing = "ids_a" if ids_a is None else "ids_b"
        raise ValueError(f"ids_a and ids_b must be provided together, got {missing}=None")
    names_a = _as_identifiers(ids_a, rows_a.shape[0], "ids_a")
    names_b = _as_identifiers(ids_b, rows_b.shape[0], "ids_b")
    position = {name: row for row, name in enumerate(names_b)}
    n_shared = sum(name in position for name in names_a)
    if not n_shared == len(names_a) == len(names_b):
        raise ValueError(
            "ids_a and ids_b must hold the same identifiers: "
            f"{len(names_a) - n_shared} only in ids_a, {len(names_b) - n_shared} only in ids_b"
        )
    order = np.array([position[name] for name in names_a], dtype=np.int64)
    return rows_a, rows_b[order], names_a


def _as_identifiers(ids: ArrayLike, n_samples: int, name: str) -> list[Any]:
    """One identifier per row, as Python objects, no two of them equal."""
    array = to_numpy(ids, name)
    if array.ndim != 1:
        raise ValueError(
            f"{name} must be a 1-dimensional array with one identifier per row, "
            f"got shape {array.shape}"
        )
    if array.shape[0] != n_samples:
        raise ValueError(
            f"{name} must match the number of samples: expected {n_samples} identifiers, "
            f"got {array.shape[0]}"
        )
    identifiers: list[Any] = array.tolist()
    n_duplicates = len(identifiers) - len(set(identifiers))
    if n_duplicates:
        raise ValueError(
            f"{name} must not hold duplicate identifiers, got {n_duplicates} more than once"
        )
    return identifiers


def positions_of(
    selection: ArrayLike, ids: Sequence[Any] | None, n_samples: int, name: str
) -> IndexArray:
    """Rows named by identifiers, or given as row indices where there are no identifiers."""
    array = to_numpy(selection, name)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(
            f"{name} must be a non-empty 1-dimensional sequence, got shape {array.shape}"
        )
    positions = (
        _checked_rows(array, n_samples, name) if ids is None else _looked_up(array, ids, name)
    )
    n_duplicates = positions.size - np.unique(positions).size
    if n_duplicates:
        raise ValueError(f"{name} must not hold duplicates, got {n_duplicates} more than once")
    return positions


def _looked_up(array: Matrix, ids: Sequence[Any], name: str) -> IndexArray:
    position = {identifier: row for row, identifier in enumerate(ids)}
    wanted = array.tolist()
    unknown = [identifier for identifier in wanted if identifier not in position]
    if unknown:
        more = ", ..." if len(unknown) > _SHOWN else ""
        shown = ", ".join(map(repr, unknown[:_SHOWN]))
        raise ValueError(
            f"{name} must hold identifiers of ids_a, got {len(unknown)} unknown identifier(s): "
            f"{shown}{more}"
        )
    return np.array([position[identifier] for identifier in wanted], dtype=np.int64)


def _checked_rows(array: Matrix, n_samples: int, name: str) -> IndexArray:
    if not np.issubdtype(array.dtype, np.integer):
        raise ValueError(
            f"{name} must hold integer row indices where ids_a and ids_b are not given, "
            f"got {array.dtype}"
        )
    outside = (array < 0) | (array >= n_samples)
    if outside.any():
        raise ValueError(f"{name} must lie in [0, {n_samples}), got {array[outside][0]}")
    return array.astype(np.int64)
