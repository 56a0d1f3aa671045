"""Embeddings of four simulated training runs, as the training-drift tutorial defines them.

The generator is asked for the same numbers in the same order, and every sum and product is
taken in the same order, so the arrays are those of the tutorial bit for bit.
This file imports numpy alone, so that it can also be loaded where fastshesha is not installed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SCENARIOS = ("healthy", "collapse", "divergence", "overfit")
DEFAULT_SEED = 320

_N_CLASSES = 5
_LATENT_DIMENSIONS = 30

FloatMatrix = NDArray[np.float64]


@dataclass(frozen=True)
class _Run:
    """What stays the same over the epochs of one simulated run."""

    rng: np.random.Generator
    base_signal: FloatMatrix
    class_signal: FloatMatrix

    def noise(self) -> FloatMatrix:
        return self.rng.standard_normal(self.base_signal.shape)


def simulate_training(
    n_samples: int = 500,
    n_features: int = 256,
    n_epochs: int = 20,
    scenario: str = "healthy",
    seed: int = DEFAULT_SEED,
) -> tuple[list[FloatMatrix], NDArray[np.int64]]:
    """Simulate how a representation changes while a network is trained.

    Parameters
    ----------
    n_samples : int
        Rows of every matrix, a multiple of 5 (there are five classes of equal size).
    n_features : int
        Columns of every matrix.
    n_epochs : int
        Matrices to return.
    scenario : {'healthy', 'collapse', 'divergence', 'overfit'}
        What happens to the representation.
    seed : int
        Seed of ``numpy.random.default_rng``.

    Returns
    -------
    embeddings_history : list of ndarray, each (n_samples, n_features)
        One embedding matrix per epoch.
    labels : ndarray of shape (n_samples,)
        Class of each row, 0 to 4.
    """
    embeddings_at = _scenario_step(scenario)
    labels = _class_labels(n_samples)
    run = _start_run(labels, n_features, seed)
    history = [embeddings_at(run, epoch / n_epochs) for epoch in range(n_epochs)]
    return history, labels


def _scenario_step(scenario: str) -> Callable[[_Run, float], FloatMatrix]:
    if scenario not in _STEPS:
        accepted = ", ".join(repr(name) for name in SCENARIOS)
        raise ValueError(f"scenario must be one of {accepted}; got {scenario!r}")
    return _STEPS[scenario]


def _class_labels(n_samples: int) -> NDArray[np.int64]:
    if n_samples < _N_CLASSES or n_samples % _N_CLASSES:
        raise ValueError(f"n_samples must be a positive multiple of {_N_CLASSES}; got {n_samples}")
    return np.repeat(np.arange(_N_CLASSES, dtype=np.int64), n_samples // _N_CLASSES)


def _start_run(labels: NDArray[np.int64], n_features: int, seed: int) -> _Run:
    rng = np.random.default_rng(seed)
    latent = rng.standard_normal((len(labels), _LATENT_DIMENSIONS))
    projection = rng.standard_normal((_LATENT_DIMENSIONS, n_features))
    base_signal = latent @ projection
    base_signal /= np.std(base_signal)
    class_directions = rng.standard_normal((_N_CLASSES, n_features))
    class_directions /= np.linalg.norm(class_directions, axis=1, keepdims=True)
    return _Run(rng, base_signal, class_directions[labels])


def _healthy(run: _Run, progress: float) -> FloatMatrix:
    """The class signal grows, the structure stays."""
    class_signal = run.class_signal * progress * 2
    noise = run.noise() * 0.3
    return run.base_signal * (1 - 0.3 * progress) + class_signal + noise


def _collapse(run: _Run, progress: float) -> FloatMatrix:
    """Ever more features fade away; draws nothing."""
    embeddings = run.base_signal.copy()
    n_features = embeddings.shape[1]
    n_kept = max(5, int(n_features * (1 - progress * 0.9)))
    embeddings[:, n_kept:] *= 1 - progress
    return embeddings


def _divergence(run: _Run, progress: float) -> FloatMatrix:
    """Noise drowns the structure."""
    noise = run.noise() * (0.1 + progress * 3)
    return run.base_signal + noise


def _overfit(run: _Run, progress: float) -> FloatMatrix:
    """The class signal grows up to half time, then noise grows in its place."""
    if progress < 0.5:
        class_signal = run.class_signal * progress * 4
        noise = run.noise() * 0.2
    else:
        class_signal = run.class_signal * 2
        noise = run.noise() * (progress - 0.3) * 2
    return run.base_signal * (1 - progress * 0.5) + class_signal + noise


_STEPS: dict[str, Callable[[_Run, float], FloatMatrix]] = {
    "healthy": _healthy,
    "collapse": _collapse,
    "divergence": _divergence,
    "overfit": _overfit,
}
