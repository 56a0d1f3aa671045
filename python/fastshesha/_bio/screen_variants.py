"""The kinds of coherence under names of their own, of every perturbation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .coherence_screen import coherence_scores
from .methods import CoherenceOptions

if TYPE_CHECKING:
    from fastshesha._typing import CoherenceMetric, Score, Seed


def compute_coherence_whitened(
    adata: Any,
    perturbation_key: str,
    control_label: Any = "control",
    layer: str | None = None,
    regularization: float = 1e-6,
    seed: Seed = None,
    max_samples: int | None = 1000,
) -> dict[Any, Score]:
    """:func:`compute_coherence` with ``method='whitened'``, which documents it.

    Parameters
    ----------
    adata, perturbation_key, control_label, layer
        As in :func:`compute_coherence`.
    regularization : float, default=1e-6
        Added to the variances of the controls.
    seed : int, optional
        Seed of the subsamples.
    max_samples : int or None, default=1000
        Draw that many cells of a perturbation at random where there are more.

    Returns
    -------
    dict
        A coherence from -1 to 1 for each perturbation.

    Raises
    ------
    ImportError, KeyError, ValueError
        As :func:`compute_coherence` does.

    Notes
    -----
    The covariance of the controls is factored once, O(n d^2 + d^3), and takes O(d^2) memory.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> from fastshesha.bio import compute_coherence_whitened
    >>> cells = np.random.default_rng(0).standard_normal((300, 3)) * [1.0, 10.0, 100.0]
    >>> cells[200:, 0] += 3.0
    >>> guides = np.repeat(["control", "KLF1"], [200, 100])
    >>> adata = SimpleNamespace(X=cells, layers={}, obs={"guide": guides})
    >>> compute_coherence_whitened(adata, "guide")["KLF1"] > 0.8
    True
    """
    options = CoherenceOptions(
        "whitened", regularization=regularization, seed=seed, max_samples=max_samples
    )
    return coherence_scores(adata, perturbation_key, control_label, layer, options)


def compute_coherence_knn(
    adata: Any,
    perturbation_key: str,
    control_label: Any = "control",
    layer: str | None = None,
    k: int = 50,
    metric: CoherenceMetric = "euclidean",
    seed: Seed = None,
    max_samples: int | None = 1000,
) -> dict[Any, Score]:
    """:func:`compute_coherence` with ``method='knn'``, which documents it.

    The distance to the controls is Euclidean here unless told otherwise.

    Parameters
    ----------
    adata, perturbation_key, control_label, layer
        As in :func:`compute_coherence`.
    k : int, default=50
        Neighbours; all controls where there are fewer.
    metric : {'cosine', 'euclidean'}, default='euclidean'
        Distance to the controls.
    seed : int, optional
        Seed of the subsamples.
    max_samples : int or None, default=1000
        Draw that many cells of a perturbation at random where there are more.

    Returns
    -------
    dict
        A coherence from -1 to 1 for each perturbation.

    Raises
    ------
    ImportError, KeyError, ValueError
        As :func:`compute_coherence` does.

    Notes
    -----
    All controls are held as one dense matrix of float64.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> from fastshesha.bio import compute_coherence_knn
    >>> rng = np.random.default_rng(0)
    >>> cells = rng.standard_normal((300, 5)) + 50.0 * rng.integers(0, 2, size=(300, 1))
    >>> cells[200:] += 2.0
    >>> guides = np.repeat(["control", "KLF1"], [200, 100])
    >>> adata = SimpleNamespace(X=cells, layers={}, obs={"guide": guides})
    >>> compute_coherence_knn(adata, "guide", k=10)["KLF1"] > 0.8
    True
    """
    options = CoherenceOptions("knn", metric, k, seed=seed, max_samples=max_samples)
    return coherence_scores(adata, perturbation_key, control_label, layer, options)
