"""scikit-learn's pairwise distances, SciPy's ranks."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial.distance import squareform
from scipy.stats import rankdata
from sklearn.metrics import pairwise_distances


def split_correlation(X: Any, first: Any, second: Any, metric: str) -> float:
    ranks = [_ranks(X[:, half], metric) for half in (first, second)]
    return float(np.corrcoef(*ranks)[0, 1])


def _ranks(half: Any, metric: str) -> Any:
    return rankdata(squareform(pairwise_distances(half, metric=metric), checks=False))
