"""The fixed samples that are embedded at every check, and what embeds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

# The name of a module, or a callable of model and batch.
Source = str | Callable[[Any, Any], Any]


def sources_of(embed: object) -> dict[str, Source]:
    """What embeds each layer; a single source stands for the layer without a name.

    Raises
    ------
    TypeError
        Neither a name nor a callable nor a mapping of layer names to those.
    """
    named: dict[Any, Any] = dict(embed) if isinstance(embed, Mapping) else {"": embed}
    for source in named.values():
        if not (isinstance(source, str) or callable(source)):
            raise TypeError(
                "embed must be the name of a module, a callable of model and batch, or a mapping "
                f"of layer names to those; got {type(source).__name__}"
            )
    if not named:
        raise TypeError("embed must name at least one layer; got an empty mapping")
    return {str(layer): source for layer, source in named.items()}


def batches_of(probes: Any, batch_size: int) -> list[Any]:
    """The probe set in batches, read once.

    An array, a tuple of arrays and a mapping of arrays are cut into batches of `batch_size` rows;
    what else can be iterated over, a list or a loader, gives its batches itself.

    Raises
    ------
    ValueError
        There are no rows, or `batch_size` is below 1.
    TypeError
        The probes cannot be iterated over.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1; got {batch_size!r}")
    if isinstance(probes, Mapping | tuple) or hasattr(probes, "shape"):
        starts = range(0, _n_rows(probes), batch_size)
        cut = [_rows(probes, slice(start, start + batch_size)) for start in starts]
    elif isinstance(probes, Iterable):
        cut = list(probes)
    else:
        raise TypeError(
            "probes must be an array, a tuple or mapping of arrays, or an iterable of batches; "
            f"got {type(probes).__name__}"
        )
    if not cut:
        raise ValueError("probes must hold at least one row; got none")
    return cut


def _n_rows(probes: Any) -> int:
    if isinstance(probes, Mapping):
        return min(map(len, probes.values()), default=0)
    return min(map(len, probes), default=0) if isinstance(probes, tuple) else len(probes)


def _rows(probes: Any, rows: slice) -> Any:
    if isinstance(probes, Mapping):
        return {name: values[rows] for name, values in probes.items()}
    return tuple(part[rows] for part in probes) if isinstance(probes, tuple) else probes[rows]


def joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """The embeddings of all batches; a vector as wide as the others is the row of a batch of one.

    Raises
    ------
    ValueError
        The batches do not fit together.
    """
    width = max((part.shape[1] for part in parts if part.ndim == 2), default=-1)
    rows = [part[None] if part.shape == (width,) else part for part in parts]
    return np.concatenate(rows)
