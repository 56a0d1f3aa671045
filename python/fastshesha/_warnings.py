"""Warnings: one counted message per call, shown at the user's own line."""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING

from ._validate import undefined_distances

if TYPE_CHECKING:
    from ._typing import NanPolicy

_PACKAGE = __name__.partition(".")[0]


class ConstantInputWarning(RuntimeWarning):
    """All distances on one side are equal, so their correlation is not defined."""


class NearConstantInputWarning(RuntimeWarning):
    """The distances on one side hardly differ, so their correlation is inaccurate."""


def _category(own: type[RuntimeWarning]) -> type[Warning]:
    """SciPy's class of the same name where SciPy is loaded, so that users' filters apply."""
    scipy_stats = sys.modules.get("scipy.stats")
    category = getattr(scipy_stats, own.__name__, own)
    return category if isinstance(category, type) and issubclass(category, Warning) else own


def warn(message: str, category: type[Warning]) -> None:
    """Warn as if from the first frame outside this package."""
    level = 1
    frame = sys._getframe()
    while frame.f_globals.get("__name__", "").partition(".")[0] == _PACKAGE and frame.f_back:
        frame = frame.f_back
        level += 1
    warnings.warn(message, category, stacklevel=level)


def warn_constant_input(message: str) -> None:
    """Warn that a correlation is not defined, in the category of that."""
    warn(message, _category(ConstantInputWarning))


class WarningTally:
    """Counts what there is to warn about; leaving the ``with`` block without an error warns."""

    def __init__(self) -> None:
        self._undefined = 0
        self._affected = 0
        self._policy: NanPolicy = "raise"
        self._constant = 0
        self._near_constant = 0
        self._overflowed = 0
        self._undefined_numbers: Counter[str] = Counter()

    def undefined(self, nan_policy: NanPolicy, n_undefined: int) -> None:
        """Note undefined distances in one pair of RDMs; an error under 'raise'."""
        if nan_policy == "raise":
            raise undefined_distances(n_undefined)
        self._policy = nan_policy
        self._undefined += n_undefined
        self._affected += 1

    def constant(self) -> None:
        """Note a pair of RDMs of which one is constant."""
        self._constant += 1

    def near_constant(self) -> None:
        """Note a pair of RDMs of which one is nearly constant."""
        self._near_constant += 1

    def overflowed(self) -> None:
        """Note sums of squares beyond the range of float64."""
        self._overflowed += 1

    def undefined_number(self, reason: str) -> None:
        """Note a score, or a part of one, that is no number; ``reason`` says why."""
        self._undefined_numbers[reason] += 1

    def __enter__(self) -> WarningTally:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self._warn_undefined()
            self._warn_degenerate()

    def _warn_undefined(self) -> None:
        done = {"omit": ("Omitted", ""), "replace": ("Replaced", " by 1.0")}.get(self._policy)
        if done is not None:
            action, by = done
            warn(
                f"{action} {self._undefined} undefined distances{by} "
                f"(nan_policy={self._policy!r}); comparisons of RDMs affected: {self._affected}",
                UserWarning,
            )

    def _warn_degenerate(self) -> None:
        if self._constant:
            warn(
                "All distances of an RDM are equal, so the correlation is not defined; "
                f"comparisons affected: {self._constant}",
                _category(ConstantInputWarning),
            )
        if self._near_constant:
            warn(
                "The distances of an RDM hardly differ, so the correlation may be inaccurate; "
                f"comparisons affected: {self._near_constant}",
                _category(NearConstantInputWarning),
            )
        if self._overflowed:
            warn(
                "Sums of squares overflow float64, which leaves the ratio undefined; scale X down. "
                f"Evaluations affected: {self._overflowed}",
                RuntimeWarning,
            )
        for reason, n_times in self._undefined_numbers.items():
            warn(f"{reason}. Evaluations affected: {n_times}", RuntimeWarning)
