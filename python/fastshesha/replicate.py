"""Stability across matched replicates, under the names of the original's module ``replicate``."""

from __future__ import annotations

from ._rdms.anchor_profiles import anchor_profile_stability
from ._rdms.replicate import replicate_stability

__all__ = ["anchor_profile_stability", "replicate_stability"]
