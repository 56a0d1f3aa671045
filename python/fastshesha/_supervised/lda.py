"""Stability of the discriminant direction of two classes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from fastshesha._plan import generator, repeated_rows
from fastshesha._row_blocks import is_large
from fastshesha._rows import as_float64
from fastshesha._validate import RETURN_TYPES, require_choice, require_fraction, require_int

from .discriminant import discriminant, reduced
from .forms import Replicate, SupervisedMetric, evaluate
from .resampled_discriminants import ResampledDiscriminants, products_pay

if TYPE_CHECKING:
    from fastshesha._typing import (
        ArrayLike,
        FloatArray,
        IndexArray,
        Matrix,
        MatrixLike,
        ReturnType,
        Score,
        Seed,
    )
    from fastshesha._warnings import WarningTally

    from .labels import Labels

_RESAMPLES_AT_ONCE = 64


def lda_stability(
    X: MatrixLike,
    y: ArrayLike,
    n_bootstrap: int = 50,
    subsample_frac: float = 0.5,
    seed: Seed = None,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    return_type: ReturnType = "float",
) -> Score:
    r"""Agreement of the discriminant direction of two classes with that of random resamples.

    The direction of linear discriminant analysis,

    .. math:: w = (S + 10^{-6} I)^{-1} (\mu_1 - \mu_0),

    with class means :math:`\mu_c` and the covariance :math:`S` within classes, is computed from
    all samples and from random resamples with equally many samples of both classes. The score
    is the mean of :math:`|\cos|` of the angle between the two.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Embeddings, one row per sample.
    y : array_like of shape (n_samples,)
        Labels of exactly two classes, of any kind that can be sorted: numbers, strings, dates.
    n_bootstrap : int, default=50
        Number of resamples.
    subsample_frac : float, default=0.5
        Share of the samples in a resample, in (0, 1]; half of them is drawn from each class, with
        replacement.
    seed : int, optional
        Seed of the resamples and of the bootstrap.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval. Replicates with
        fewer than two samples of a class are skipped.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.

    Returns
    -------
    float
        From 0 to 1. NaN where a direction cannot be computed, or a resample would be empty.
    dict
        With ``n_bootstrap_ci``: 'mean', 'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level'.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError
        An option outside its range, ``X`` not a finite matrix, not one label per sample, not
        exactly two classes, a missing label, or a class with a single sample.
    TypeError
        Labels that cannot be sorted, or an unusable ``seed``.

    Warns
    -----
    RuntimeWarning
        Sums overflow, or a resample would be empty.

    See Also
    --------
    class_separation_ratio : Distances between classes over distances within; any number of them.

    Notes
    -----
    A low score tells that the direction depends on which samples were seen, as it does when there
    are few samples per feature. A high score does not show that the classes are separated.

    With fewer samples than features the covariance is regular by virtue of the small ridge alone,
    and the last digits of the score depend on the linear algebra library: of 16 digits it may
    keep 8.

    Time is O(B (m d^2 + d^3)) for B resamples of m samples with d features. More features than
    samples, n, are first replaced by n orthonormal coordinates, in O(n^2 d). Where resamples hold
    fewer distinct samples than there are features, u, and n is at most 4096, the products of all
    samples are computed once and a resample takes O(u^3), with O(n^2) memory.

    The discriminant is that of Fisher, "The use of multiple measurements in taxonomic problems",
    Annals of Eugenics 7:179-188, 1936; the measure is that of Raju's shesha-geometry.

    Examples
    --------
    >>> import numpy as np
    >>> import fastshesha
    >>> y = np.repeat([0, 1], 100)
    >>> X = np.random.default_rng(0).standard_normal((200, 4)) + 3.0 * y[:, None]
    >>> fastshesha.lda_stability(X, y, seed=320) > 0.9
    True
    """
    require_choice(return_type, "return_type", RETURN_TYPES)
    require_int(n_bootstrap, "n_bootstrap")
    require_fraction(subsample_frac, "subsample_frac")
    stability = _Stability(n_bootstrap, subsample_frac, seed)
    options = {"n_bootstrap": n_bootstrap, "subsample_frac": subsample_frac, "seed": seed}
    described = SupervisedMetric(
        "lda_stability",
        stability.score,
        seed,
        options,
        is_random=True,
        n_classes=2,
        prepare=stability.prepare,
    )
    return evaluate(described, X, y, n_bootstrap_ci, ci, return_type)


@dataclass(frozen=True)
class _Stability:
    """The score with its options."""

    n_resamples: int
    fraction: float
    seed: Seed

    def score(self, X: Matrix, labels: Labels, tally: WarningTally) -> float:
        """Mean absolute cosine over the resamples."""
        if is_large(X):
            return self._by_blocks(X, labels, tally)
        return self._score(reduced(as_float64(X)), labels, tally)

    def _by_blocks(self, X: Matrix, labels: Labels, tally: WarningTally) -> float:
        from fastshesha.scale.lda_blocks import stability

        rng, size = generator(self.seed), int(X.shape[0] * self.fraction) // 2
        members = [np.flatnonzero(labels.codes == code) for code in (0, 1)]
        draws = (
            tuple(repeated_rows(rng, of_class, size) for of_class in members)
            for _ in range(self.n_resamples)
        )
        return stability(X, labels.codes, draws, size, tally)

    def prepare(self, X: Matrix, labels: Labels) -> Replicate:
        """The score of resampled rows, which are reduced before they are drawn repeatedly."""
        rows = reduced(as_float64(X))
        return lambda chosen, tally: self._score(rows[chosen], labels.take(chosen), tally)

    def _score(self, rows: FloatArray, labels: Labels, tally: WarningTally) -> float:
        rng = generator(self.seed)
        members = tuple(np.flatnonzero(labels.codes == code) for code in (0, 1))
        per_class = int(rows.shape[0] * self.fraction) // 2
        if per_class == 0:
            tally.undefined_number("lda_stability drew no samples: subsample_frac is too small")
            return math.nan
        troubles: list[str] = []
        with np.errstate(
            over="call", invalid="call", divide="call", call=lambda kind, _: troubles.append(kind)
        ):
            try:
                direction = discriminant(*(rows[of_class] for of_class in members))
            except np.linalg.LinAlgError:
                return math.nan
            resamples = (
                [repeated_rows(rng, of_class, per_class) for of_class in members]
                for _ in range(self.n_resamples)
            )
            sizes = [of_class.size for of_class in members]
            if products_pay(sizes, rows.shape[1], per_class, self.n_resamples):
                others = _by_products(rows, labels.codes, resamples)
            else:
                others = _by_covariances(rows, resamples)
            cosines = [abs(float(direction @ other)) for other in others]
        if troubles:
            tally.undefined_number("Sums of squares overflow in lda_stability; scale X down")
        return float(np.mean(cosines)) if cosines else math.nan


def _by_covariances(
    rows: FloatArray, resamples: Iterable[list[IndexArray]]
) -> Iterator[FloatArray]:
    """Discriminants of the resamples that have one."""
    for first, second in resamples:
        with suppress(np.linalg.LinAlgError):
            yield discriminant(rows[first], rows[second])


def _by_products(
    rows: FloatArray, codes: IndexArray, resamples: Iterator[list[IndexArray]]
) -> Iterator[FloatArray]:
    """The same where products of samples pay."""
    solver = ResampledDiscriminants(rows, codes)
    while batch := list(islice(resamples, _RESAMPLES_AT_ONCE)):
        drawn = [np.concatenate(resample) for resample in batch]
        counts = np.stack([np.bincount(samples, minlength=len(codes)) for samples in drawn])
        found = solver.directions(counts)
        yield from _by_covariances(rows, batch) if found is None else found
