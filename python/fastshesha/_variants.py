"""One of the stability metrics, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._splits.anchor_stability import anchor_stability
from ._splits.feature_split import feature_split
from ._splits.sample_split import sample_split
from ._supervised.alignment import supervised_alignment
from ._supervised.variance_ratio import variance_ratio
from ._validate import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._typing import ArrayLike, MatrixLike, Score

_UNSUPERVISED: dict[str, Callable[..., Score | list[Score]]] = {
    "feature_split": feature_split,
    "sample_split": sample_split,
    "anchor": anchor_stability,
}
_VARIANTS = (*_UNSUPERVISED, "variance", "supervised")
_VARIANCE_KEYWORDS = ("n_bootstrap_ci", "ci", "seed", "return_type")


def shesha(
    X: MatrixLike | list[Any],
    y: ArrayLike | None = None,
    variant: str = "feature_split",
    **kwargs: Any,
) -> Score | list[Score]:
    """One of the stability metrics, by name.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Embeddings, one row per sample.
    y : array_like of shape (n_samples,), optional
        Labels; required by 'variance' and 'supervised', ignored by the others.
    variant : str, default='feature_split'
        'feature_split' for :func:`feature_split`, 'variance' for :func:`variance_ratio`,
        'supervised' for :func:`supervised_alignment`; 'sample_split' and 'anchor' for
        :func:`sample_split` and :func:`anchor_stability`, both deprecated.
    **kwargs
        Passed on. 'variance' takes those of :func:`variance_ratio`, but ignores them as the
        original does.

    Returns
    -------
    float, dict, StabilityResult or list
        What the metric returns.

    Raises
    ------
    ValueError
        An unknown variant, or missing labels.
    TypeError
        A keyword the metric does not have.

    Warns
    -----
    FutureWarning
        With 'sample_split' and 'anchor'.

    Notes
    -----
    Time and memory are those of the metric.

    Examples
    --------
    >>> import fastshesha
    >>> X = [[0.0, 1.0], [0.0, 3.0], [4.0, 1.0], [4.0, 3.0]]
    >>> round(fastshesha.shesha(X, [0, 0, 1, 1], variant="variance"), 6)
    0.8
    """
    if variant not in _VARIANTS:
        raise ValueError(f"Unknown variant: must be one of {listed(_VARIANTS)}; got {variant!r}")
    if variant in _UNSUPERVISED:
        return _UNSUPERVISED[variant](X, **kwargs)
    if y is None:
        raise ValueError(f"Labels required: variant={variant!r} needs y, one label per sample")
    if variant == "supervised":
        return supervised_alignment(X, y, **kwargs)
    unknown = [name for name in kwargs if name not in _VARIANCE_KEYWORDS]
    if unknown:
        raise TypeError(
            f"variant='variance' got unknown keywords {listed(unknown)}; "
            f"variance_ratio has {listed(_VARIANCE_KEYWORDS)}"
        )
    return variance_ratio(X, y)
