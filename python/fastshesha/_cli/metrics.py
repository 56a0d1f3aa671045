"""The metrics ``fastshesha score`` offers: what each needs and which options it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import fastshesha

# Name of an option on the command line -> keyword of the function.
KEYWORDS = {
    "n_splits": "n_splits",
    "distance": "metric",
    "method": "method",
    "seed": "seed",
    "max_samples": "max_samples",
    "max_pairs": "max_pairs",
    "nan_policy": "nan_policy",
    "n_bootstrap_ci": "n_bootstrap_ci",
    "ci": "ci",
}
PARTNERS = ("labels", "other")
_BOOTSTRAP = ("n_bootstrap_ci", "ci", "seed")
_TWO_DISTANCES = ("cosine", "correlation")
_THREE_DISTANCES = ("cosine", "correlation", "euclidean")
_RDM_OPTIONS = ("method", "distance", "max_pairs", "nan_policy", *_BOOTSTRAP)


def flag(option: str) -> str:
    """Return the option as it is typed."""
    return "--" + option.replace("_", "-")


@dataclass(frozen=True)
class Metric:
    """One metric as the command line sees it."""

    function: Callable[..., Any]
    options: tuple[str, ...]
    partner: str | None = None
    distances: tuple[str, ...] = ()

    @property
    def flags(self) -> str:
        """What may be typed for this metric, as one text."""
        partner = () if self.partner is None else (self.partner,)
        return ", ".join(flag(option) for option in (*partner, *self.options))


METRICS = {
    "feature_split": Metric(
        fastshesha.feature_split,
        options=("n_splits", "distance", "max_samples", "max_pairs", "nan_policy", *_BOOTSTRAP),
        distances=_TWO_DISTANCES,
    ),
    "supervised_alignment": Metric(
        fastshesha.supervised_alignment,
        options=("distance", "max_samples", "max_pairs", *_BOOTSTRAP),
        partner="labels",
        distances=_TWO_DISTANCES,
    ),
    "variance_ratio": Metric(
        fastshesha.variance_ratio,
        options=_BOOTSTRAP,
        partner="labels",
    ),
    "class_separation_ratio": Metric(
        fastshesha.class_separation_ratio,
        options=("distance", "max_pairs", *_BOOTSTRAP),
        partner="labels",
        distances=("cosine", "euclidean"),
    ),
    "lda_stability": Metric(
        fastshesha.lda_stability,
        options=_BOOTSTRAP,
        partner="labels",
    ),
    "rdm_similarity": Metric(
        fastshesha.rdm_similarity,
        options=_RDM_OPTIONS,
        partner="other",
        distances=_THREE_DISTANCES,
    ),
    "rdm_drift": Metric(
        fastshesha.rdm_drift,
        options=_RDM_OPTIONS,
        partner="other",
        distances=_THREE_DISTANCES,
    ),
}
