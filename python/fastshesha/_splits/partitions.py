"""Random feature partitions: drawing, scoring, and when to stop."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._plan import feature_halves
from fastshesha._resources.threads import n_threads

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray, NanPolicy, SplitMetric
    from fastshesha._warnings import WarningTally

    from .paths import Scorer

# Partitions are drawn and scored in batches whose feature indices take at most 64 MiB.
_INDICES_PER_BATCH = 2**23


@dataclass(frozen=True)
class SplitRule:
    """How partitions are scored, and how many of them.

    Attributes
    ----------
    metric, nan_policy : str
        Distance within a half, and what happens to undefined distances.
    n_splits : int
        Partitions to score, or the least number with a target.
    target_mc_se : float or None
        Monte Carlo standard error to reach.
    limit : int
        Partitions after which to give up on the target; ``n_splits`` without a target.
    """

    metric: SplitMetric
    nan_policy: NanPolicy
    n_splits: int
    target_mc_se: float | None
    limit: int


@dataclass
class Partitions:
    """Partitions scored so far; ``scores`` holds those that could be scored, in order."""

    first: list[IndexArray] = field(default_factory=list)
    second: list[IndexArray] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    propagated: bool = False

    @property
    def n_drawn(self) -> int:
        return len(self.first)

    @property
    def mean(self) -> float:
        return float(np.mean(self.scores)) if self.scores else math.nan

    @property
    def standard_deviation(self) -> float:
        return float(np.std(self.scores, ddof=1)) if len(self.scores) >= 2 else math.nan

    @property
    def monte_carlo_se(self) -> float:
        return self.standard_deviation / math.sqrt(max(1, len(self.scores)))


def score_partitions(
    n_features: int,
    score: Scorer,
    rng: np.random.Generator,
    rule: SplitRule,
    tally: WarningTally,
) -> Partitions:
    """Draw and score partitions of the columns until the rule is met.

    A batch is drawn at a time; what a batch holds beyond the first partition at which one would
    have stopped is given back to the generator, as if partitions had been drawn one by one.
    """
    partitions = Partitions()
    while not _finished(partitions, rule):
        state = rng.bit_generator.state
        size = _batch_size(partitions, rule, n_features)
        first, second = feature_halves(rng, n_features, size)
        scores, n_undefined = score(first, second)
        n_used = 0
        while n_used < size and not (n_used and _finished(partitions, rule)):
            partitions.first.append(first[n_used])
            partitions.second.append(second[n_used])
            _note_score(partitions, float(scores[n_used]), int(n_undefined[n_used]), rule, tally)
            n_used += 1
        if n_used < size:
            rng.bit_generator.state = state
            feature_halves(rng, n_features, n_used)
    return partitions


def _note_score(
    partitions: Partitions, score: float, n_undefined: int, rule: SplitRule, tally: WarningTally
) -> None:
    if n_undefined:
        tally.undefined(rule.nan_policy, n_undefined)
        if rule.nan_policy == "propagate":
            partitions.propagated = True
            partitions.scores.clear()
    if math.isfinite(score):
        partitions.scores.append(score)


def _finished(partitions: Partitions, rule: SplitRule) -> bool:
    if partitions.propagated or partitions.n_drawn >= rule.limit:
        return True
    if rule.target_mc_se is None or partitions.n_drawn < rule.n_splits:
        return False
    return partitions.monte_carlo_se <= rule.target_mc_se


def _batch_size(partitions: Partitions, rule: SplitRule, n_features: int) -> int:
    """How many partitions to draw next: what the target seems to need, one per thread at least."""
    most = min(rule.limit - partitions.n_drawn, max(1, _INDICES_PER_BATCH // n_features))
    if partitions.n_drawn < rule.n_splits:
        return min(most, rule.n_splits - partitions.n_drawn)
    error = partitions.monte_carlo_se
    if rule.target_mc_se is None or not math.isfinite(error):
        return min(most, n_threads())
    # The standard error falls with the square root of the number of partitions.
    needed = len(partitions.scores) * ((error / rule.target_mc_se) ** 2 - 1.0)
    return min(most, max(n_threads(), math.ceil(min(needed, partitions.n_drawn))))
