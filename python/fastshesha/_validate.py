"""Checks of the arguments: every message a user can get for a bad option is written here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ._typing import Matrix

SPLIT_METRICS = ("cosine", "correlation")
RDM_METRICS = ("cosine", "correlation", "euclidean")
CORRELATION_METHODS = ("spearman", "pearson")
NAN_POLICIES = ("raise", "omit", "propagate", "replace")
RETURN_TYPES = ("float", "result")


def listed(accepted: Sequence[str]) -> str:
    """The accepted strings as they are shown in a message."""
    return ", ".join(repr(item) for item in accepted)


def require_choice(value: object, name: str, accepted: Sequence[str]) -> None:
    """Accept one of the given strings only."""
    if not isinstance(value, str) or value not in accepted:
        raise ValueError(f"Unknown {name}: must be one of {listed(accepted)}; got {value!r}")


def require_int(value: object, name: str, *, allow_none: bool = False) -> None:
    """Accept an integer of at least 1, or None where the caller has a meaning for it."""
    if value is None and allow_none:
        return
    is_integer = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not is_integer or value < 1:  # type: ignore[operator]
        or_none = " or None" if allow_none else ""
        raise ValueError(f"{name} must be an integer >= 1{or_none}, got {value!r}")


def _as_number(value: object) -> float:
    """The value as a float, NaN for anything that is not a number (a numeric string, a bool)."""
    if isinstance(value, (bool, np.bool_, str, bytes)):
        return math.nan
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan


def require_positive(value: object, name: str) -> None:
    """Accept a finite number above zero."""
    number = _as_number(value)
    if not (math.isfinite(number) and number > 0.0):
        raise ValueError(f"{name} must be a finite number > 0, got {value!r}")


def require_fraction(value: object, name: str) -> None:
    """Accept a share of the samples: a number above 0 and up to 1."""
    if not 0.0 < _as_number(value) <= 1.0:
        raise ValueError(f"{name} must be a number in (0, 1], got {value!r}")


def require_confidence(ci: object) -> None:
    """Accept a confidence level strictly between 0 and 1."""
    if not 0.0 < _as_number(ci) < 1.0:
        raise ValueError(f"ci must be a number strictly between 0 and 1, got {ci!r}")


def require_bootstrap(n_bootstrap_ci: object, ci: object) -> None:
    """Accept the two options of a bootstrap interval."""
    require_int(n_bootstrap_ci, "n_bootstrap_ci", allow_none=True)
    require_confidence(ci)


def as_max_pairs(max_pairs: object, n_bootstrap_ci: object, method: str = "spearman") -> int | None:
    """A number of pairs to sample, such as 1e8, with options that it goes together with."""
    if max_pairs is None:
        return None
    number = _as_number(max_pairs)
    if not (math.isfinite(number) and number >= 1.0 and number == math.floor(number)):
        raise ValueError(f"max_pairs must be a whole number >= 1 or None, got {max_pairs!r}")
    if n_bootstrap_ci is not None:
        raise ValueError(
            f"max_pairs and n_bootstrap_ci exclude each other, got {max_pairs} and "
            f"{n_bootstrap_ci}: an interval over samples needs all their pairs"
        )
    if method != "spearman":
        raise ValueError(
            f"max_pairs needs method='spearman', got {method!r}, which compares all pairs of any "
            "number of samples without a sample of them"
        )
    return int(number)


def require_same_samples(X: Matrix, Y: Matrix, names: tuple[str, str] = ("X", "Y")) -> None:
    """Accept two matrices with one row per shared sample."""
    if X.shape[0] != Y.shape[0]:
        raise ValueError(
            f"{names[0]} and {names[1]} must have the same number of samples (rows), "
            f"got shapes {X.shape} and {Y.shape}"
        )


def undefined_distances(n_undefined: int) -> ValueError:
    """The error for undefined distances under ``nan_policy='raise'``."""
    return ValueError(
        f"Undefined distances: {n_undefined}. Under cosine a row of zeros, under correlation a "
        "constant row has no direction, and a distance can overflow. nan_policy='raise' stops "
        "here; 'omit' leaves such pairs out, 'propagate' returns NaN, 'replace' takes 1.0"
    )
