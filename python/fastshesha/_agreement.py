"""How far two results are apart, whatever they consist of."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, NamedTuple

import numpy as np

# What a result says in words, or of the package that made it.
_WORDS = ("warnings", "package_version", "bootstrap_unit")


class Distance(NamedTuple):
    """The largest distance between two numbers of two results, and where it was found.

    ``absolute`` is infinite where the results differ in more than finite numbers: in type,
    keys, length, text, or in what is NaN. ``relative`` is ``absolute`` divided by the number of
    the original where that is larger than 1.
    """

    absolute: float
    relative: float
    place: str


def distance(ours: Any, original: Any, place: str = "") -> Distance:
    """Compare two results, part by part."""
    ours, original = _taken_apart(ours), _taken_apart(original)
    if isinstance(ours, dict) and isinstance(original, dict):
        if list(ours) != list(original):
            return _apart(place)
        told = [key for key in ours if key not in _WORDS]
        parts = [distance(ours[key], original[key], f"{place}.{key}") for key in told]
    elif isinstance(ours, (list, tuple)) and isinstance(original, (list, tuple)):
        if (type(ours), len(ours)) != (type(original), len(original)):
            return _apart(place)
        pairs = enumerate(zip(ours, original, strict=True))
        parts = [distance(a, b, f"{place}[{i}]") for i, (a, b) in pairs]
    else:
        return _distance_of_leaves(ours, original, place)
    return max(parts, key=lambda part: part.relative, default=Distance(0.0, 0.0, place))


def _taken_apart(value: Any) -> Any:
    """Results, data frames and series as dicts."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return {"type": type(value).__name__, **{name: getattr(value, name) for name in names}}
    if type(value).__module__.partition(".")[0] == "pandas" and hasattr(value, "index"):
        frame = value.to_frame() if value.ndim == 1 else value
        columns = {str(name): frame[name].tolist() for name in frame.columns}
        return {"type": type(value).__name__, "index": frame.index.tolist(), **columns}
    return value


def _distance_of_leaves(ours: Any, original: Any, place: str) -> Distance:
    if isinstance(ours, np.ndarray) and isinstance(original, np.ndarray):
        if (ours.shape, ours.dtype) != (original.shape, original.dtype):
            return _apart(place)
        return _distance_of_numbers(ours, original, place)
    numbers = (float, int, np.number)
    if isinstance(ours, numbers) and isinstance(original, numbers):
        return _distance_of_numbers(np.asarray(ours), np.asarray(original), place)
    same = type(ours) is type(original) and (ours == original or repr(ours) == repr(original))
    return Distance(0.0, 0.0, place) if same else _apart(place)


def _distance_of_numbers(
    ours: np.ndarray[Any, Any], original: np.ndarray[Any, Any], place: str
) -> Distance:
    same = (ours == original) | (np.isnan(ours) & np.isnan(original))
    if same.all():
        return Distance(0.0, 0.0, place)
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.abs(np.subtract(ours, original, dtype=np.float64))
        absolute = np.where(same, 0.0, np.where(np.isnan(apart), math.inf, apart))
        scaled = absolute / np.maximum(1.0, np.abs(np.where(same, 1.0, original)))
    relative = np.where(np.isinf(absolute), math.inf, scaled)
    return Distance(float(absolute.max()), float(relative.max()), place)


def _apart(place: str) -> Distance:
    return Distance(math.inf, math.inf, place)
