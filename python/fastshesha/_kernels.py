"""The door to the compiled core: calls it with the number of threads that is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _core
from ._resources.memory import work_memory
from ._resources.pair_memory import comparison_bytes, require_pairs, too_many_pairs
from ._resources.threads import n_threads

if TYPE_CHECKING:
    from ._typing import CountArray, FloatArray, IndexArray, Matrix


def all_finite(X: Matrix) -> bool:
    """Whether ``X`` holds neither NaN nor infinity; one pass, no temporaries."""
    return _core.all_finite(X, n_threads())


def condensed_distances(X: Matrix, metric: str, *, exact: bool = True) -> FloatArray:
    """Distances of all pairs of rows i < j, row after row; undefined ones are NaN.

    Euclidean distances that need not be ``exact`` are within some 1e-13 of each, for sums.
    """
    require_pairs(X.shape[0])
    try:
        return _core.condensed_distances(X, metric, n_threads(), exact)
    except MemoryError as error:
        raise too_many_pairs(X.shape[0]) from error


def cross_distances(A: Matrix, B: Matrix, metric: str, *, exact: bool = True) -> FloatArray:
    """Distances of every row of ``A`` to every row of ``B``; undefined ones are NaN."""
    return _core.cross_distances(A, B, metric, n_threads(), exact)


def feature_split_scores(
    X: FloatArray, first: IndexArray, second: IndexArray, metric: str, undefined: str
) -> tuple[FloatArray, IndexArray]:
    """Spearman correlation of the two half RDMs of every split, and its undefined pairs."""
    n_bytes = comparison_bytes(X.shape[0], "spearman", is_bootstrap=False)
    require_pairs(X.shape[0], n_bytes)
    memory = work_memory(_core.split_work_bytes(X.shape[0], first.shape[1]), "a feature split")
    try:
        return _core.feature_split_scores(X, first, second, metric, undefined, n_threads(), memory)
    except MemoryError as error:
        raise too_many_pairs(X.shape[0]) from error


def self_distances(X: Matrix, metric: str) -> FloatArray:
    """Distance of every row to a copy of itself, which rounding may keep from being zero."""
    return _core.self_distances(X, metric)


def bootstrap_correlations(
    a: FloatArray, b: FloatArray, counts: CountArray, self_pairs: bool, method: str, undefined: str
) -> tuple[FloatArray, IndexArray]:
    """Correlation of two RDMs in every replicate, and its undefined pairs."""
    try:
        return _core.bootstrap_correlations(
            a, b, counts, self_pairs, method, undefined, n_threads()
        )
    except MemoryError as error:
        raise too_many_pairs(counts.shape[1]) from error


def bootstrap_splits(
    X: FloatArray,
    first: IndexArray,
    second: IndexArray,
    metric: str,
    counts: CountArray,
    self_pairs: bool,
    undefined: str,
) -> tuple[FloatArray, IndexArray]:
    """Scores of splits in every replicate and their undefined pairs, one row for a split."""
    try:
        return _core.bootstrap_splits(
            X, first, second, metric, counts, self_pairs, undefined, n_threads()
        )
    except MemoryError as error:
        raise too_many_pairs(X.shape[0]) from error


def solve_resampled(
    products: FloatArray,
    classes: IndexArray,
    scales: FloatArray,
    shifts: FloatArray,
    right: FloatArray,
    ridge: float,
) -> FloatArray:
    """Solutions, one row a resample, of systems in the centred products of samples.

    ``shifts`` has shape (n_resamples, 2, n_samples), everything else a row for each resample. A
    row is NaN where its matrix is not positive definite.
    """
    return _core.solve_resampled(products, classes, scales, shifts, right, ridge, n_threads())


def rdm_spearman(X: Matrix, Y: Matrix, metric: str) -> float | None:
    """Spearman correlation of two RDMs that are not kept; None where it takes exact distances."""
    try:
        return _core.rdm_spearman(X, Y, metric, n_threads())
    except MemoryError as error:
        raise too_many_pairs(X.shape[0]) from error


def column_sums(X: Matrix, centre: FloatArray) -> FloatArray:
    """Sum over the rows, one after the other, of every column less its centre."""
    return _core.column_sums(X, centre, is_squared=False, n_threads=n_threads())


def column_squares(X: Matrix, centre: FloatArray) -> FloatArray:
    """The same of the squares of these differences."""
    return _core.column_sums(X, centre, is_squared=True, n_threads=n_threads())


def variance_ratio(X: Matrix, codes: IndexArray, n_classes: int) -> float:
    """Between-class over total sum of squares; ``codes`` lie in [0, n_classes), or are -1."""
    return _core.variance_ratio(X, codes, n_classes, n_threads())


def symmetric_eigenvalues(matrices: FloatArray) -> FloatArray:
    """Eigenvalues of matrices of shape (n_matrices, order, order), each in rising order."""
    return _core.symmetric_eigenvalues(matrices, n_threads())


def updated_eigenvalues(matrix: FloatArray, vector: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Eigenvalues of a symmetric matrix, and of it plus the outer square of a vector."""
    return _core.updated_eigenvalues(matrix, vector)


def class_sums(
    X: Matrix, order: IndexArray, class_ends: IndexArray, weights: FloatArray
) -> FloatArray:
    """Weighted sums of the rows of each class, shape (n_classes, n_subsets, n_features).

    ``order`` lists rows class after class, each ending at one of ``class_ends``; ``weights`` of
    shape (len(order), n_subsets) go with it.
    """
    return _core.class_sums(X, order, class_ends, weights, n_threads())


def find_nearest(
    queries: Matrix, rows: Matrix, metric: str, n_kept: int
) -> tuple[IndexArray, FloatArray, float]:
    """Nearest rows of every query and their distances, nearest first, and the largest |row|^2.

    Distances, squared under 'euclidean', come from products, and may be a little below 0. Where
    a product overflows, one of them is not finite.
    """
    return _core.find_nearest(queries, rows, metric, n_kept, n_threads())


def mean_rows(rows: Matrix, chosen: IndexArray) -> FloatArray:
    """Means over the rows that ``chosen``, of shape (n_means, n_chosen), names, in their order."""
    return _core.mean_rows(rows, chosen, n_threads())


def unit_rows(X: Matrix, smallest_norm: float) -> tuple[FloatArray, bool]:
    """Rows in float64 over their norm, or the smallest one, and whether all norms are finite."""
    return _core.unit_rows(X, smallest_norm, n_threads())
