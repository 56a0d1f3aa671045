"""Arrow columns of vectors, through the values that lie one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from fastshesha._typing import Matrix


class StackedRows:
    """Matrices of one width below each other, copied only as far as rows are asked for."""

    def __init__(self, parts: list[Matrix]) -> None:
        self._parts = parts
        self._starts = np.cumsum([0, *(len(part) for part in parts)])
        self.shape = (int(self._starts[-1]), parts[0].shape[1])
        self.dtype = parts[0].dtype
        self.ndim = 2

    def __getitem__(self, rows: slice) -> Matrix:
        """Rows of a slice of step 1."""
        start, stop, _ = rows.indices(self.shape[0])
        pieces = [
            part[max(0, start - first) : max(0, stop - first)]
            for part, first in zip(self._parts, self._starts[:-1].tolist(), strict=True)
            if first < stop and start < first + len(part)
        ]
        return np.concatenate(pieces or [self._parts[0][:0]])


def is_arrow(value: object) -> bool:
    """Whether a value is an array, or an array in chunks, of the package pyarrow."""
    return type(value).__module__.partition(".")[0] == "pyarrow" and hasattr(value, "type")


def arrow_rows(column: Any, name: str) -> Matrix | StackedRows:
    """A matrix with one row for each list of a column; no copy of a column in one chunk.

    Raises
    ------
    ValueError
        Missing values, lists of different lengths, or no lists of numbers at all.
    """
    if not hasattr(column, "chunks"):
        return _chunk_rows(column, name)
    parts = [_chunk_rows(chunk, name) for chunk in column.chunks if len(chunk)]
    if not parts:
        raise ValueError(f"{name} must hold rows, got an Arrow column without any")
    widths = sorted({part.shape[1] for part in parts})
    if len(widths) > 1:
        raise _unequal(name, widths[0], widths[-1])
    return parts[0] if len(parts) == 1 else StackedRows(parts)


def _chunk_rows(array: Any, name: str) -> Matrix:
    lists = getattr(array, "storage", array)
    if not hasattr(lists, "flatten") or not hasattr(lists.type, "value_type"):
        raise ValueError(
            f"{name} must be an Arrow array of lists of numbers, one list a row, "
            f"got {array.type}; other tables pass as x.to_numpy() or x.to_pandas()"
        )
    values = lists.flatten()
    n_missing = lists.null_count + values.null_count
    if n_missing:
        raise ValueError(f"{name} must hold no missing values, got {n_missing} nulls")
    flat = values.to_numpy(zero_copy_only=str(values.type) != "bool")
    return np.asarray(flat).reshape(len(lists), _width(lists, name))


def _width(lists: Any, name: str) -> int:
    """Numbers in each list."""
    fixed = getattr(lists.type, "list_size", None)
    if fixed is not None:
        return int(fixed)
    lengths = lists.value_lengths().to_numpy(zero_copy_only=False)
    shortest, longest = (int(lengths.min()), int(lengths.max())) if lengths.size else (0, 0)
    if shortest != longest:
        raise _unequal(name, shortest, longest)
    return longest


def _unequal(name: str, shortest: int, longest: int) -> ValueError:
    return ValueError(
        f"{name} must hold lists of one length, got lengths from {shortest} to {longest}"
    )
