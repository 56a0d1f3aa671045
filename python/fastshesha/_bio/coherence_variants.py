"""Coherence of a perturbation by one method, under a name of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .perturbation_coherence import perturbation_coherence

if TYPE_CHECKING:
    from fastshesha._typing import CoherenceMetric, MatrixLike, Score, Seed


def perturbation_coherence_whitened(
    X_control: MatrixLike,
    X_perturbed: MatrixLike,
    regularization: float = 1e-6,
    seed: Seed = None,
    max_samples: int | None = 1000,
) -> Score:
    """Agreement in direction of the shifts, where the controls have unit covariance.

    :func:`perturbation_coherence` with ``method='whitened'``: features of unequal scale and
    correlated features count alike.

    Parameters
    ----------
    X_control : array_like of shape (n_control, n_features)
        Unperturbed samples, one per row.
    X_perturbed : array_like of shape (n_perturbed, n_features)
        Perturbed samples, with the same features.
    regularization : float, default=1e-6
        Added to the diagonal of the covariance of the controls, and its least eigenvalue.
    seed : int, optional
        Seed of the subsample.
    max_samples : int, optional
        Draw that many perturbed samples at random when there are more; None takes all.

    Returns
    -------
    float
        From -1 to 1. NaN with fewer than 5 controls or 5 perturbed samples.

    Raises
    ------
    ValueError
        An option outside its range, an input that is not a finite matrix, or different numbers
        of features.
    TypeError
        An input that numpy cannot read, or an unusable ``seed``.

    See Also
    --------
    perturbation_coherence : Bootstrap intervals, results, and what a score means.

    Notes
    -----
    O(n_control d^2 + d^3) time. With no more controls than features the covariance is singular:
    directions in which the controls do not vary get the weight ``regularization ** -0.5``, and
    decide the score. The distance of Mahalanobis, "On the generalised distance in statistics",
    Proceedings of the National Institute of Sciences of India 2, 1936, in the form of Raju's
    shesha-geometry.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.bio import perturbation_coherence_whitened
    >>> rng = np.random.default_rng(0)
    >>> control = rng.standard_normal((200, 3)) * [1.0, 10.0, 100.0]
    >>> perturbed = rng.standard_normal((100, 3)) * [1.0, 10.0, 100.0] + [3.0, 0.0, 0.0]
    >>> perturbation_coherence_whitened(control, perturbed) > 0.8
    True
    """
    return perturbation_coherence(
        X_control,
        X_perturbed,
        "whitened",
        regularization=regularization,
        seed=seed,
        max_samples=max_samples,
    )


def perturbation_coherence_knn(
    X_control: MatrixLike,
    X_perturbed: MatrixLike,
    k: int = 50,
    metric: CoherenceMetric = "euclidean",
    seed: Seed = None,
    max_samples: int | None = 1000,
) -> Score:
    """Agreement in direction of the shifts of samples from their nearest controls.

    :func:`perturbation_coherence` with ``method='knn'``, and another default of ``metric``: each
    sample is compared with controls like itself, which suits controls of several kinds.

    Parameters
    ----------
    X_control : array_like of shape (n_control, n_features)
        Unperturbed samples, one per row.
    X_perturbed : array_like of shape (n_perturbed, n_features)
        Perturbed samples, with the same features.
    k : int, default=50
        Number of nearest controls; all of them where there are fewer.
    metric : {'euclidean', 'cosine'}, default='euclidean'
        Distance between samples and controls.
    seed : int, optional
        Seed of the subsample.
    max_samples : int, optional
        Draw that many perturbed samples at random when there are more; None takes all.

    Returns
    -------
    float
        From -1 to 1. NaN with fewer than 5 controls or 5 perturbed samples.

    Raises
    ------
    ValueError
        An option outside its range, an input that is not a finite matrix, different numbers of
        features, or none.
    TypeError
        An input that numpy cannot read, or an unusable ``seed``.

    See Also
    --------
    perturbation_coherence : Bootstrap intervals, results, and what a score means.

    Notes
    -----
    O(n_control n_perturbed d) time, in blocks of at most 32 MiB of distances; more controls than
    that in float64 become float64 a block at a time. The neighbours are those of scikit-learn's
    ``NearestNeighbors`` on one thread; of equally distant controls it takes others on several
    threads, from 257 controls on.

    A perturbation that moves samples towards other controls is measured from those: the nearest
    controls of a strongly shifted sample need not be the ones it came from. The measure is that
    of Raju's shesha-geometry.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.bio import perturbation_coherence_knn
    >>> rng = np.random.default_rng(0)
    >>> kinds = 50.0 * rng.integers(0, 2, size=(300, 1))
    >>> cells = rng.standard_normal((300, 5)) + kinds
    >>> perturbation_coherence_knn(cells[:200], cells[200:] + 2.0, k=10) > 0.8
    True
    """
    return perturbation_coherence(
        X_control,
        X_perturbed,
        "knn",
        metric,
        k,
        seed=seed,
        max_samples=max_samples,
    )
