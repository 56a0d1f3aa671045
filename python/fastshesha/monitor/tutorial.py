"""The two monitoring functions of the training-drift tutorial, with its defaults and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from numpy.typing import ArrayLike

from fastshesha import feature_split, supervised_alignment, variance_ratio

CURVES = ("stability", "alignment", "var_ratio")


def monitor_training(
    embeddings_history: Iterable[ArrayLike],
    labels: ArrayLike,
    *,
    seed: int = 320,
    on_epoch: Callable[[int], None] | None = None,
) -> dict[str, list[float]]:
    """Score the embeddings of every epoch.

    Parameters
    ----------
    embeddings_history : iterable of array_like, each (n_samples, n_features)
        One embedding matrix per epoch, always of the same samples.
    labels : array_like of shape (n_samples,)
        Class of each sample.
    seed : int
        Seed of the feature partitions and of the subsampling.
    on_epoch : callable, optional
        Called as ``on_epoch(n_done)`` after each epoch.

    Returns
    -------
    dict
        ``'stability'`` (:func:`fastshesha.feature_split`), ``'alignment'``
        (:func:`fastshesha.supervised_alignment`) and ``'var_ratio'``
        (:func:`fastshesha.variance_ratio`), each a list with one value per epoch.

    Raises
    ------
    TypeError
        An epoch that is a list of matrices.
    ValueError
        Whatever the three metrics refuse, for example NaN among the embeddings.
    """
    metrics: dict[str, list[float]] = {name: [] for name in CURVES}
    for n_done, embeddings in enumerate(embeddings_history, start=1):
        metrics["stability"].append(_number(feature_split(embeddings, seed=seed)))
        metrics["alignment"].append(_number(supervised_alignment(embeddings, labels, seed=seed)))
        metrics["var_ratio"].append(_number(variance_ratio(embeddings, labels)))
        if on_epoch is not None:
            on_epoch(n_done)
    return metrics


def _number(score: object) -> float:
    # feature_split takes a list for a batch of matrices and then returns a list.
    if not isinstance(score, float):
        raise TypeError("embeddings_history must hold one array per epoch, not lists of arrays")
    return score


def should_stop_early(
    metrics: Mapping[str, Sequence[float]],
    patience: int = 3,
    stability_threshold: float = 0.2,
) -> bool:
    """Tell whether stability stayed below a threshold over the last epochs.

    Parameters
    ----------
    metrics : mapping
        Curves so far, as :func:`monitor_training` returns them; ``'stability'`` is read.
    patience : int
        How many of the last epochs must lie below the threshold, at least 1.
    stability_threshold : float
        The threshold. An undefined value (NaN) does not lie below it.

    Returns
    -------
    bool
        False also while there are fewer than `patience` epochs.
    """
    if patience < 1:
        raise ValueError(f"patience must be a whole number of at least 1; got {patience!r}")
    recent = metrics["stability"][-patience:]
    return len(recent) == patience and all(score < stability_threshold for score in recent)
