"""Whether the distances of all pairs are kept and ranked exactly, or streamed."""

from __future__ import annotations

from typing import Any

from fastshesha._config import exact_pair_limit

# Streamed levels are made from a sample of pairs, which takes some.
_FEWEST_STREAMED = 64


def count_pairs(n_samples: int) -> int:
    """Pairs of so many samples."""
    return n_samples * (n_samples - 1) // 2


def beyond_exact(n_samples: int) -> bool:
    """Whether so many samples have more pairs than are ranked exactly."""
    return n_samples >= _FEWEST_STREAMED and count_pairs(n_samples) > exact_pair_limit()


def told_of_sampling(max_pairs: int | None, estimate: float) -> dict[str, Any]:
    """What results tell where pairs were to be sampled, as if all had been compared."""
    if max_pairs is None:
        return {}
    return {
        "max_pairs": int(max_pairs),
        "pair_se": 0.0,
        "pair_ci_low": estimate,
        "pair_ci_high": estimate,
    }
