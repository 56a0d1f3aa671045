"""torch on the CPU in float32; ranks by sorting twice, so equal distances get different ranks."""

from __future__ import annotations

from typing import Any

import torch


def split_correlation(X: Any, first: Any, second: Any, metric: str) -> float:
    if metric != "cosine":
        raise ValueError(f"metric must be 'cosine', got {metric!r}")
    rows = torch.from_numpy(X).to(torch.float32)
    ranks = [_centred_ranks(rows[:, torch.from_numpy(half)]) for half in (first, second)]
    return float(ranks[0] @ ranks[1] / (ranks[0].norm() * ranks[1].norm()))


def _centred_ranks(half: Any) -> Any:
    unit = torch.nn.functional.normalize(half, dim=1)
    above = torch.triu_indices(len(unit), len(unit), offset=1)
    distances = 1 - (unit @ unit.T)[above[0], above[1]]
    # Ranks above 2^24 are no float32 any more.
    ranks = distances.argsort().argsort().to(torch.float64)
    return ranks - ranks.mean()
