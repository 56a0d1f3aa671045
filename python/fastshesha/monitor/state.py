"""What stands at the head of a saved state, and whether a monitor can go on from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_VERSION = 1


def state_header(binding: Mapping[str, int]) -> dict[str, Any]:
    """The version of the state, and the options that it is bound to."""
    return {"version": _VERSION, "binding": dict(binding)}


def check_state(state: Mapping[str, Any], binding: Mapping[str, int]) -> None:
    """Refuse a state of another version, or of a monitor whose numbers cannot be compared."""
    version, theirs = state.get("version"), state.get("binding")
    if version != _VERSION:
        raise ValueError(f"state must be of version {_VERSION}; got {version!r}")
    if theirs != binding:
        raise ValueError(f"the state was made with {theirs}, this monitor has {binding}")
