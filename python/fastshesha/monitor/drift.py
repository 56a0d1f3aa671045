"""How far the geometry has moved from the first and from the previous epoch."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastshesha import rdm_drift
from fastshesha.monitor.inputs import Rows, sampled_rows
from fastshesha.monitor.signals import DRIFTS, FIRST_EPOCH, NOT_ASKED, Measured, guard

# Two remembered epochs of so many rows are all that a monitor keeps of the embeddings.
DRIFT_ROWS = 500
_CHANGED = "the number of rows or the row_ids changed"
_NONFINITE = "some rows are not finite"
_TOO_FEW = "there are too few rows"
_FEWEST_ROWS = 2


@dataclass(frozen=True)
class RowIds:
    """What tells the rows of one epoch from others: nothing, a digest of their ids, or a fault."""

    digest: str = ""
    n_ids: int = -1
    fault: str = ""


def read_row_ids(row_ids: object) -> RowIds:
    """The ids in their order; those that cannot be read are a fault."""
    if row_ids is None:
        return RowIds()
    given: Any = row_ids
    try:
        told = [str(row) for row in given]
    except Exception as error:
        return RowIds(fault=f"row_ids cannot be read: {type(error).__name__}: {error}")
    return RowIds(hashlib.sha256("\n".join(told).encode()).hexdigest(), len(told))


@dataclass(frozen=True)
class Remembered:
    """Some rows of one epoch, and what identifies the rows that they came from."""

    rows: NDArray[Any]
    identity: str

    def to_state(self) -> dict[str, Any]:
        """Plain types alone; the bytes of the rows stand as base64 text."""
        return {
            "identity": self.identity,
            "dtype": self.rows.dtype.str,
            "shape": list(self.rows.shape),
            "bytes": base64.b64encode(self.rows.tobytes()).decode("ascii"),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Remembered:
        content = np.frombuffer(base64.b64decode(state["bytes"]), dtype=np.dtype(state["dtype"]))
        return cls(content.reshape(state["shape"]).copy(), str(state["identity"]))


@dataclass
class DriftMemory:
    """The first and the previous epoch whose rows were all finite."""

    first: Remembered | None = None
    previous: Remembered | None = None

    def update(self, found: Measured, rows: Rows, row_ids: RowIds, seed: int) -> None:
        """Add both drifts to what was found in this epoch, and remember the epoch."""
        wanted = [name for name in DRIFTS if found.statuses.get(name) != NOT_ASKED]
        if not wanted:
            return
        obstacle = _obstacle(rows, row_ids)
        if obstacle:
            for name in wanted:
                found.put(name, math.nan, obstacle)
            return
        now = _remember(rows, row_ids, seed)
        for name, earlier in zip(DRIFTS, (self.first, self.previous), strict=True):
            if name in wanted:
                _compare(found, name, earlier, now)
        self.first, self.previous = self.first or now, now


def _obstacle(rows: Rows, row_ids: RowIds) -> str:
    """Why these rows cannot be compared with any others; empty where they can."""
    if row_ids.n_ids not in (-1, rows.n_given):
        return f"row_ids must hold one id for each of the {rows.n_given} rows, got {row_ids.n_ids}"
    if rows.nonfinite > 0.0:
        return _NONFINITE
    return row_ids.fault or ("" if len(rows.embeddings) >= _FEWEST_ROWS else _TOO_FEW)


def _compare(found: Measured, name: str, earlier: Remembered | None, now: Remembered) -> None:
    if earlier is None:
        found.put(name, math.nan, FIRST_EPOCH)
    elif earlier.identity != now.identity:
        found.put(name, math.nan, _CHANGED)
    else:
        guard(
            found,
            (name,),
            lambda: {name: rdm_drift(earlier.rows, now.rows, nan_policy="omit")},
            len(now.rows),
        )


def _remember(rows: Rows, row_ids: RowIds, seed: int) -> Remembered:
    picked = sampled_rows(len(rows.embeddings), DRIFT_ROWS, seed)
    kept = rows.embeddings if picked is None else rows.embeddings[picked]
    identity = f"{rows.n_given} {row_ids.digest}".rstrip()
    return Remembered(np.array(kept, order="C"), identity)
