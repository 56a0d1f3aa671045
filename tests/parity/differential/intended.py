"""The table of intended differences, ``differences.toml``, and which of its rows were used."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import tomllib

from oracle.wire import Outcome, Record, as_record, is_dataclass_instance

from .cases import Case

TABLE = Path(__file__).parents[1] / "differences.toml"


@dataclass(frozen=True)
class Row:
    """One intended difference.

    ``functions``, ``condition`` (patterns that must all be met by some trait of the case),
    ``ours`` and ``original`` (what the call does, as `describe` words it) are matched as shell
    patterns; ``when`` (the condition in words) and ``reason`` are for the reader.
    """

    functions: tuple[str, ...]
    condition: tuple[str, ...]
    when: str
    ours: str
    original: str
    reason: str

    def covers(self, case: Case, ours: Outcome, original: Outcome) -> bool:
        return (
            any(fnmatchcase(case.function, name) for name in self.functions)
            and all(any(fnmatchcase(t, wanted) for t in case.traits) for wanted in self.condition)
            and fnmatchcase(describe(ours), self.ours)
            and fnmatchcase(describe(original), self.original)
        )


@dataclass
class IntendedDifferences:
    """The rows of the table, counting the cases that met each."""

    rows: list[Row]
    uses: dict[Row, int] = field(default_factory=dict)

    @classmethod
    def from_file(cls, path: Path = TABLE) -> IntendedDifferences:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls([_row_of(entry) for entry in table.get("difference", [])])

    def explain(self, case: Case, ours: Outcome, original: Outcome) -> bool:
        """Whether some row covers the case; that row counts as used."""
        for row in self.rows:
            if row.covers(case, ours, original):
                self.uses[row] = self.uses.get(row, 0) + 1
                return True
        return False

    def unused(self) -> list[Row]:
        return [row for row in self.rows if row not in self.uses]


def _row_of(entry: dict[str, Any]) -> Row:
    lists = {name: tuple(entry[name]) for name in ("functions", "condition")}
    return Row(**{**entry, **lists})


def describe(outcome: Outcome) -> str:
    """What a call did, in words.

    For example ``raises ValueError``, ``returns float``, ``returns dict without score, warns
    UserWarning``: a value is without score when its score is NaN.
    """
    if outcome.exception is not None:
        action = f"raises {outcome.exception.type_name}"
    else:
        value = outcome.value
        kind = value.type_name if isinstance(value, Record) else type(value).__name__
        action = f"returns {kind}" + (" without score" if math.isnan(_score_of(value)) else "")
    categories = sorted({warned.category for warned in outcome.warnings})
    return action + (f", warns {' '.join(categories)}" if categories else "")


def _score_of(value: Any) -> float:
    if is_dataclass_instance(value):
        value = as_record(value)
    if isinstance(value, Record):
        value = value.fields.get("estimate")
    elif isinstance(value, dict):
        value = value.get("mean")
    return value if isinstance(value, float) else 0.0
