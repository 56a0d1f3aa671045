"""Small calls whose pairs are streamed, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import fastshesha
from scale.families import low_rank, near_copies

EXACT_PAIRS = 1000
RNG = np.random.default_rng(0)
X = low_rank(RNG, 900, 32)
LABELS = (X[:, 0] > 0).astype(int) + (X[:, 1] > 1)
# Enough features for splits to share their products.
WIDE = low_rank(RNG, 400, 128)
# Rows in narrow groups, which take a second pass.
GROUPS, OTHER_GROUPS = near_copies(RNG, 400, 16), near_copies(RNG, 400, 16)

Call = Callable[[], Any]


def split(rows: Any = X, **options: Any) -> Any:
    options = {"n_splits": 2, "seed": 1, "max_samples": None, **options}
    return fastshesha.feature_split(rows, **options)


CALLS: dict[str, Call] = {
    "splits": split,
    "shared splits": lambda: split(WIDE, n_splits=3),
    "sampled splits": lambda: split(max_pairs=60_000),
    "two passes": lambda: fastshesha.rdm_similarity(GROUPS, OTHER_GROUPS, metric="euclidean"),
    "euclidean moments": lambda: fastshesha.rdm_similarity(
        X, X[:, ::2] ** 3, method="pearson", metric="euclidean"
    ),
    "class separation": lambda: fastshesha.class_separation_ratio(X, LABELS, 5, seed=1),
    "labels": lambda: fastshesha.supervised_alignment(X, LABELS, seed=1, max_samples=10**6),
}


def answers(**settings: Any) -> dict[str, Any]:
    """What every call answers under some settings."""
    with fastshesha.config(exact_pairs=EXACT_PAIRS, **settings):
        return {name: call() for name, call in CALLS.items()}
