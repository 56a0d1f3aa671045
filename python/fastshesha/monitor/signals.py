"""The signals of one epoch: each a number, or NaN with the reason why it has none."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Collection, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fastshesha import feature_split, supervised_alignment, variance_ratio
from fastshesha.monitor.inputs import Rows
from fastshesha.spectrum import summary

SPECTRAL = (
    "effective_rank",
    "participation_ratio",
    "feature_participation_ratio",
    "normalised_spread",
    "energy",
    "mean_cosine",
    "alpha_req",
)
SUPERVISED = ("alignment", "var_ratio")
DRIFTS = ("drift_first", "drift_previous")
SHARES = ("zero_rows", "nonfinite_rows")
SIGNALS = ("stability", *SUPERVISED, *DRIFTS, *SPECTRAL, *SHARES)

# Statuses that are no fault: nothing is warned about.
NOT_ASKED = "not asked for"
NO_LABELS = "no labels were given"
FIRST_EPOCH = "there is no earlier epoch"
_FEWEST_ROWS = 2
_NAMED_IN_WARNING = 3
_NOT_DEFINED = "it is not defined for these rows"


class MonitorWarning(UserWarning):
    """Some signals of an epoch are not defined; one warning counts them."""


@dataclass
class Measured:
    """Values of the signals that were asked for, and why others have none."""

    asked: frozenset[str]
    values: dict[str, float] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: float, reason: str = _NOT_DEFINED) -> None:
        """Note a value; one that is not finite becomes NaN with a reason."""
        self.values[name] = value if math.isfinite(value) else math.nan
        if not math.isfinite(value):
            self.statuses[name] = reason

    @property
    def asked_values(self) -> dict[str, float]:
        """The signals that were asked for, in the usual order."""
        return {name: self.values[name] for name in SIGNALS if name in self.asked}

    @property
    def undefined(self) -> dict[str, str]:
        """The statuses that tell a fault."""
        usual = (NOT_ASKED, NO_LABELS, FIRST_EPOCH)
        return {name: told for name, told in self.statuses.items() if told not in usual}


def measure(rows: Rows, asked: Set[str], n_splits: int, seed: int) -> Measured:
    """Compute the signals that need no other epoch; those not asked for are NaN."""
    X: Any = rows.embeddings
    labels: Any = rows.labels
    found = Measured(frozenset(asked))
    found.put("nonfinite_rows", rows.nonfinite)
    computations: dict[tuple[str, ...], Callable[[], Mapping[str, Any]]] = {
        ("stability",): lambda: {
            "stability": feature_split(X, n_splits=n_splits, seed=seed, nan_policy="omit")
        },
        ("alignment",): lambda: {"alignment": supervised_alignment(X, labels, seed=seed)},
        ("var_ratio",): lambda: {"var_ratio": variance_ratio(X, labels)},
        SPECTRAL: lambda: summary(X),
        ("zero_rows",): lambda: {"zero_rows": 1.0 - np.any(X != 0, axis=1).mean()},
    }
    for names, compute in computations.items():
        if labels is None and names[0] in SUPERVISED:
            found.statuses[names[0]] = NO_LABELS
        elif asked & set(names):
            guard(found, names, compute, len(X))
    _settle(found)
    return found


def unreadable(asked: Collection[str], reason: str) -> Measured:
    """What is found in embeddings or labels that cannot be read: nothing."""
    found = Measured(frozenset(asked))
    for name in asked:
        found.put(name, math.nan, reason)
    _settle(found)
    return found


def _settle(found: Measured) -> None:
    """NaN for every signal that was not computed, and a status where it was not asked for."""
    for name in SIGNALS:
        if name not in found.asked:
            found.statuses[name] = NOT_ASKED
        if name not in found.asked or name not in found.values:
            found.values[name] = math.nan


def guard(
    found: Measured,
    names: Collection[str],
    compute: Callable[[], Mapping[str, Any]],
    n_rows: int,
) -> None:
    """Note what `compute` returns, and whatever it raises as a status of every name.

    No fault of a metric may end a training run, so every exception is caught.
    """
    if n_rows < _FEWEST_ROWS:
        reason = f"{n_rows} rows with finite values are too few"
        results: Mapping[str, Any] = {}
    else:
        reason = _NOT_DEFINED
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                results = compute()
        except Exception as error:
            reason, results = f"{type(error).__name__}: {error}", {}
    for name in names:
        found.put(name, float(results.get(name, math.nan)), reason)


def count_faults(found: Mapping[str, Measured], epoch: int) -> str:
    """One sentence that counts the undefined signals; empty where there are none."""
    if not found:
        return f"epoch {epoch}: the mapping of embeddings is empty"
    faults = [
        (f"{layer}/{name}" if layer else name, reason)
        for layer, measured in found.items()
        for name, reason in measured.undefined.items()
    ]
    if not faults:
        return ""
    named = "; ".join(f"{name}: {reason}" for name, reason in faults[:_NAMED_IN_WARNING])
    more = "; ..." if len(faults) > _NAMED_IN_WARNING else ""
    return f"epoch {epoch}: {len(faults)} signals are undefined ({named}{more})"
