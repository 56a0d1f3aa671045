"""When the tutorial's early-stopping rule would have ended a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastshesha.monitor import should_stop_early

FIRST_CHECK = 5


def early_stopping_epoch(metrics: Mapping[str, Sequence[float]]) -> int | None:
    """Replay a run and return the number of epochs after which it would have been stopped.

    The rule is asked after 5, 6, ... epochs, never after the last one (there is nothing
    left to save then). None: the rule never fired.
    """
    n_epochs = len(metrics["stability"])
    for n_seen in range(FIRST_CHECK, n_epochs):
        if should_stop_early({"stability": metrics["stability"][:n_seen]}):
            return n_seen
    return None
