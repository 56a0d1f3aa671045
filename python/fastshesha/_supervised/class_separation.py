"""Class separation: distances between classes over distances within."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._plan import distinct_rows, generator, spawned
from fastshesha._progress import told_as_one
from fastshesha._resources.pair_limit import beyond_exact
from fastshesha._row_blocks import is_large
from fastshesha._rows import unit_rows
from fastshesha._validate import (
    RETURN_TYPES,
    as_max_pairs,
    require_choice,
    require_fraction,
    require_int,
)

from .cosine_sums import CosineSums
from .forms import Replicate, SupervisedMetric, evaluate
from .pair_sums import PairSums, Sums

if TYPE_CHECKING:
    from fastshesha._typing import (
        ArrayLike,
        FloatArray,
        IndexArray,
        Matrix,
        MatrixLike,
        PlanarMetric,
        ReturnType,
        Score,
        Seed,
    )
    from fastshesha._warnings import WarningTally

    from .labels import Labels

_METRICS = ("cosine", "euclidean")
# Classes whose distances within are smaller on average have no ratio.
_SMALLEST_WITHIN = 1e-12
# Products of features that take as long as going about one more subsample.
_COST_OF_ONE = 10**7
# The distances of that many samples, kept for a bootstrap, take 256 MiB.
_MOST_KEPT = 4096


def class_separation_ratio(
    X: MatrixLike,
    y: ArrayLike,
    n_bootstrap: int = 50,
    subsample_frac: float = 0.5,
    metric: PlanarMetric = "euclidean",
    seed: Seed = None,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    return_type: ReturnType = "float",
    *,
    max_pairs: float | None = None,
) -> Score:
    r"""Mean distance between classes over mean distance within classes.

    The ratio is taken in random subsamples and averaged over them,

    .. math:: \frac{1}{B} \sum_{b=1}^{B}
              \frac{\operatorname{mean}\{d_{ij} : i < j \in S_b,\, y_i \ne y_j\}}
                   {\operatorname{mean}\{d_{ij} : i < j \in S_b,\, y_i = y_j\}}.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Embeddings, one row per sample.
    y : array_like of shape (n_samples,)
        Labels of any kind that can be sorted: numbers, strings, dates. Samples with a missing
        label (NaN) are drawn like others but enter no distance.
    n_bootstrap : int, default=50
        Number of subsamples.
    subsample_frac : float, default=0.5
        Share of the samples in a subsample, in (0, 1]; drawn without replacement.
    metric : {'euclidean', 'cosine'}, default='euclidean'
        Distance between samples.
    seed : int, optional
        Seed of the subsamples and of the bootstrap.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval. Replicates with
        a single sample of some class are skipped.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.
    max_pairs : int or float, optional
        Estimate the ratio of all pairs of all samples from at most that many random ones, at
        least 8 for each sample; ``n_bootstrap`` and ``subsample_frac`` are ignored then. Not
        together with ``n_bootstrap_ci``. Results tell the error that it makes as ``pair_se``, and
        a t-interval of level ``ci`` for the ratio of all pairs as ``pair_ci_low`` and
        ``pair_ci_high`` in their metadata.

    Returns
    -------
    float
        At least 0; 1 where classes make no difference. NaN with one class (also with
        ``n_bootstrap_ci``), with undefined distances in a subsample, or when no subsample has
        distances of both kinds and a mean within classes above 1e-12.
    dict
        With ``n_bootstrap_ci``: 'mean', 'ci_low', 'ci_high', 'std', 'n_bootstraps', 'ci_level'.
    StabilityResult
        With ``return_type='result'``.

    Raises
    ------
    ValueError
        An option outside its range, ``X`` not a finite matrix, not one label per sample, or a
        class with a single sample.
    TypeError
        Labels that cannot be sorted, or an unusable ``seed``.

    Warns
    -----
    RuntimeWarning
        Distances overflow, and a ratio is undefined.

    See Also
    --------
    variance_ratio : Share of the variance that lies between classes.
    lda_stability : Stability of the direction that separates two classes.

    Notes
    -----
    Large classes weigh more than small ones, and a high ratio tells neither that the classes can
    be separated by a plane nor that a subsample would do as well elsewhere.

    With n samples, B subsamples of m samples and d features, all Euclidean distances are computed
    once and summed over all subsamples, in O(n^2 (d + B)) time; where B subsamples have fewer
    pairs than all the samples, each is computed by itself in O(B m^2 d). Cosine distances add up
    to sums over classes, in O(n d B), unless their mean is below 0.05. Memory is O(n (d + B)) and
    some tens of MiB for a block of distances; a bootstrap of up to 4096 samples keeps all
    distances, at most 256 MiB. More Euclidean pairs than ``config(exact_pairs=...)`` are gone
    through in tile jobs, with a byte for each sample and subsample. With ``max_pairs``, time is
    O((n + max_pairs) d).

    The measure is that of Raju's shesha-geometry.

    Examples
    --------
    >>> import numpy as np
    >>> import fastshesha
    >>> y = np.repeat([0, 1], 50)
    >>> X = np.random.default_rng(0).standard_normal((100, 8)) + 3.0 * y[:, None]
    >>> fastshesha.class_separation_ratio(X, y, seed=320) > 2.0
    True
    """
    require_choice(return_type, "return_type", RETURN_TYPES)
    require_int(n_bootstrap, "n_bootstrap")
    require_fraction(subsample_frac, "subsample_frac")
    require_choice(metric, "metric", _METRICS)
    most = as_max_pairs(max_pairs, n_bootstrap_ci)
    told: dict[str, Any] = {}
    separation = _Separation(n_bootstrap, subsample_frac, metric, seed, most, ci, told)
    options = {
        "n_bootstrap": n_bootstrap,
        "subsample_frac": subsample_frac,
        "metric": metric,
        "seed": seed,
    }
    described = SupervisedMetric(
        "class_separation_ratio",
        separation.score,
        seed,
        options,
        is_random=most is None,
        prepare=separation.prepare,
        told=told,
    )
    return evaluate(described, X, y, n_bootstrap_ci, ci, return_type)


@dataclass(frozen=True)
class _Separation:
    """The ratio with its options."""

    n_subsamples: int
    fraction: float
    metric: PlanarMetric
    seed: Seed
    max_pairs: int | None
    ci: float
    told: dict[str, Any]

    def score(self, X: Matrix, labels: Labels, tally: WarningTally) -> float:
        """Mean ratio over the subsamples that have one, or that of some pairs; NaN without any."""
        if self.max_pairs is not None:
            return self._over_pairs(X, labels, self.max_pairs, tally)
        if self.metric == "cosine" and is_large(X):
            return self._by_blocks(X, labels, tally)
        if self.metric == "euclidean" and self._is_beyond_exact(X):
            return self._streamed(X, labels, tally)
        subsamples = self._subsamples(X.shape[0])
        rows, codes = self._scaled(X), labels.codes_without_missing()
        if not self._is_sparse(X):
            pairs = self._pairs(rows, codes)
            return _mean_ratio(pairs.over(_multiplicities(subsamples, rows.shape[0])), tally)
        sums = [
            PairSums(rows[drawn], codes[drawn], self.metric).over(np.ones((drawn.size, 1)))
            for drawn in subsamples
        ]
        return _mean_ratio(_joined(sums), tally)

    def _is_beyond_exact(self, X: Matrix) -> bool:
        """Whether the pairs that are gone through at a time are run as tile jobs."""
        n_samples = X.shape[0]
        return beyond_exact(self._size(n_samples) if self._is_sparse(X) else n_samples)

    def _streamed(self, X: Matrix, labels: Labels, tally: WarningTally) -> float:
        from fastshesha.scale.separation_tiles import euclidean_sums

        subsamples, codes = self._subsamples(X.shape[0]), labels.codes_without_missing()
        groups = [[drawn] for drawn in subsamples] if self._is_sparse(X) else [subsamples]
        with told_as_one(len(groups)):
            sums = [euclidean_sums(X, codes, group) for group in groups]
        return _mean_ratio(_joined(sums), tally)

    def _by_blocks(self, X: Matrix, labels: Labels, tally: WarningTally) -> float:
        from fastshesha.scale.separation_blocks import cosine_sums

        drawn = self._drawn(X.shape[0])
        return _mean_ratio(cosine_sums(X, labels.codes_without_missing(), drawn), tally)

    def _over_pairs(self, X: Matrix, labels: Labels, max_pairs: int, tally: WarningTally) -> float:
        from fastshesha.scale.separation_pairs import pooled, sampled_sums, separation_metadata

        rng, codes = spawned(generator(self.seed)), labels.codes_without_missing()
        rounds, plan = sampled_sums(X, codes, self.metric, max_pairs, rng)
        value = _mean_ratio(pooled(rounds), tally)
        self.told.update(separation_metadata(value, rounds, plan, max_pairs, self.ci))
        return value

    def prepare(self, X: Matrix, labels: Labels) -> Replicate | None:
        """The score of resampled rows from distances computed once, where they can be kept."""
        n = X.shape[0]
        if n > _MOST_KEPT or self._is_sparse(X):
            return None
        # Resampled rows lie in C order, on which the bits of their norms depend.
        rows = self._scaled(np.ascontiguousarray(X))
        pairs = self._pairs(rows, labels.codes_without_missing())
        pairs.prepare_repeated()

        def score(chosen: IndexArray, tally: WarningTally) -> float:
            subsamples = [chosen[drawn] for drawn in self._subsamples(chosen.size)]
            return _mean_ratio(pairs.over(_multiplicities(subsamples, n)), tally)

        return score

    def _pairs(self, rows: Matrix, codes: IndexArray) -> PairSums | CosineSums:
        if self.metric == "cosine":
            return CosineSums(rows, codes)
        return PairSums(rows, codes, self.metric)

    def _scaled(self, X: Matrix) -> Matrix:
        return unit_rows(X) if self.metric == "cosine" else X

    def _size(self, n_samples: int) -> int:
        return int(n_samples * self.fraction)

    def _subsamples(self, n_samples: int) -> list[IndexArray]:
        return list(self._drawn(n_samples))

    def _drawn(self, n_samples: int) -> Iterator[IndexArray]:
        rng, size = generator(self.seed), self._size(n_samples)
        return (distinct_rows(rng, n_samples, size) for _ in range(self.n_subsamples))

    def _is_sparse(self, X: Matrix) -> bool:
        """Whether the pairs of every subsample by itself cost less than all pairs once."""
        n_samples, n_features = X.shape
        one = self._size(n_samples) ** 2 * n_features + _COST_OF_ONE
        return bool(self.n_subsamples * one < n_samples**2 * n_features)


def _joined(sums: list[Sums]) -> Sums:
    """The sums of some subsamples and those of others behind them."""
    return Sums(*map(np.concatenate, zip(*sums, strict=True)))


def _multiplicities(subsets: list[IndexArray], n_samples: int) -> FloatArray:
    """How often every sample occurs in every subset, shape (n_samples, n_subsets)."""
    weights = np.empty((n_samples, len(subsets)))
    for column, subset in enumerate(subsets):
        weights[:, column] = np.bincount(subset, minlength=n_samples)
    return weights


def _mean_ratio(sums: Sums, tally: WarningTally) -> float:
    """Mean over the subsets with distances of both kinds and some distance within."""
    both = (sums.n_within > 0) & (sums.n_between > 0)
    within = sums.within[both] / sums.n_within[both]
    between = sums.between[both] / sums.n_between[both]
    if (np.isinf(within) & np.isinf(between)).any():
        tally.undefined_number("Distances overflow in class_separation_ratio; scale X down")
        return math.nan
    scored = ~(within <= _SMALLEST_WITHIN)
    ratios = between[scored] / within[scored]
    return float(np.mean(ratios)) if ratios.size else math.nan
