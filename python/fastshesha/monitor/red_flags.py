"""The tutorial's red flags: worth a look, but by themselves no failure of the run."""

from __future__ import annotations

from fastshesha.monitor.alarms import Finding
from fastshesha.monitor.curves import Curves

VERY_LOW = 0.1
SUDDEN_DROP = 0.5
ALIGNMENT_KEPT = 0.9
LOSS_FELL = 0.9


def stability_is_low(curves: Curves) -> Finding | None:
    """Stability is below 0.1, and was not at the start."""
    now, start = curves.now("stability"), curves.start("stability")
    if now < VERY_LOW <= start:
        told = f"stability is below {VERY_LOW}: possible collapse or noise"
        return Finding("low_stability", "stability", now, start, told)
    return None


def stability_below_threshold(curves: Curves) -> Finding | None:
    """The tutorial's rule for stopping, where stability was not below from the start."""
    now, start = curves.now("stability"), curves.start("stability")
    if now < curves.limits.stability_threshold <= start:
        told = f"stability is below its threshold of {curves.limits.stability_threshold}"
        return Finding("threshold", "stability", now, start, told)
    return None


def stability_drops(curves: Curves) -> Finding | None:
    """Stability halves from one epoch to the next, from where it was not low already."""
    known = curves.of("stability")[-2:]
    if len(known) == 2 and known[0] >= VERY_LOW and known[1] <= SUDDEN_DROP * known[0]:
        told = f"stability fell from {known[0]:.2f} to {known[1]:.2f} within an epoch"
        return Finding("sudden_drop", "stability", known[1], known[0], told)
    return None


def alignment_falls(curves: Curves) -> Finding | None:
    """Alignment falls from its peak while the loss still falls."""
    position, peak = curves.smooth_peak("alignment")
    now, loss, at_peak = (
        curves.recent("alignment"),
        curves.recent("loss"),
        curves.smooth("loss", position),
    )
    fell = peak > 0.0 and now <= ALIGNMENT_KEPT * peak and peak - now > curves.limits.min_delta
    if fell and 0.0 < loss <= LOSS_FELL * at_peak:
        told = f"alignment keeps {now / peak:.0%} of its best while the loss falls"
        return Finding("alignment_falls", "alignment", now, peak, told)
    return None
