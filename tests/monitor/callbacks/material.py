"""Probes, hostile embeddings and networks that the tests of all callbacks share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

N_PROBES, N_FEATURES, N_CLASSES = 65, 8, 3
LABELS = np.arange(N_PROBES) % N_CLASSES
PROBES = (
    np.random.default_rng(0).standard_normal((N_PROBES, N_FEATURES))
    + np.eye(N_CLASSES, N_FEATURES)[LABELS]
).astype(np.float32)
# The last batch of probes has one row.
BATCH_SIZE = 16
OPTIONS: dict[str, Any] = {"labels": LABELS, "batch_size": BATCH_SIZE, "n_splits": 2}


def _with(value: float, rows: slice) -> Callable[[NDArray[Any]], NDArray[Any]]:
    def changed(batch: NDArray[Any]) -> NDArray[Any]:
        batch = batch.copy()
        batch[rows] = value
        return batch

    return changed


def _refuse(batch: NDArray[Any]) -> NDArray[Any]:
    raise RuntimeError("out of memory")


def _squeezed(batch: NDArray[Any]) -> NDArray[Any]:
    return batch.squeeze()


HOSTILE: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "nan": _with(np.nan, slice(None)),
    "some nan": _with(np.nan, slice(0, 5)),
    "inf": _with(np.inf, slice(0, 5)),
    "zero rows": _with(0.0, slice(0, 5)),
    "all zero": _with(0.0, slice(None)),
    "constant rows": _with(1.5, slice(None)),
    "raises": _refuse,
    "three dimensions": lambda batch: batch[:, :, None],
    "last row squeezed": _squeezed,
}


class Fading:
    """A callable for `embed`: the probes shrink towards one point from check to check."""

    def __init__(self) -> None:
        self.n_calls = 0

    def __call__(self, model: Any, batch: Any) -> NDArray[Any]:
        n_checks = self.n_calls // -(-N_PROBES // BATCH_SIZE)
        self.n_calls += 1
        faded: NDArray[Any] = np.asarray(batch) * 0.2**n_checks + 1.0
        return faded


def same(first: object, second: object) -> bool:
    """Equality of plain values in which NaN equals itself, whatever the order of keys."""
    return json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
