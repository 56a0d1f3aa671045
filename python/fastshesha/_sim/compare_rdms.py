"""Comparing RDMs that are at hand already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastshesha._resources.pair_memory import fits_memory, shown_bytes
from fastshesha._validate import NAN_POLICIES, require_choice
from fastshesha._warnings import WarningTally

from .rdm_stacks import as_rdm_stack, compare_stacks

if TYPE_CHECKING:
    from fastshesha._typing import ArrayLike, BoolArray, FloatArray, NanPolicy, RdmComparison

# Measured resident memory of a dissimilarity: what is defined, ranks, vectors of unit length.
_VALUE_BYTES = 34
_TAU_BYTES = 58
RDM_COMPARISONS = ("spearman", "pearson", "cosine", "rho-a", "tau-a")


def compare_rdms(
    rdm_a: ArrayLike,
    rdm_b: ArrayLike,
    method: RdmComparison = "spearman",
    nan_policy: NanPolicy = "raise",
) -> float | FloatArray:
    r"""Similarity of representational dissimilarity matrices, each with each.

    Parameters
    ----------
    rdm_a, rdm_b : array_like of shape (n_pairs,) or (n_rdms, n_pairs)
        Condensed RDMs of the same items, in the order of ``scipy.spatial.distance.pdist``, as
        :func:`fastshesha.compute_rdm` gives them. ``RDMs`` of rsatoolbox may be passed as they
        are.
    method : {'spearman', 'pearson', 'cosine', 'rho-a', 'tau-a'}, default='spearman'
        'spearman'
            Correlation of average ranks.
        'pearson'
            Correlation of the dissimilarities.
        'cosine'
            Cosine of the angle between them, without subtracting a mean.
        'rho-a'
            Spearman's correlation expected when ties are broken at random.
        'tau-a'
            Kendall's tau without correction for ties.
    nan_policy : {'raise', 'omit', 'propagate', 'replace'}, default='raise'
        What happens to dissimilarities that are NaN or infinite: an error, leave them out where
        either of the two RDMs lacks them, NaN for every comparison of such an RDM, or take 1.0.
        'omit' and 'replace' warn.

    Returns
    -------
    float
        For two RDMs of shape (n_pairs,): from -1 to 1. 0.0 where one is constant (for 'cosine':
        zero), NaN where fewer than two dissimilarities are left (for 'cosine': none).
    ndarray of float64, shape (n_rdms_a, n_rdms_b)
        If either is a stack.

    Raises
    ------
    ValueError
        An unknown option, square matrices, different numbers of pairs, or dissimilarities that
        are not finite under ``nan_policy='raise'``.
    TypeError
        An input that numpy cannot read.
    MemoryError
        Ranks of all dissimilarities take more memory than there is.

    Warns
    -----
    UserWarning
        Dissimilarities were left out or replaced.

    See Also
    --------
    rdm_similarity : From representations, with a bootstrap over samples.
    scipy.spatial.distance.squareform : Turns square into condensed matrices.

    Notes
    -----
    Average ranks and tau-b favour models that predict ties; 'rho-a' and 'tau-a' do not, and are
    the choice for comparing models. The dissimilarities of one RDM are not independent, so no
    test of correlations applies to them.

    Time is O(n_pairs log n_pairs) per RDM, for 'tau-a' per comparison, whose counts are exact
    integers. The names and definitions are those of rsatoolbox; see Nili, Wingfield, Walther,
    Su, Marslen-Wilson and Kriegeskorte, "A toolbox for representational similarity analysis",
    PLoS Computational Biology 10, 2014, and for 'rho-a' Schütt, Kipnis, Diedrichsen and
    Kriegeskorte, "Statistical inference on representational geometries", eLife 12, 2023.

    Examples
    --------
    >>> from fastshesha.sim import compare_rdms
    >>> round(compare_rdms([0.1, 0.2, 0.3], [1.0, 1.0, 2.0], method="tau-a"), 6)
    0.666667
    >>> compare_rdms([[1, 2, 3], [3, 2, 1]], [[4, 5, 9]]).round(6)
    array([[ 1.],
           [-1.]])
    """
    require_choice(method, "method", RDM_COMPARISONS)
    require_choice(nan_policy, "nan_policy", NAN_POLICIES)
    (a, a_is_single), (b, b_is_single) = as_rdm_stack(rdm_a, "rdm_a"), as_rdm_stack(rdm_b, "rdm_b")
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            f"rdm_a and rdm_b must have the same number of pairs, got {a.shape[1]} and {b.shape[1]}"
        )
    _require_memory(a.size + b.size, method)
    with WarningTally() as tally:
        similarity = _similarities(a, b, method, nan_policy, tally)
    return float(similarity[0, 0]) if a_is_single and b_is_single else similarity


def _require_memory(n_values: int, method: RdmComparison) -> None:
    """Refuse RDMs, which may lie in a file, whose ranks no memory here holds."""
    n_bytes = n_values * (_TAU_BYTES if method == "tau-a" else _VALUE_BYTES)
    if not fits_memory(n_bytes):
        raise MemoryError(
            f"compare_rdms takes about {shown_bytes(n_bytes)} for {n_values} dissimilarities, "
            "more than can be had; compare fewer RDMs at a time, or their representations by "
            "rdm_similarity, which streams many pairs"
        )


def _similarities(
    a: FloatArray, b: FloatArray, method: RdmComparison, nan_policy: NanPolicy, tally: WarningTally
) -> FloatArray:
    defined_a, defined_b = np.isfinite(a), np.isfinite(b)
    whole_a, whole_b = defined_a.all(axis=1), defined_b.all(axis=1)
    affected = np.argwhere(~np.logical_and.outer(whole_a, whole_b))
    for i, j in affected:
        tally.undefined(nan_policy, int(np.count_nonzero(~(defined_a[i] & defined_b[j]))))
    if nan_policy == "replace":
        a, b = np.where(defined_a, a, 1.0), np.where(defined_b, b, 1.0)
        return compare_stacks(a, b, method)
    similarity = np.full((a.shape[0], b.shape[0]), np.nan)
    similarity[np.ix_(whole_a, whole_b)] = compare_stacks(a[whole_a], b[whole_b], method)
    if nan_policy == "omit":
        for i, j in affected:
            similarity[i, j] = _of_shared(a[i], b[j], defined_a[i] & defined_b[j], method)
    return similarity


def _of_shared(a: FloatArray, b: FloatArray, shared: BoolArray, method: RdmComparison) -> float:
    """Similarity over the dissimilarities that both RDMs have."""
    return float(compare_stacks(a[None, shared], b[None, shared], method)[0, 0])
