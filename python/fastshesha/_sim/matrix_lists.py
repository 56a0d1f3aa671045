"""Many matrices of the same samples, with the names that messages and tables give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastshesha._rows import as_rows

if TYPE_CHECKING:
    from fastshesha._typing import Matrix


@dataclass(frozen=True)
class MatrixList:
    """Checked matrices.

    Attributes
    ----------
    matrices : list of ndarray
    shown : list of str
        What messages call them, such as ``list_of_X[3]``.
    labels : list, or None
        What tables call them.
    """

    matrices: list[Matrix]
    shown: list[str]
    labels: list[Any] | None


def as_matrix_list(
    matrices: object, name: str, labels: Iterable[Any] | None, labels_name: str
) -> MatrixList:
    """Read a sequence of matrices, or a mapping from labels to matrices."""
    keys: list[Any] | None = None
    if isinstance(matrices, Mapping):
        keys, values = list(matrices), list(matrices.values())
    elif isinstance(matrices, Iterable) and not isinstance(matrices, (str, bytes)):
        values = list(matrices)
    else:
        raise TypeError(
            f"{name} must be a sequence of matrices, or a dict of names and matrices, "
            f"got a {type(matrices).__name__}"
        )
    shown = [f"{name}[{key!r}]" for key in (range(len(values)) if keys is None else keys)]
    if labels is not None:
        keys = _checked_labels(labels, len(values), labels_name)
    advice = f"; {name} is a sequence of such matrices"
    rows = [
        as_rows(value, where, advice=advice) for value, where in zip(values, shown, strict=True)
    ]
    return MatrixList(rows, shown, keys)


def _checked_labels(labels: Iterable[Any], n_matrices: int, name: str) -> list[Any]:
    if isinstance(labels, (str, bytes)):
        raise TypeError(f"{name} must be a sequence of names, got {labels!r}")
    found = list(labels)
    if len(found) != n_matrices:
        raise ValueError(
            f"{name} must have one name per matrix: expected {n_matrices}, got {len(found)}"
        )
    return found
