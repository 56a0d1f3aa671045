"""What is read of an annotated matrix: its rows, and which of them belong together.

Anything with ``X``, ``layers`` and ``obs`` will do; nothing here needs the package anndata.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._inputs.conversion import to_numpy
from fastshesha._validate import listed

from .row_sources import DenseRows, RowSource, SparseRows
from .stored_rows import DenseFile, SparseFile

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray


@dataclass(frozen=True)
class Group:
    """The rows that carry one label.

    Attributes
    ----------
    label : object
    rows : ndarray of int64
        All of them, rising.
    sample : ndarray of int64, optional
        Positions in ``rows`` of those that count, in the order in which they were drawn.
    """

    label: Any
    rows: IndexArray
    sample: IndexArray | None = None

    @property
    def taken(self) -> IndexArray:
        """The rows that count."""
        return self.rows if self.sample is None else self.rows[self.sample]


def rows_of(adata: Any, layer: str | None) -> RowSource:
    """The rows of ``adata.X``, or of a layer.

    Raises
    ------
    ImportError
        ``adata`` is no annotated matrix; the original's type of error.
    KeyError
        There is no such layer.
    ValueError
        There is no matrix, or not one of two dimensions.
    """
    if not (hasattr(adata, "X") and hasattr(adata, "obs")):
        raise ImportError(
            "adata must be an AnnData, or an object with its X, layers and obs, "
            f"got a {type(adata).__name__}; anndata comes with pip install 'fastshesha[bio]'"
        )
    name = f"adata.layers[{layer!r}]" if layer else "adata.X"
    if layer and layer not in adata.layers:
        raise KeyError(f"layer must be one of {listed(list(adata.layers))}; got {layer!r}")
    matrix = adata.layers[layer] if layer else adata.X
    shape = np.shape(matrix) if not hasattr(matrix, "shape") else tuple(matrix.shape)
    if matrix is None or len(shape) != 2:
        found = "None" if matrix is None else f"shape {shape}"
        raise ValueError(f"{name} must be a 2-dimensional matrix, cells by features, got {found}")
    return _source(matrix, name)


def _source(matrix: Any, name: str) -> RowSource:
    compression = getattr(matrix, "format", None)
    if hasattr(matrix, "tocsr"):
        return SparseRows(matrix.tocsr(), by_columns=compression == "csc")
    if hasattr(matrix, "to_memory") and hasattr(matrix, "group"):
        if compression == "csr":
            return SparseFile(matrix.group, matrix.shape)
        return SparseRows(matrix.to_memory().tocsr(), by_columns=True)
    if isinstance(matrix, np.ndarray) or not hasattr(matrix, "dtype"):
        return DenseRows(to_numpy(matrix, name))
    return DenseFile(matrix)


def column_of(adata: Any, key: str) -> Any:
    """A column of ``adata.obs`` as a pandas Series."""
    obs = adata.obs
    if key not in obs:
        raise KeyError(f"perturbation_key must be a column of adata.obs, {_some(obs)}; got {key!r}")
    column = obs[key]
    if hasattr(column, "unique") and hasattr(column, "astype"):
        return column
    pandas = import_pandas()
    return pandas.Series(np.asarray(column))


def _some(obs: Any, most: int = 10) -> str:
    names = [str(name) for name in obs]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return listed(names[:most]) + more


def import_pandas() -> Any:
    """pandas, or an error that says how to get it."""
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError(
            "annotated matrices and tables of perturbations need pandas: "
            "pip install 'fastshesha[bio]'"
        ) from error
    return pd


def groups_in_order(column: Any, control_label: object) -> tuple[IndexArray, list[Group]]:
    """Rows of the controls, and the groups of all other labels in the order of appearance.

    A missing label (NaN, None, NA) is a group without rows, as it equals nothing.
    """
    codes, _ = import_pandas().factorize(column)
    members = _rows_by_code(codes)
    controls = np.flatnonzero(_equal(column, control_label))
    groups: list[Group] = []
    n_found = 0
    for label in column.unique():
        if import_pandas().isna(label):
            groups.append(Group(label, np.empty(0, np.int64)))
            continue
        if label != control_label:
            groups.append(Group(label, members[n_found]))
        n_found += 1
    return controls, groups


def _equal(column: Any, label: object) -> Any:
    """Which entries equal the label; missing ones do not."""
    equal = column == label
    return np.asarray(equal.fillna(False) if hasattr(equal, "fillna") else equal, dtype=bool)


def groups_by_name(column: Any, control_label: object) -> tuple[IndexArray, list[Group]]:
    """Rows of the controls, and the groups of all other labels as sorted strings.

    Missing labels form a group of their own, under the name that pandas gives them ('nan').
    """
    pandas = import_pandas()
    names = np.asarray(column.astype(str), dtype=object)
    names[pandas.isna(names)] = "nan"
    codes, found = pandas.factorize(names)
    members = {str(name): rows for name, rows in zip(found, _rows_by_code(codes), strict=True)}
    controls = members.pop(str(control_label), np.empty(0, np.int64))
    return controls, [Group(name, members[name]) for name in sorted(members)]


def _rows_by_code(codes: IndexArray) -> list[IndexArray]:
    """Row numbers of each code from 0 on, in rising order; codes below 0 belong to none."""
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes[codes >= 0])
    start = len(codes) - int(sizes.sum())
    return np.split(order, start + np.concatenate([[0], np.cumsum(sizes)]))[1:-1]
