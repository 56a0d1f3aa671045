"""Tables of perturbations, one per row: what is read of a data frame."""

from __future__ import annotations

from typing import Any

from fastshesha._validate import listed

from .annotated import import_pandas

_SHOWN = 10


def complete_rows(table: Any, name: str, columns: dict[str, Any]) -> Any:
    """The rows without a missing entry in the given columns.

    Parameters
    ----------
    table : DataFrame
    name : str
        What error messages call it.
    columns : dict
        Column by the name of the argument that chose it.

    Raises
    ------
    TypeError
        ``table`` is no data frame.
    KeyError
        There is no such column.
    """
    import_pandas()
    if not (hasattr(table, "dropna") and hasattr(table, "columns")):
        raise TypeError(f"{name} must be a pandas DataFrame, got a {type(table).__name__}")
    for argument, column in columns.items():
        if column not in table.columns:
            names = [str(found) for found in table.columns[:_SHOWN]]
            raise KeyError(
                f"{argument} must be a column of {name}, among them {listed(names)}; got {column!r}"
            )
    return table.dropna(subset=list(columns.values()))
