"""What the three curves of a run say about it, judged against the run's own start.

The reading follows the interpretation table of the training-drift tutorial:

* healthy: stability kept or slightly lower;
* overfit: stability falls after the class signal has risen, and the class signal falls again;
* divergence: stability falls to about nothing, and there is no class signal to lose;
* collapse: stability falls sharply but not to nothing.

The class signal is the variance ratio: it uses all rows, while the alignment of a few hundred
subsampled rows scatters by as much as it changes in these runs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STABILITY_KEPT = 0.8
STABILITY_GONE = 0.2
CLASS_SIGNAL_ROSE = 1.5
CLASS_SIGNAL_LOST = 0.25


@dataclass(frozen=True)
class Diagnosis:
    """The name of what happened, and why it is called so."""

    name: str
    reason: str


@dataclass(frozen=True)
class _ClassSignal:
    """How the variance ratio went, from its value at the start."""

    peak_epoch: int
    rise: float
    end: float
    lost: float

    @property
    def peaked_then_fell(self) -> bool:
        return self.rise >= CLASS_SIGNAL_ROSE and self.lost >= CLASS_SIGNAL_LOST


def diagnose(metrics: Mapping[str, Sequence[float]]) -> Diagnosis:
    """Name what happened in a run.

    Parameters
    ----------
    metrics : mapping
        ``'stability'`` and ``'var_ratio'`` with one value per epoch.

    Returns
    -------
    Diagnosis
        Named 'healthy', 'collapse', 'divergence' or 'overfit'; 'undetermined' where a curve
        is undefined somewhere or starts at zero or below, so that there is nothing to compare with.
    """
    stability, var_ratio = metrics["stability"], metrics["var_ratio"]
    if not (_comparable(stability) and _comparable(var_ratio)):
        return Diagnosis("undetermined", "a curve is undefined or does not start above zero")
    kept = stability[-1] / stability[0]
    signal = _class_signal(var_ratio)
    if kept >= STABILITY_KEPT:
        return Diagnosis("healthy", _healthy_reason(kept, signal))
    if signal.peaked_then_fell:
        return Diagnosis("overfit", _overfit_reason(kept, signal))
    if kept < STABILITY_GONE:
        return Diagnosis("divergence", _divergence_reason(kept, signal))
    return Diagnosis("collapse", f"stability falls to {kept:.0%} of its start, not to zero")


def _comparable(curve: Sequence[float]) -> bool:
    return len(curve) > 0 and all(map(math.isfinite, curve)) and curve[0] > 0


def _class_signal(var_ratio: Sequence[float]) -> _ClassSignal:
    start, last, peak = var_ratio[0], var_ratio[-1], max(var_ratio)
    gain = peak - start
    lost = (peak - last) / gain if gain > 0 else 0.0
    return _ClassSignal(
        peak_epoch=list(var_ratio).index(peak), rise=peak / start, end=last / start, lost=lost
    )


def _healthy_reason(kept: float, signal: _ClassSignal) -> str:
    return (
        f"stability keeps {kept:.0%} of its start, "
        f"and the class signal ends at {signal.end:.1f} times its start"
    )


def _overfit_reason(kept: float, signal: _ClassSignal) -> str:
    return (
        f"stability falls to {kept:.0%} of its start, and the class signal, "
        f"{signal.rise:.1f} times its start at epoch {signal.peak_epoch}, "
        f"loses {signal.lost:.0%} of that gain"
    )


def _divergence_reason(kept: float, signal: _ClassSignal) -> str:
    return (
        f"stability falls to {kept:.0%} of its start, and the class signal "
        f"never exceeds {signal.rise:.1f} times its start"
    )
