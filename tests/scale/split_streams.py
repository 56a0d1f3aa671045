"""Splits of columns that can share products, and rows that are undefined in some of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastshesha.scale import pair_plans
from fastshesha.scale.rank_streams import ReadyStream, prepare
from fastshesha.scale.row_source import RowSource
from fastshesha.scale.similarity_sample import geometry
from scale.families import low_rank

N_SAMPLES, N_SPLITS = 500, 4
# Undefined in both halves of all splits, or in one of the first split's.
NOWHERE, NOT_IN_FIRST, NOT_IN_SECOND = [3, 4], [100, 101], [450, 499]


def splits(
    X: Any, plan: pair_plans.PairPlan, metric: str = "cosine", columns: Any = None
) -> dict[int, ReadyStream]:
    """Of some columns, or of all."""
    rng = np.random.default_rng(11)
    columns = np.arange(X.shape[1]) if columns is None else columns
    half = columns.size // 2
    ready = {}
    for split in range(N_SPLITS):
        order = rng.permutation(columns)
        a, b = (
            geometry(RowSource(X), np.sort(part), metric)
            for part in (order[:half], order[half : 2 * half])
        )
        prepared = prepare(a, b, plan, undefined="omit")
        assert isinstance(prepared, ReadyStream)
        ready[split] = prepared
    return ready


def used_columns(ready: ReadyStream) -> Any:
    return np.union1d(ready.stream.a.columns, ready.stream.b.columns)


def with_undefined_rows(n_features: int, metric: str) -> Any:
    """Rows that are zero, or constant, in halves of the first split, or but for what it leaves."""
    X = low_rank(np.random.default_rng(0), N_SAMPLES, n_features).astype(np.float32)
    first = splits(X, pair_plans.all_pairs(*X.shape))[0]
    flat = 0.0 if metric == "cosine" else 0.7
    X[3] = flat
    X[4, used_columns(first)] = flat
    X[NOT_IN_FIRST, first.stream.a.columns[:, None]] = flat
    X[NOT_IN_SECOND, first.stream.b.columns[:, None]] = -flat
    return X


def defined_rows(split: int) -> Any:
    defined = np.ones(N_SAMPLES, dtype=np.bool_)
    defined[NOWHERE] = False
    if split == 0:
        defined[NOT_IN_FIRST + NOT_IN_SECOND] = False
    return defined
