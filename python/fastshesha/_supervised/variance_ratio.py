"""Share of the total variance that lies between classes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from fastshesha import _kernels
from fastshesha._rows import require_finite
from fastshesha._validate import RETURN_TYPES, require_choice
from fastshesha._warnings import WarningTally

from .forms import SupervisedMetric, evaluate
from .labels import Labels

if TYPE_CHECKING:
    from fastshesha._typing import ArrayLike, Matrix, MatrixLike, ReturnType, Score, Seed


def variance_ratio(
    X: MatrixLike,
    y: ArrayLike,
    n_bootstrap_ci: int | None = None,
    ci: float = 0.95,
    seed: Seed = None,
    return_type: ReturnType = "float",
) -> Score:
    r"""Share of the total variance that lies between classes.

    With class means :math:`\mu_c` of :math:`n_c` samples and the overall mean :math:`\mu`,

    .. math:: \frac{\sum_c n_c \lVert \mu_c - \mu \rVert^2}
              {\sum_i \lVert x_i - \mu \rVert^2 + 10^{-12}}.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Embeddings, one row per sample.
    y : array_like of shape (n_samples,)
        Labels of any kind that can be sorted: numbers, strings, dates. Samples with a missing
        label (NaN) count in the total and in the overall mean, but form no class.
    n_bootstrap_ci : int, optional
        Number of bootstrap replicates over samples for a confidence interval. Replicates with
        a single sample of some class are skipped.
    ci : float, default=0.95
        Confidence level of the interval, strictly between 0 and 1.
    seed : int, optional
        Seed of the bootstrap.
    return_type : {'float', 'result'}, default='float'
        'result' returns a StabilityResult.

    Returns
    -------
    float
        From 0 to 1. NaN with one class (also with ``n_bootstrap_ci``).
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
        The sums of squares overflow, and the ratio is NaN.

    Notes
    -----
    One pass over the data, O(n_samples n_features) time and O(n_classes) memory per feature
    block. It is the coefficient of determination of the coordinates given the class, as in
    Raju's shesha-geometry.

    Examples
    --------
    >>> import fastshesha
    >>> X = [[0.0, 1.0], [0.0, 3.0], [4.0, 1.0], [4.0, 3.0]]
    >>> round(fastshesha.variance_ratio(X, ["a", "a", "b", "b"]), 6)
    0.8
    """
    require_choice(return_type, "return_type", RETURN_TYPES)
    ratio = SupervisedMetric(
        "variance_ratio", _between_over_total, seed, {"seed": seed}, refuses_nonfinite=True
    )
    return evaluate(ratio, X, y, n_bootstrap_ci, ci, return_type)


def _between_over_total(X: Matrix, labels: Labels, tally: WarningTally) -> float:
    """The ratio over the classes of non-missing labels, which is not finite where X is not."""
    ratio = _kernels.variance_ratio(X, labels.codes_without_missing(), labels.n_classes)
    if not math.isfinite(ratio):
        require_finite(X, "X")
    if math.isnan(ratio):
        tally.overflowed()
    return ratio
