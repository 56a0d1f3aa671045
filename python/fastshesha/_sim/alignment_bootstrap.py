"""Bootstrap of CKA: a replicate is a weighting of the samples, not a copy of their rows.

With counts w of how often each sample was drawn, all a replicate needs are sums of
w_i w_j K_ij L_ij and the products K w. Of the n x n kernels, these come for many replicates in
one matrix product, and the features are not looked at again. Where that would lose digits, or
the features are few, a replicate is computed from its distinct rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from .gram import BLOCK, about_exact_mean, gram
from .resampled_kernels import Criteria, centred_criteria, distinct_criteria
from .resampled_rows import alignment_of_rows, unbiased_alignment_of_rows

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray, Matrix

    from .alignment import Alignment

# With the kernels of so many samples, a replicate costs less than its calls of numpy otherwise.
_FEW_SAMPLES = 1024
# The kernels may need more memory than the features, within limits.
_MOST_SAMPLES = 2048


def resampled_alignments(
    alignment: Alignment, X: Matrix, Y: Matrix, replicates: Iterator[IndexArray]
) -> Iterator[float]:
    """CKA of the rows of every replicate, in their order."""
    n_samples = X.shape[0]
    counts = (np.bincount(rows, minlength=n_samples) for rows in replicates)
    if not _kernels_pay(n_samples, X.shape[1], Y.shape[1]):
        yield from (_from_rows(alignment, X, Y, count) for count in counts)
        return
    kernels = gram(about_exact_mean(X)), gram(about_exact_mean(Y))
    criteria_of = distinct_criteria if alignment.estimator == "unbiased" else centred_criteria
    while chunk := list(islice(counts, max(1, BLOCK // (4 * n_samples)))):
        criteria = criteria_of(alignment, *kernels, np.stack(chunk, axis=1).astype(np.float64))
        for replicate, count in enumerate(chunk):
            if criteria.is_accurate[replicate]:
                yield _normalized(alignment, criteria, replicate, n_samples)
            else:
                yield _from_rows(alignment, X, Y, count)


def _kernels_pay(n_samples: int, n_features_x: int, n_features_y: int) -> bool:
    """Whether products of kernels are cheaper than those of features, and small enough."""
    if n_samples <= max(_FEW_SAMPLES, n_features_x, n_features_y):
        return n_samples > 0
    # Five products of n x n kernels with a vector, against three of features over all samples.
    is_cheaper = 5 * n_samples <= (n_features_x + n_features_y) ** 2
    return n_samples <= _MOST_SAMPLES and is_cheaper


def _normalized(alignment: Alignment, criteria: Criteria, replicate: int, n_samples: int) -> float:
    return alignment.normalized(
        float(criteria.cross[replicate]),
        float(criteria.own_x[replicate]),
        float(criteria.own_y[replicate]),
        n_samples,
    )


def _from_rows(alignment: Alignment, X: Matrix, Y: Matrix, counts: IndexArray) -> float:
    """One replicate, from the rows that were drawn at all."""
    drawn = np.flatnonzero(counts)
    if not drawn.size:
        return alignment.compare(alignment.prepare(X), alignment.prepare(Y))
    if alignment.estimator == "unbiased":
        return unbiased_alignment_of_rows(alignment, X[drawn], Y[drawn], counts[drawn])
    return alignment_of_rows(alignment, X[drawn], Y[drawn], counts[drawn])
