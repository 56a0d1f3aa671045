"""The rules: each looks for one way to fail, judged against the run's own past.

A rule sees the curves up to the newest epoch and says what it finds there, or None. The monitor
raises an alarm when a rule has found something in `patience` epochs in a row.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from fastshesha.monitor.alarms import Finding
from fastshesha.monitor.curves import Curves
from fastshesha.monitor.red_flags import (
    alignment_falls,
    stability_below_threshold,
    stability_drops,
    stability_is_low,
)

# Shares of the best value so far, unless said otherwise; docs/monitor.md tells why.
DIRECTIONS_GONE = 0.25
RANK_GONE = 0.15
FEATURES_FADED = 0.65
ENERGY_FADED = 0.75
SPREAD_FADED = 0.95
CLASS_SIGNAL_LOST = 0.7
CLASS_SIGNAL_ROSE = 1.25
CLASS_SIGNAL_PEAKED = 0.97
ZERO_ROWS = 0.5
STABILITY_LOST = 0.85
DIRECTIONS_ADDED = 1.5
STABILITY_HELD = 0.9
RANK_AT_ITS_HIGHEST = 0.98
DRIFT_OF_NOISE = 0.05
LOSS_RISES = 1.25
LOSS_EXPLODED = 3.0
LOSS_WORSE = 1.005
LOSS_SPIKED = 1.5
LOSS_STILL_FALLS = 0.5
CLASS_SIGNAL_SLIDES = 0.95


@dataclass(frozen=True)
class Rule:
    """One rule; `waits` tells whether it must hold for `patience` epochs."""

    name: str
    judge: Callable[[Curves], Finding | None]
    waits: bool = True


def directions_vanish(curves: Curves) -> Finding | None:
    """All rows point the same way, whatever the labels say."""
    if curves.kept("normalised_spread") <= DIRECTIONS_GONE:
        return _geometry_lost(curves, "normalised_spread", "the rows point ever more the same way")
    return None


def rows_vanish(curves: Curves) -> Finding | None:
    """Most rows are zero, and were not at the start: dead units."""
    dead = curves.now("zero_rows")
    if dead >= ZERO_ROWS and not curves.start("zero_rows") >= ZERO_ROWS:
        return _geometry_lost(curves, "zero_rows", f"{dead:.0%} of the rows are zero")
    return None


def rank_vanishes(curves: Curves) -> Finding | None:
    """Few directions are left, and what tells the classes apart went with the others."""
    kept = curves.kept("effective_rank")
    if kept <= RANK_GONE and not curves.kept("var_ratio") > CLASS_SIGNAL_LOST:
        return _geometry_lost(curves, "effective_rank", f"{kept:.0%} of the effective rank is left")
    return None


def features_fade(curves: Curves) -> Finding | None:
    """Fewer features carry less variance and the classes gain nothing by it."""
    faded = (
        curves.kept("feature_participation_ratio") <= FEATURES_FADED
        and curves.kept("energy") <= ENERGY_FADED
        and curves.kept("normalised_spread") <= SPREAD_FADED
    )
    if faded and not _class_signal_rose(curves):
        kept = curves.kept("feature_participation_ratio")
        told = f"the variance stands in {kept:.0%} of the features it once filled"
        return _geometry_lost(curves, "feature_participation_ratio", told)
    return None


def noise_takes_over(curves: Curves) -> Finding | None:
    """Stability falls while the variance spreads over more directions than ever.

    Where a loss is given it must rise. Without one the geometry must jump from epoch to epoch,
    since noise is new in each, and what was learned before tells overfitting from divergence.
    """
    added = curves.times_lowest("participation_ratio")
    if not (
        curves.kept("stability") <= STABILITY_LOST
        and added >= DIRECTIONS_ADDED
        and curves.kept("effective_rank") >= RANK_AT_ITS_HIGHEST
    ):
        return None
    worse = _loss_rises(curves)
    if worse is False:
        return None
    memorised = worse is None and _improved_before_stability_fell(curves)
    if worse is None and curves.now("drift_previous") < DRIFT_OF_NOISE:
        return None
    if memorised and not curves.kept("var_ratio") <= CLASS_SIGNAL_PEAKED:
        return None
    earlier = "after the classes had come apart" if memorised else "and nothing is learned"
    return Finding(
        "overfit" if memorised else "divergence",
        "stability",
        curves.now("stability"),
        curves.highest("stability"),
        f"noise takes over {earlier}: stability keeps {curves.kept('stability'):.0%} of its best, "
        f"and the variance fills {added:.1f} times as many directions",
    )


def values_overflow(curves: Curves) -> Finding | None:
    """Embeddings hold NaN or infinity, or the loss was a number and is none any more."""
    share = curves.now("nonfinite_rows")
    if share > 0.0:
        told = f"{share:.0%} of the rows hold NaN or infinity"
        return Finding("divergence", "nonfinite_rows", share, 0.0, told)
    losses = curves.of("loss")
    if losses and math.isinf(losses[-1]):
        told = "the loss is infinite"
        return Finding("divergence", "loss", losses[-1], curves.start("loss"), told)
    return None


def loss_explodes(curves: Curves) -> Finding | None:
    """The loss stands far above where it began."""
    start, now = curves.start("loss"), curves.now("loss")
    if now > start + (LOSS_EXPLODED - 1.0) * abs(start):
        told = f"the loss is {now:.3g}, and was {start:.3g} at the start"
        return Finding("divergence", "loss", now, start, told)
    return None


def class_signal_slides(curves: Curves) -> Finding | None:
    """The classes close up again while the loss still falls: memorising."""
    position, peak = curves.smooth_peak("var_ratio")
    now, loss = curves.recent("var_ratio"), curves.recent("loss")
    slid = peak > 0.0 and now <= CLASS_SIGNAL_SLIDES * peak
    if not (slid and peak - now > curves.limits.min_delta):
        return None
    # Since the later of both peaks: what alignment still gains is no overfitting.
    at_peak = curves.smooth("loss", max(position, curves.smooth_peak("alignment")[0]))
    if not 0.0 < loss <= LOSS_STILL_FALLS * at_peak:
        return None
    told = (
        f"variance ratio keeps {now / peak:.0%} of its best, and alignment rises no more, "
        f"while the loss fell from {at_peak:.3g} to {loss:.3g}"
    )
    return Finding("overfit", "var_ratio", curves.now("var_ratio"), peak, told)


RULES = (
    Rule("directions_vanish", directions_vanish),
    Rule("rows_vanish", rows_vanish),
    Rule("rank_vanishes", rank_vanishes),
    Rule("features_fade", features_fade),
    Rule("noise_takes_over", noise_takes_over),
    Rule("values_overflow", values_overflow),
    Rule("loss_explodes", loss_explodes),
    Rule("class_signal_slides", class_signal_slides),
    Rule("stability_below_threshold", stability_below_threshold),
    Rule("stability_is_low", stability_is_low),
    Rule("stability_drops", stability_drops, waits=False),
    Rule("alignment_falls", alignment_falls),
)


def _geometry_lost(curves: Curves, signal: str, told: str) -> Finding:
    """Lost geometry is collapse, unless the loss is worse than before training: divergence.

    A network whose output no longer depends on its input does about as well as an untrained one;
    one whose weights have run away does worse, or did on the way.
    """
    start, now = curves.start("loss"), curves.recent("loss")
    highest = max(now, curves.highest("loss"))
    worse = now - start > (LOSS_WORSE - 1.0) * abs(start)
    spiked = highest - start > (LOSS_SPIKED - 1.0) * abs(start)
    kind = "divergence" if worse or spiked else "collapse"
    if worse or spiked:
        told += f", and the loss, {start:.3g} at the start, rose to {highest:.3g}"
    return Finding(kind, signal, curves.now(signal), curves.highest(signal), told)


def _class_signal_rose(curves: Curves) -> bool:
    return curves.now("var_ratio") >= CLASS_SIGNAL_ROSE * curves.start("var_ratio")


def _loss_rises(curves: Curves) -> bool | None:
    """Whether the loss is clearly above its lowest; None where there is no loss."""
    lowest, now = curves.lowest("loss"), curves.recent("loss")
    return None if math.isnan(lowest) else now > lowest + (LOSS_RISES - 1.0) * abs(lowest)


def _improved_before_stability_fell(curves: Curves) -> bool:
    """Whether the classes came apart while stability still was near its best."""
    stability = curves.of("stability")
    held = STABILITY_HELD * curves.highest("stability")
    pairs = zip(curves.of("var_ratio"), stability, strict=True)
    before = [ratio for ratio, stable in pairs if stable >= held and math.isfinite(ratio)]
    return max(before, default=math.nan) >= CLASS_SIGNAL_ROSE * curves.start("var_ratio")
