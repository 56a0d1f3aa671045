"""rsatoolbox's matrices of distances (it knows no cosine) and their comparison."""

from __future__ import annotations

from typing import Any

from rsatoolbox.data import Dataset
from rsatoolbox.rdm import calc_rdm, compare


def split_correlation(X: Any, first: Any, second: Any, metric: str) -> float:
    rdms = [calc_rdm(Dataset(X[:, half]), method=metric) for half in (first, second)]
    return float(compare(*rdms, method="spearman")[0, 0])
