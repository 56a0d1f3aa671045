"""Embeddings and histories that the tests of the monitor share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fastshesha.monitor import TrainingMonitor

LABELS = np.repeat(np.arange(3), 20)


def embeddings(seed: int = 0, n_features: int = 12) -> NDArray[np.float64]:
    """Sixty rows of three classes."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((3, n_features))
    return rng.standard_normal((60, n_features)) + centres[LABELS]


def small_monitor(**options: object) -> TrainingMonitor:
    """A monitor of few feature partitions."""
    return TrainingMonitor(**{"n_splits": 2, **options})  # type: ignore[arg-type]
