"""Rank, spread and size of one embedding matrix: what tells a collapse that stability does not.

Rank-1 embeddings can score a stability of 0.9. These scores look at the spectrum, the directions
and the size of the rows instead; none of them needs labels or pairs of rows.
"""

from __future__ import annotations

from ._spectrum.power_law import alpha_req
from ._spectrum.rank import effective_rank, feature_participation_ratio, participation_ratio
from ._spectrum.spread import energy, mean_cosine, normalised_spread
from ._spectrum.summary import summary

__all__ = [
    "alpha_req",
    "effective_rank",
    "energy",
    "feature_participation_ratio",
    "mean_cosine",
    "normalised_spread",
    "participation_ratio",
    "summary",
]
