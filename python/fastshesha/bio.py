"""Perturbation experiments: how coherent, how large and how reproducible effects are.

The functions are those of the original's module ``bio``. Arrays need numpy alone; data frames
need pandas and AnnData objects anndata (``pip install 'fastshesha[bio]'``), local regression
statsmodels (``pip install 'fastshesha[loess]'``).
"""

from __future__ import annotations

from typing import Any

from ._bio.coherence_variants import (
    perturbation_coherence_knn,
    perturbation_coherence_whitened,
)
from ._bio.discordance import discordance
from ._bio.magnitude_matched import magnitude_matched_comparison
from ._bio.perturbation_coherence import perturbation_coherence
from ._bio.perturbation_effect_size import perturbation_effect_size
from ._bio.screen_variants import compute_coherence_knn, compute_coherence_whitened
from ._bio.screens import compute_coherence, compute_magnitude
from ._bio.split_half import split_half_reproducibility

__all__ = [
    "compute_coherence",
    "compute_coherence_knn",
    "compute_coherence_whitened",
    "compute_magnitude",
    "discordance",
    "magnitude_matched_comparison",
    "perturbation_coherence",
    "perturbation_coherence_knn",
    "perturbation_coherence_whitened",
    "perturbation_effect_size",
    "split_half_reproducibility",
]


def __getattr__(name: str) -> Any:
    """``AnnData``, which the original's module holds as well: anndata's class, or None."""
    if name != "AnnData":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from anndata import AnnData
    except ImportError:
        return None
    return AnnData
