"""Many representations against many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._progress import told_as_one
from fastshesha._validate import listed, require_choice
from fastshesha._warnings import WarningTally

from .alignment import Alignment
from .cached_rdms import RdmSimilarity
from .matrix_lists import MatrixList, as_matrix_list
from .procrustes import Procrustes

if TYPE_CHECKING:
    from pandas import DataFrame

    from fastshesha._typing import (
        CorrelationMethod,
        FloatArray,
        MatrixLike,
        NanPolicy,
        RdmMetric,
        SimilarityMeasure,
    )

_CKA = {
    "cka": Alignment("linear"),
    "cka_linear": Alignment("linear"),
    "cka_debiased": Alignment("debiased"),
    "cka_unbiased": Alignment("unbiased"),
}
MEASURES = (*_CKA, "procrustes", "rdm")
# The options of the measures that have any, with their defaults.
_OPTIONS: dict[str, dict[str, Any]] = {
    "procrustes": {"center": True, "scale": True},
    "rdm": {"metric": "cosine", "method": "spearman", "nan_policy": "raise"},
}


def pairwise_similarity(
    list_of_X: Sequence[MatrixLike] | Mapping[Any, MatrixLike],
    list_of_Y: Sequence[MatrixLike] | Mapping[Any, MatrixLike] | None = None,
    measure: SimilarityMeasure = "cka",
    *,
    metric: RdmMetric | None = None,
    method: CorrelationMethod | None = None,
    nan_policy: NanPolicy | None = None,
    center: bool | None = None,
    scale: bool | None = None,
    names: Iterable[Any] | None = None,
    names_Y: Iterable[Any] | None = None,
) -> FloatArray | DataFrame:
    """Similarity of every representation of one list with every one of another.

    Layers with layers, checkpoints with checkpoints: whatever belongs to one representation, its
    distances, ranks, kernel or basis, is computed once, not once per pair.

    Parameters
    ----------
    list_of_X : sequence of array_like, each of shape (n_samples, n_features), or dict
        Representations of the same samples, whose numbers of features may differ (not for
        'procrustes'). A dict gives them names.
    list_of_Y : like ``list_of_X``, optional
        What to compare them with; by default, each other.
    measure : str, default='cka'
        'cka' and 'cka_linear' for :func:`cka_linear`, 'cka_debiased', 'cka_unbiased',
        'procrustes' for :func:`procrustes_similarity`, 'rdm' for :func:`rdm_similarity`.
    metric, method, nan_policy : str, optional
        Options of 'rdm', by default 'cosine', 'spearman' and 'raise'.
    center, scale : bool, optional
        Options of 'procrustes', by default True.
    names, names_Y : sequence, optional
        Names of the matrices of ``list_of_X`` and ``list_of_Y``, in place of those of a dict.

    Returns
    -------
    ndarray of float64, shape (len(list_of_X), len(list_of_Y))
        Symmetric without ``list_of_Y``, each pair being computed once. Entries are what the
        function of one pair returns, up to the last bits; NaN where that is NaN.
    DataFrame
        With names, or a dict on either side; needs pandas. A side without names is numbered.

    Raises
    ------
    ValueError
        An unknown option, one that the measure does not have, or a matrix that is not finite,
        not two-dimensional, or of a shape that does not fit the first one; the message names it,
        as in ``list_of_X[3]``.
    TypeError
        Not a sequence of matrices, or one that numpy cannot read.
    ImportError
        A table is asked for, and pandas is missing.

    MemoryError
        The distances of all matrices take more memory than there is.

    Warns
    -----
    UserWarning
        Undefined distances were left out or replaced; one counted warning for all pairs.
    ConstantInputWarning, NearConstantInputWarning
        As for :func:`rdm_similarity`.

    Notes
    -----
    For k matrices, 'rdm' takes O(k n^2 (d + log n)) time for distances and ranks and O(n^2) per
    pair, and keeps 16 bytes per matrix and pair of samples (8 under 'pearson'). More pairs of
    samples than ``config(exact_pairs=...)`` are streamed instead for every pair of matrices, as
    :func:`rdm_similarity` does: O(k^2 n^2 d) time, and bounded memory. CKA takes
    O(k n d min(n, d)), and per pair O(n^2) where the samples are fewer than the features,
    O(n d^2) otherwise.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.sim import pairwise_similarity
    >>> rng = np.random.default_rng(0)
    >>> layers = [rng.standard_normal((30, d)) for d in (4, 8, 16)]
    >>> pairwise_similarity(layers, measure="rdm", metric="euclidean").shape
    (3, 3)
    """
    require_choice(measure, "measure", MEASURES)
    given = {
        "metric": metric,
        "method": method,
        "nan_policy": nan_policy,
        "center": center,
        "scale": scale,
    }
    with WarningTally() as tally:
        comparison = _comparison(measure, given, tally)
        left = as_matrix_list(list_of_X, "list_of_X", names, "names")
        right = None
        if list_of_Y is not None:
            right = as_matrix_list(list_of_Y, "list_of_Y", names_Y, "names_Y")
        elif names_Y is not None:
            raise ValueError("names_Y needs list_of_Y, which is None")
        n_left = len(left.matrices)
        n_pairs = n_left * (n_left + 1) // 2 if right is None else n_left * len(right.matrices)
        with told_as_one(n_pairs):
            similarity = _all_pairs(comparison, left, right)
    return _labelled(similarity, left.labels, left.labels if right is None else right.labels)


def _comparison(
    measure: SimilarityMeasure, given: dict[str, Any], tally: WarningTally
) -> Alignment | Procrustes | RdmSimilarity:
    """The measure with its options, the defaults filled in."""
    defaults = _OPTIONS.get(measure, {})
    options = {name: value for name, value in given.items() if value is not None}
    foreign = [name for name in options if name not in defaults]
    if foreign:
        accepted = f"its options are {listed(tuple(defaults))}" if defaults else "it has no options"
        raise ValueError(f"measure={measure!r} does not take {listed(foreign)}; {accepted}")
    options = {**defaults, **options}
    if measure == "rdm":
        return RdmSimilarity(**options, tally=tally)
    return Procrustes(**options) if measure == "procrustes" else _CKA[measure]


def _all_pairs(
    comparison: Alignment | Procrustes | RdmSimilarity, left: MatrixList, right: MatrixList | None
) -> FloatArray:
    _require_comparable(comparison, left, right)
    if isinstance(comparison, RdmSimilarity) and left.matrices:
        n_matrices = len(left.matrices) + (0 if right is None else len(right.matrices))
        comparison.require_memory(left.matrices[0].shape[0], n_matrices)
    sides = _prepared(comparison, left)
    if right is None:
        similarity = np.empty((len(sides), len(sides)))
        for i, a in enumerate(sides):
            for j in range(i, len(sides)):
                shown = left.shown[i], left.shown[j]
                similarity[i, j] = similarity[j, i] = _value(comparison, a, sides[j], shown)
        return similarity
    others = _prepared(comparison, right)
    values = [
        [
            _value(comparison, a, b, (a_shown, b_shown))
            for b, b_shown in zip(others, right.shown, strict=True)
        ]
        for a, a_shown in zip(sides, left.shown, strict=True)
    ]
    return np.array(values, dtype=np.float64).reshape(len(sides), len(others))


def _value(
    comparison: Alignment | Procrustes | RdmSimilarity, a: Any, b: Any, shown: tuple[str, str]
) -> float:
    """The similarity of two prepared matrices; errors tell of which."""
    try:
        return comparison.compare(a, b)
    except ValueError as error:
        raise ValueError(f"{shown[0]} and {shown[1]}: {error}") from error


def _require_comparable(
    comparison: Alignment | Procrustes | RdmSimilarity, left: MatrixList, right: MatrixList | None
) -> None:
    """Compare all shapes with the first one."""
    matrices, shown = list(left.matrices), list(left.shown)
    if right is not None:
        matrices += right.matrices
        shown += right.shown
    for matrix, name in zip(matrices[1:], shown[1:], strict=True):
        comparison.require_comparable(matrices[0], matrix, (shown[0], name))


def _prepared(
    comparison: Alignment | Procrustes | RdmSimilarity, matrices: MatrixList
) -> list[Any]:
    prepared = []
    for matrix, name in zip(matrices.matrices, matrices.shown, strict=True):
        try:
            prepared.append(comparison.prepare(matrix))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return prepared


def _labelled(
    similarity: FloatArray, index: list[Any] | None, columns: list[Any] | None
) -> FloatArray | DataFrame:
    if index is None and columns is None:
        return similarity
    try:
        from pandas import DataFrame
    except ImportError as error:
        raise ImportError(
            "names make pairwise_similarity return a pandas DataFrame, and pandas is missing: "
            "pip install 'fastshesha[bio]', or pass lists without names"
        ) from error
    return DataFrame(similarity, index=index, columns=columns)
