"""When two outcomes of one call count as equal."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from oracle.wire import Outcome, Record, as_record, is_dataclass_instance

# Absolute for the scores, which lie in [-1, 2]; relative to numbers beyond 1, such as distances.
TOLERANCE = 1e-12
# What each package says of itself, in its own words.
IGNORED_METADATA = {"package_version", "bootstrap_unit"}
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e-?\d+)?")


def differences_of(ours: Outcome, original: Outcome, tolerance: float = TOLERANCE) -> list[str]:
    """Everything in which two outcomes differ, one line each; empty when they agree."""
    found = []
    if ours.exception or original.exception:
        kinds = [o.exception.type_name if o.exception else None for o in (ours, original)]
        if kinds[0] != kinds[1]:
            found.append(f"exception: {_raised(ours)}, original {_raised(original)}")
    else:
        found += compare_values(ours.value, original.value, "value", tolerance)
    categories = [{warned.category for warned in o.warnings} for o in (ours, original)]
    if categories[0] != categories[1]:
        found.append(f"warnings: {sorted(categories[0])}, original {sorted(categories[1])}")
    return found


def _raised(outcome: Outcome) -> str:
    if outcome.exception is None:
        return f"none (returned {outcome.value!r})"
    return f"{outcome.exception.type_name}({outcome.exception.message!r})"


def compare_values(ours: Any, original: Any, path: str, tolerance: float) -> list[str]:
    """The places under ``path`` at which two values differ in type, form or number."""
    if is_dataclass_instance(ours):
        ours = as_record(ours)
    if ".metadata." in path and isinstance(original, np.generic):
        original = original.item()  # ours holds plain numbers, so that it is ready for JSON
    if type(ours) is not type(original):
        return [f"{path}: {_typed(ours)}, original {_typed(original)}"]
    if is_table(ours):
        ours, original = plain_table(ours), plain_table(original)
    compare = _COMPARISONS.get(type(ours), _compare_plain)
    return compare(ours, original, path, tolerance)


def is_table(value: Any) -> bool:
    """Whether the value is a Series or a DataFrame, without loading pandas for it."""
    return type(value).__module__.startswith("pandas.") and hasattr(value, "index")


def plain_table(table: Any) -> dict[str, Any]:
    """A Series or DataFrame taken apart: what its axes are called, hold and are typed as."""
    frame = table.to_frame() if table.ndim == 1 else table
    return {
        "columns": list(frame.columns),
        "types": [str(frame[name].dtype) for name in frame.columns],
        "index": [str(frame.index.dtype), str(frame.index.name), *frame.index.tolist()],
        "values": [frame[name].tolist() for name in frame.columns],
    }


def _typed(value: Any) -> str:
    return f"{type(value).__name__} {value!r}"


def _compare_plain(ours: Any, original: Any, path: str, tolerance: float) -> list[str]:
    # Objects without an equality of their own, such as SeedSequence, are told by their repr.
    if ours == original or repr(ours) == repr(original):
        return []
    return [f"{path}: {ours!r}, original {original!r}"]


def _compare_floats(ours: Any, original: Any, path: str, tolerance: float) -> list[str]:
    both_nan = math.isnan(ours) and math.isnan(original)
    if both_nan or ours == original or abs(ours - original) <= tolerance * max(1.0, abs(original)):
        return []
    return [f"{path}: {ours!r}, original {original!r}, apart {abs(ours - original):.3g}"]


def _compare_sequences(ours: Any, original: Any, path: str, tolerance: float) -> list[str]:
    if len(ours) != len(original):
        return [f"{path}: length {len(ours)}, original {len(original)}"]
    pairs = enumerate(zip(ours, original, strict=True))
    return [line for i, (a, b) in pairs for line in compare_values(a, b, f"{path}[{i}]", tolerance)]


def _compare_dicts(ours: Any, original: Any, path: str, tolerance: float) -> list[str]:
    if list(ours) != list(original):
        return [f"{path}: keys {list(ours)}, original {list(original)}"]
    keys = [key for key in ours if not (path.endswith(".metadata") and key in IGNORED_METADATA)]
    return [
        line
        for key in keys
        for line in compare_values(ours[key], original[key], f"{path}.{key}", tolerance)
    ]


def _compare_arrays(ours: Any, original: Any, path: str, tolerance: float) -> list[str]:
    """Bit for bit, except that every NaN is the same NaN."""
    if (ours.dtype, ours.shape) != (original.dtype, original.shape):
        return [f"{path}: {ours.dtype} {ours.shape}, original {original.dtype} {original.shape}"]
    same = (ours == original) & (np.signbit(ours) == np.signbit(original))
    same |= np.isnan(ours) & np.isnan(original)
    n_unequal = int(np.sum(~same))
    return [f"{path}: {n_unequal} of {ours.size} entries differ in a bit"] if n_unequal else []


def _compare_records(ours: Any, original: Any, path: str, tolerance: float) -> list[str]:
    if ours.type_name != original.type_name:
        return [f"{path}: {ours.type_name}, original {original.type_name}"]
    notes = "warnings"
    if notes not in ours.fields or notes not in original.fields:
        return _compare_dicts(ours.fields, original.fields, path, tolerance)
    found = _compare_notes(ours.fields[notes], original.fields[notes], f"{path}.{notes}")
    mine, theirs = ({**record.fields, notes: ()} for record in (ours, original))
    return found + _compare_dicts(mine, theirs, path, tolerance)


def _compare_notes(ours: tuple[str, ...], original: tuple[str, ...], path: str) -> list[str]:
    """As many notes, each with all the numbers of the original's; the words are our own."""
    facts = [[Counter(_NUMBER.findall(note)) for note in notes] for notes in (ours, original)]
    if len(ours) == len(original) and all(a >= b for a, b in zip(*facts, strict=True)):
        return []
    return [f"{path}: {ours}, original {original}"]


_COMPARISONS: dict[type, Callable[[Any, Any, str, float], list[str]]] = {
    float: _compare_floats,
    np.float64: _compare_floats,
    np.float32: _compare_floats,
    list: _compare_sequences,
    tuple: _compare_sequences,
    dict: _compare_dicts,
    np.ndarray: _compare_arrays,
    Record: _compare_records,
}
