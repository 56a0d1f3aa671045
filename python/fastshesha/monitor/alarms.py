"""What a rule says about an epoch, and the alarm that is raised when it keeps saying so."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

FAILURES = ("collapse", "divergence", "overfit")


@dataclass(frozen=True)
class Finding:
    """What one rule sees in the newest epoch.

    Attributes
    ----------
    kind : str
        A failure ('collapse', 'divergence', 'overfit') or the name of a red flag.
    signal : str
        The signal that shows it.
    value, baseline : float
        The signal now, and what the run's own past lets expect.
    reason : str
        One sentence in plain words.
    """

    kind: str
    signal: str
    value: float
    baseline: float
    reason: str


@dataclass(frozen=True)
class Alarm(Finding):
    """A finding that held for as many epochs as its rule waits.

    Attributes
    ----------
    epoch : int
        The epoch in which the alarm was raised.
    layer : str
        The layer it concerns; empty where embeddings come without a name.
    """

    epoch: int
    layer: str = ""

    @property
    def is_failure(self) -> bool:
        """Whether the run is called failed for it; a red flag is only worth a look."""
        return self.kind in FAILURES

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain types."""
        return asdict(self)
