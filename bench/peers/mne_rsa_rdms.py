"""mne-rsa's matrices of distances and their comparison."""

from __future__ import annotations

from typing import Any

from mne_rsa import compute_rdm, rsa


def split_correlation(X: Any, first: Any, second: Any, metric: str) -> float:
    rdms = [compute_rdm(X[:, half], metric=metric) for half in (first, second)]
    return float(rsa(*rdms, metric="spearman"))
