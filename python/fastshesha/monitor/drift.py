"""How far the geometry has moved from the first and from the previous epoch."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Iterable, Mapping
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

    def update(
        self, found: Measured, rows: Rows, row_ids: Iterable[object] | None, seed: int
    ) -> None:
        """Add both drifts to what was found in this epoch, and remember the epoch."""
        wanted = [name for name in DRIFTS if found.statuses.get(name) != NOT_ASKED]
        if not wanted:
            return
        reason = _NONFINITE if rows.nonfinite > 0.0 else _TOO_FEW
        if rows.nonfinite > 0.0 or len(rows.embeddings) < _FEWEST_ROWS:
            for name in wanted:
                found.put(name, math.nan, reason)
            return
        now = _remember(rows, row_ids, seed)
        for name, earlier in zip(DRIFTS, (self.first, self.previous), strict=True):
            if name in wanted:
                _compare(found, name, earlier, now)
        self.first, self.previous = self.first or now, now


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


def _remember(rows: Rows, row_ids: Iterable[object] | None, seed: int) -> Remembered:
    picked = sampled_rows(len(rows.embeddings), DRIFT_ROWS, seed)
    kept = rows.embeddings if picked is None else rows.embeddings[picked]
    identity = str(rows.n_given)
    if row_ids is not None:
        told = "\n".join(str(row) for row in row_ids)
        identity += " " + hashlib.sha256(told.encode()).hexdigest()
    return Remembered(np.array(kept, order="C"), identity)
