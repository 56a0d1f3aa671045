"""The structured result of the metrics: an estimate, its uncertainties and its provenance."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ._version import __version__


@dataclass(frozen=True, eq=False)
class StabilityResult:
    """What a metric returns under ``return_type='result'``.

    Two results are equal when all fields are, NaN counting as equal to NaN. Results cannot be
    hashed. ``float(result)`` is the estimate.

    Attributes
    ----------
    estimate : float
        The metric on the data as given, never a mean over bootstrap replicates.
    data_ci_low, data_ci_high : float
        Percentile interval over resampled observations; NaN without a bootstrap.
    ci_level : float or None
        Confidence level of that interval.
    partition_sd : float
        Standard deviation of the scores of single partitions; NaN for metrics without any.
    monte_carlo_se : float
        Standard error of ``estimate`` that comes from drawing finitely many partitions; 0.0 for
        deterministic metrics, NaN where random subsampling leaves it unknown.
    n_valid_splits : int or None
        Partitions with a finite score; None for metrics without partitions.
    n_bootstraps : int
        Replicates with a finite score.
    component_scores : tuple of float
        Scores of the single partitions (``feature_split``), or of the anchors
        (``anchor_profile_stability``).
    warnings : tuple of str
        What was skipped or not reached.
    metadata : dict
        Estimator, package version, options, shape of the data and seed.

    Examples
    --------
    >>> result = StabilityResult(0.5, component_scores=(0.25, 0.75))
    >>> float(result), result.to_dict()["component_scores"]
    (0.5, [0.25, 0.75])
    """

    estimate: float
    data_ci_low: float = math.nan
    data_ci_high: float = math.nan
    ci_level: float | None = None
    partition_sd: float = math.nan
    monte_carlo_se: float = math.nan
    n_valid_splits: int | None = None
    n_bootstraps: int = 0
    component_scores: tuple[float, ...] = ()
    warnings: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return all(_same(getattr(self, name), getattr(other, name)) for name in _FIELDS)

    def __float__(self) -> float:
        return float(self.estimate)

    def to_dict(self) -> dict[str, Any]:
        """The fields as a new dict that ``json`` can write; tuples become lists."""
        fields = asdict(self)
        fields["component_scores"] = list(self.component_scores)
        fields["warnings"] = list(self.warnings)
        return fields


_FIELDS = tuple(StabilityResult.__dataclass_fields__)


def _same(a: Any, b: Any) -> bool:
    """Equality of nested values in which NaN equals NaN."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        same_form = type(a) is type(b) and len(a) == len(b)
        return same_form and all(map(_same, a, b))
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return _same_array(np.asarray(a), np.asarray(b))
    if isinstance(a, float) and isinstance(b, float) and math.isnan(a):
        return math.isnan(b)
    return bool(a == b)


def _same_array(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> bool:
    with_nan = all(array.dtype.kind in "fc" for array in (a, b))
    return bool(np.array_equal(a, b, equal_nan=with_nan))


def result_metadata(estimator: str, **configuration: Any) -> dict[str, Any]:
    """Provenance of a result; numpy scalars become Python's, which ``json`` can write."""
    plain = {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in configuration.items()
    }
    return {"estimator": estimator, "package_version": __version__, **plain}


def skipped_note(
    n_skipped: int, n_requested: int, what: str, found: str = "were unestimable"
) -> tuple[str, ...]:
    """The warning for parts without a finite score, as a tuple of one or none."""
    if not n_skipped:
        return ()
    return (f"{n_skipped} of {n_requested} {what} {found}: they have no finite score.",)
