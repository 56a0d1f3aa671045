"""SciPy's distances and ranks."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial.distance import pdist
from scipy.stats import rankdata


def split_correlation(X: Any, first: Any, second: Any, metric: str) -> float:
    ranks = [rankdata(pdist(X[:, half], metric)) for half in (first, second)]
    return float(np.corrcoef(*ranks)[0, 1])
