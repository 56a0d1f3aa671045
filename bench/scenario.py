"""What a scenario is: calls of several contestants that compute the same, and what is aimed at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.contest import Call
from bench.data import Data
from bench.limit import Work

OURS, ORIGINAL = "fastshesha", "shesha"
EXACT = 1e-12


@dataclass(frozen=True)
class Turn:
    """Calls that a program makes in one go; their seconds count ``weight`` times.

    What they give is ``compared`` unless no other contestant makes the same calls.
    """

    calls: tuple[Call, ...]
    weight: float = 1.0
    compared: bool = True


@dataclass(frozen=True)
class Entry:
    """A contestant's way to the scenario's numbers.

    ``environment`` names where it runs, ``label`` the row of the table; the numbers of its turns
    must be within ``tolerance`` of ours.
    """

    environment: str
    turns: tuple[Turn, ...]
    tolerance: float = EXACT
    label: str = ""

    @property
    def name(self) -> str:
        return self.label or self.environment


@dataclass(frozen=True)
class Scenario:
    """Entries of one contest; ours comes first.

    Attributes
    ----------
    name : str
        Path-like, from the general to the special, such as "feature_split/500x256x30/normal".
    entries : callable
        Writes the data and returns the entries.
    targets : mapping of str to float
        How many times as fast as the entry of that name ours is meant to be, at least.
    less_memory : bool
        Whether our peak is meant to be below that of every other entry.
    work : Work, optional
        What the limit is computed from.
    share_target : float, optional
        The share of the limit that is aimed at.
    quick : bool
        Whether it belongs to the short run.
    repeat_for : float
        Seconds for which every turn repeats a call.
    """

    name: str
    entries: Callable[[Data], list[Entry]]
    targets: Mapping[str, float] = field(default_factory=dict)
    less_memory: bool = False
    work: Work | None = None
    share_target: float | None = None
    quick: bool = False
    repeat_for: float = 0.1


def both(
    function: str,
    arguments: tuple[str, ...],
    options: dict[str, Any] | None = None,
    tolerance: float = EXACT,
) -> list[Entry]:
    """The same call of a function of the shared interface, by us and by the original."""
    return [
        Entry(
            package, (Turn((Call(f"{package}.{function}", arguments, options or {}),)),), tolerance
        )
        for package in (OURS, ORIGINAL)
    ]
