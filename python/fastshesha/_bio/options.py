"""Checks that follow the original in telling a wrong type from a wrong value."""

from __future__ import annotations

from numbers import Real
from operator import index


def require_count(value: object, name: str) -> None:
    """Accept an integer of at least 1: TypeError for what is no integer, else ValueError."""
    try:
        count = index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} must be an integer >= 1, got {value!r}") from None
    if count < 1:
        raise ValueError(f"{name} must be an integer >= 1, got {value!r}")


def require_share(value: object, name: str) -> None:
    """Accept a number from 0 to 1: TypeError for what is no number, else ValueError."""
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be a number from 0 to 1, got {value!r}")
    if not 0 <= float(value) <= 1:
        raise ValueError(f"{name} must be a number from 0 to 1, got {value!r}")
