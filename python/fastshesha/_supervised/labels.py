"""Class labels of samples, and their integer codes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import bool_, int64

from fastshesha._inputs.conversion import to_numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fastshesha._typing import IndexArray

# Types in which a value can differ from itself: NaN among numbers, NaT among dates.
_KINDS_WITH_MISSING = "fcmM"
_SHOWN = 5
# Whole numbers in a range of no more values, or no wider than there are labels, are not sorted.
_FEW_VALUES = 256


@dataclass(frozen=True)
class Labels:
    """Class labels as integers.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_samples,)
        Position of each label in ``classes``.
    classes : ndarray, shape (n_classes,)
        Distinct labels in rising order; all missing labels (NaN, NaT) are one, the last.
    missing : ndarray of bool, shape (n_samples,)
        Which labels are missing.
    """

    codes: NDArray[int64]
    classes: NDArray[Any]
    missing: NDArray[bool_]

    @property
    def n_classes(self) -> int:
        """Number of classes of the full data; a resample may lack some."""
        return len(self.classes)

    def take(self, rows: IndexArray) -> Labels:
        """The labels of some samples."""
        return Labels(self.codes[rows], self.classes, self.missing[rows])

    def class_sizes(self) -> IndexArray:
        """Number of samples of each class."""
        return np.bincount(self.codes, minlength=self.n_classes).astype(np.int64, copy=False)

    def codes_without_missing(self) -> IndexArray:
        """Codes in which missing labels are -1, which is no class."""
        return np.where(self.missing, -1, self.codes)

    def distinct_missing_codes(self) -> IndexArray:
        """Codes in which every missing label is a class of its own: NaN differs from NaN."""
        own = self.n_classes + np.arange(len(self.codes))
        return np.where(self.missing, own, self.codes)


def as_labels(y: object, n_samples: int, name: str = "y") -> Labels:
    """Read one label per sample: any values of one kind that numpy can sort.

    Raises
    ------
    ValueError
        Not one-dimensional, or not ``n_samples`` labels.
    TypeError
        Labels that cannot be compared with each other, such as strings mixed with numbers.
    """
    labels = to_numpy(y, name)
    if labels.ndim != 1:
        raise ValueError(
            f"{name} must be a 1-dimensional array with one label per sample, "
            f"got shape {labels.shape}"
        )
    if labels.shape[0] != n_samples:
        raise ValueError(
            f"{name} must match number of samples: expected {n_samples} labels, "
            f"got {labels.shape[0]}"
        )
    try:
        classes, codes = _numbered(labels)
    except TypeError as error:
        raise TypeError(
            f"{name} must hold labels of one kind that can be sorted ({error}); "
            "numpy.asarray(y).astype(str) makes them so"
        ) from error
    missing = np.zeros(n_samples, dtype=np.bool_)
    if labels.dtype.kind in _KINDS_WITH_MISSING:
        missing = labels != labels
    return Labels(codes, classes, missing)


def _numbered(labels: NDArray[Any]) -> tuple[NDArray[Any], IndexArray]:
    """The distinct labels in rising order, and the place of each label among them."""
    if labels.dtype.kind in "biu" and labels.size > 0:
        lowest, highest = labels.min(), labels.max()
        if int(highest) - int(lowest) < max(_FEW_VALUES, labels.size):
            return _counted(labels, lowest.astype(np.int64))
    classes, codes = np.unique(labels, return_inverse=True)
    return classes, codes.astype(np.int64, copy=False)


def _counted(labels: NDArray[Any], lowest: int64) -> tuple[NDArray[Any], IndexArray]:
    """The same of whole numbers close to the lowest; those of 64 bits may wrap around and back."""
    offsets = labels.astype(np.int64)
    offsets -= lowest
    present = np.bincount(offsets) > 0
    classes = (np.flatnonzero(present) + lowest).astype(labels.dtype)
    return classes, (np.cumsum(present) - 1)[offsets]


def require_class_sizes(labels: Labels, name: str = "y", minimum: int = 2) -> None:
    """Accept labels with at least ``minimum`` samples of every class."""
    sizes = labels.class_sizes()
    small = sizes < minimum
    if small.any():
        found = zip(labels.classes[small].tolist(), sizes[small].tolist(), strict=True)
        shown = [f"{label!r} ({size})" for label, size in islice(found, _SHOWN)]
        n_more = int(small.sum()) - len(shown)
        more = f" and {n_more} more" if n_more else ""
        raise ValueError(
            f"every class in {name} must have at least {minimum} observations; too small: "
            f"{', '.join(shown)}{more}"
        )


def require_n_classes(labels: Labels, n_classes: int, metric: str, name: str = "y") -> None:
    """Accept labels of exactly ``n_classes`` classes, none of them missing."""
    if labels.n_classes != n_classes:
        raise ValueError(
            f"{metric} needs exactly {n_classes} classes in {name}, got {labels.n_classes}"
        )
    n_missing = int(np.count_nonzero(labels.missing))
    if n_missing:
        raise ValueError(
            f"{metric} needs exactly {n_classes} classes in {name} and no missing labels, "
            f"got {n_missing} missing"
        )
