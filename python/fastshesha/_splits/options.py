"""The options of a call of feature_split, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastshesha._validate import (
    NAN_POLICIES,
    RETURN_TYPES,
    SPLIT_METRICS,
    require_bootstrap,
    require_choice,
    require_int,
    require_positive,
)

from .partitions import SplitRule

if TYPE_CHECKING:
    from fastshesha._typing import NanPolicy, ReturnType, Seed, SplitMetric

_DEFAULT_MOST_SPLITS = 500


@dataclass(frozen=True)
class SplitOptions:
    """The options of a call, checked one by one when they are put together."""

    rule: SplitRule
    seed: Seed
    max_samples: int | None
    n_bootstrap_ci: int | None
    ci: float
    return_all_splits: bool
    return_type: ReturnType
    max_pairs: int | None = None

    def __post_init__(self) -> None:
        require_int(self.max_samples, "max_samples", allow_none=True)
        require_bootstrap(self.n_bootstrap_ci, self.ci)
        require_choice(self.return_type, "return_type", RETURN_TYPES)


def checked_rule(
    n_splits: int,
    metric: SplitMetric,
    nan_policy: NanPolicy,
    target_mc_se: float | None,
    max_splits: int | None,
) -> SplitRule:
    """The rule for scoring partitions, or an error that names the option at fault."""
    require_int(n_splits, "n_splits")
    require_choice(metric, "metric", SPLIT_METRICS)
    require_choice(nan_policy, "nan_policy", NAN_POLICIES)
    if target_mc_se is None:
        if max_splits is not None:
            raise ValueError(f"max_splits requires target_mc_se, got {max_splits!r} and None")
        return SplitRule(metric, nan_policy, n_splits, None, n_splits)
    require_positive(target_mc_se, "target_mc_se")
    require_int(max_splits, "max_splits", allow_none=True)
    limit = max(n_splits, _DEFAULT_MOST_SPLITS) if max_splits is None else int(max_splits)
    if limit < n_splits:
        raise ValueError(f"max_splits must be >= n_splits={n_splits}, got {max_splits}")
    return SplitRule(metric, nan_policy, n_splits, float(target_mc_se), limit)
