"""Coherence and magnitude of every perturbation in an annotated matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastshesha._validate import listed, require_choice

from .coherence_screen import CoherenceForm, coherence_scores
from .magnitude_screen import magnitude_scores
from .methods import CoherenceOptions

if TYPE_CHECKING:
    from fastshesha._typing import (
        CoherenceMethod,
        EffectMetric,
        Score,
    )

_OPTIONS = ("metric", "k", "regularization", "seed", "max_samples")
_FORMS = ("n_bootstrap_ci", "ci", "return_type")
_EFFECT_METRICS = ("euclidean", "cohen")


def compute_coherence(
    adata: Any,
    perturbation_key: str,
    control_label: Any = "control",
    layer: str | None = None,
    method: CoherenceMethod = "standard",
    **kwargs: Any,
) -> dict[Any, Score]:
    """:func:`perturbation_coherence` of every perturbation in an annotated matrix.

    Parameters
    ----------
    adata : AnnData
        Cells by features, in memory or backed, dense or sparse; or anything with ``X``,
        ``layers`` and ``obs``.
    perturbation_key : str
        The column of ``adata.obs`` with the perturbation of each cell.
    control_label : str, default='control'
        What the column says of unperturbed cells.
    layer : str, optional
        The layer to use; ``adata.X`` without one.
    method : {'standard', 'whitened', 'knn'}, default='standard'
        As in :func:`perturbation_coherence`.
    **kwargs
        ``metric``, ``k``, ``regularization``, ``seed``, ``max_samples``, ``n_bootstrap_ci``,
        ``ci`` and ``return_type`` of :func:`perturbation_coherence`.

    Returns
    -------
    dict
        What :func:`perturbation_coherence` returns (a float without further options) for each
        perturbation, in the order in which they appear. Cells without a label make an entry
        under their missing value.

    Raises
    ------
    ImportError
        ``adata`` is no annotated matrix, or pandas is missing.
    KeyError
        There is no such column or layer.
    ValueError
        An option outside its range, or values that are not finite.
    TypeError
        A keyword that :func:`perturbation_coherence` does not have.

    Warns
    -----
    RuntimeWarning
        No cell carries ``control_label``; all scores are NaN then.

    Notes
    -----
    The statistics of the controls are computed once. The rows of one perturbation at a time (per
    thread) become dense, of larger control groups a block of rows, except under 'knn' and for
    bootstraps, which hold all controls. Backed matrices are read in contiguous ranges in the
    order of the file; of one that is compressed by columns (CSC) the non-zero values are loaded.
    Results do not depend on the number of threads. ``fastshesha.config`` sets it, and shows
    progress. The measure is that of Raju's shesha-geometry.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> from fastshesha.bio import compute_coherence
    >>> cells = np.random.default_rng(0).standard_normal((300, 20))
    >>> cells[200:] += 2.0
    >>> guides = np.repeat(["control", "KLF1"], [200, 100])
    >>> adata = SimpleNamespace(X=cells, layers={}, obs={"guide": guides})  # or an AnnData
    >>> scores = compute_coherence(adata, "guide")
    >>> list(scores), scores["KLF1"] > 0.8
    (['KLF1'], True)
    """
    accepted = (*_OPTIONS, *_FORMS)
    unknown = [name for name in kwargs if name not in accepted]
    if unknown:
        raise TypeError(
            f"compute_coherence got unexpected keywords {listed(unknown)}; "
            f"it passes on {listed(accepted)}"
        )
    options = CoherenceOptions(
        method, **{name: kwargs[name] for name in _OPTIONS if name in kwargs}
    )
    form = CoherenceForm(**{name: kwargs[name] for name in _FORMS if name in kwargs})
    return coherence_scores(adata, perturbation_key, control_label, layer, options, form)


def compute_magnitude(
    adata: Any,
    perturbation_key: str,
    control_label: Any = "control",
    metric: EffectMetric = "euclidean",
    layer: str | None = None,
) -> dict[Any, float]:
    """:func:`perturbation_effect_size` of every perturbation in an annotated matrix.

    Parameters
    ----------
    adata, perturbation_key, control_label, layer
        As in :func:`compute_coherence`.
    metric : {'euclidean', 'cohen'}, default='euclidean'
        As in :func:`perturbation_effect_size`.

    Returns
    -------
    dict
        A size of at least 0 for each perturbation, in the order in which they appear; NaN where
        there are values that are not finite.

    Raises
    ------
    ImportError
        ``adata`` is no annotated matrix, or pandas is missing.
    KeyError
        There is no such column or layer.
    ValueError
        An unknown ``metric``, or no matrix.

    Warns
    -----
    RuntimeWarning
        No cell carries ``control_label``, or there are perturbations with too few cells; their
        sizes are NaN.

    Notes
    -----
    One pass over the cells ('cohen' two), of which only a block is dense at a time.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> from fastshesha.bio import compute_magnitude
    >>> cells = np.array([[0.0, 0.0], [2.0, 0.0], [4.0, 4.0], [4.0, 4.0]])
    >>> guides = ["control", "control", "KLF1", "KLF1"]
    >>> adata = SimpleNamespace(X=cells, layers={}, obs={"guide": guides})
    >>> compute_magnitude(adata, "guide")
    {'KLF1': 5.0}
    """
    require_choice(metric, "metric", _EFFECT_METRICS)
    return magnitude_scores(adata, perturbation_key, control_label, layer, metric)


def _those(keywords: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: keywords[name] for name in names if name in keywords}
