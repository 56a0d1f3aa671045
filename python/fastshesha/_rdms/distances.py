"""Representational dissimilarity matrices (RDMs)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha import _kernels
from fastshesha._resources.pair_memory import require_pairs
from fastshesha._rows import as_rows, unit_rows
from fastshesha._validate import NAN_POLICIES, RDM_METRICS, require_choice
from fastshesha._warnings import WarningTally

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, MatrixLike, NanPolicy, RdmMetric


def compute_rdm(
    X: MatrixLike,
    metric: RdmMetric = "cosine",
    normalize: bool = True,
    nan_policy: NanPolicy = "raise",
) -> FloatArray:
    """Distances between all pairs of samples.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Embeddings, one row per sample.
    metric : {'cosine', 'correlation', 'euclidean'}, default='cosine'
        Distance between samples.
    normalize : bool, default=True
        For cosine, scale rows to unit length first; ignored otherwise.
    nan_policy : {'raise', 'omit', 'propagate', 'replace'}, default='raise'
        What happens to undefined distances: 'raise' and 'omit' are errors ('omit' would break
        the order of the pairs), 'propagate' leaves NaN, 'replace' takes 1.0 and warns.

    Returns
    -------
    ndarray of float64, shape (n_samples * (n_samples - 1) / 2,)
        The upper triangle of the RDM, row after row: what ``scipy.spatial.distance.pdist``
        gives and ``squareform`` unfolds.

    Raises
    ------
    ValueError
        An unknown option, ``X`` not a finite matrix, or undefined distances under 'raise' or
        'omit'.
    TypeError
        ``X`` cannot be read by numpy.

    Notes
    -----
    Time is O(n^2 d), memory O(n^2). Representational dissimilarity matrices are those of
    Kriegeskorte, Mur and Bandettini, "Representational similarity analysis", Frontiers in
    Systems Neuroscience 2:4, 2008.

    Examples
    --------
    >>> import fastshesha
    >>> fastshesha.compute_rdm([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]], metric="euclidean").round(3)
    array([5.   , 1.   , 4.243])
    """
    rows = as_rows(X, "X", keeps_bfloat16=True)
    require_choice(metric, "metric", RDM_METRICS)
    require_choice(nan_policy, "nan_policy", NAN_POLICIES)
    require_pairs(rows.shape[0])
    if normalize and metric == "cosine":
        rows = unit_rows(rows)
    distances = _kernels.condensed_distances(rows, metric)
    if nan_policy == "propagate":
        return distances
    undefined = ~np.isfinite(distances)
    if undefined.any():
        _apply_policy(distances, undefined, nan_policy)
    return distances


def _apply_policy(
    distances: FloatArray, undefined: np.ndarray[Any, Any], nan_policy: NanPolicy
) -> None:
    n_undefined = int(np.count_nonzero(undefined))
    if nan_policy == "omit":
        raise ValueError(
            f"nan_policy='omit' cannot leave out {n_undefined} undefined distances, as the "
            "condensed-RDM shape has no gaps; use 'propagate' (NaN) or 'replace' (1.0)"
        )
    with WarningTally() as tally:
        tally.undefined(nan_policy, n_undefined)
    distances[undefined] = 1.0
