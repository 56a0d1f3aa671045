"""What a call will take, before it starts: time, memory and error."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from ._config import config
from ._exact_trial import exact_seconds
from ._resources.pair_limit import beyond_exact, count_pairs
from ._resources.resident_memory import AnonymousPeak
from ._resources.threads import n_threads

ESTIMABLE = (
    "feature_split",
    "rdm_similarity",
    "rdm_drift",
    "replicate_stability",
    "supervised_alignment",
)
_Path: TypeAlias = Literal["exact", "streamed", "sampled"]
# Rows of a trial: enough for the error of a small one.
_TRIAL_ROWS = 2000
_TRIAL_PAIRS = 10**6
_FEWEST_PAIRS_PER_ROW = 8
_WARM_UP_ROWS = 200
# What comes behind the tiles, as a share of what goes before them (measured: 0.43 to 0.53 with the
# sample of pairs that all pairs need, 0.06 to 0.15 without).
_BEHIND_ALL_PAIRS = 0.5
_BEHIND_ROUNDS = 0.1


@dataclass(frozen=True)
class Estimate:
    """What a call is going to take on this machine, under the settings in force.

    Attributes
    ----------
    path : {'exact', 'streamed', 'sampled'}
        All pairs ranked exactly, all pairs streamed, or a sample of the pairs.
    n_pairs : int
        Pairs to compare in every split.
    seconds : float
        Time, with the threads of this process; an executor is not taken into account.
    memory : int or None
        Bytes beyond the matrix and what the process has; None where the system does not tell.
    error : float
        What ``error_bound`` (streamed) or, roughly, ``pair_se`` (sampled) will be; 0 if exact.
    n_threads : int
        Threads that were counted on.
    """

    path: _Path
    n_pairs: int
    seconds: float
    memory: int | None
    error: float
    n_threads: int

    def to_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)


def estimate(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Estimate:
    """Tell what a call will take, from a trial of a few seconds.

    Parameters
    ----------
    function : callable
        ``feature_split``, ``rdm_similarity``, ``rdm_drift``, ``replicate_stability`` or
        ``supervised_alignment`` of this package.
    *args, **kwargs
        What it is to be called with; matrices may be mapped files. A target (``target_mc_se``)
        counts as reached after ``n_splits`` splits, bootstraps are not estimated.

    Returns
    -------
    Estimate
        Path, pairs, seconds, bytes and error.

    Raises
    ------
    ValueError
        Another function, ``n_bootstrap_ci`` given, or an argument the function refuses.

    Notes
    -----
    Streamed calls begin as they would and are broken off after about two seconds of tiles; what
    comes behind the tiles is taken for a share of what goes before them, and a second pass, which
    few data need, is left out. Exact calls are made on some of the rows and partitions, for about
    a second, and again once memory is there, and grow like a power of the number of pairs. Time is
    of the order of the reading of the matrix.

    Examples
    --------
    >>> import numpy as np
    >>> import fastshesha
    >>> X = np.random.default_rng(0).standard_normal((400, 32))
    >>> plan = fastshesha.estimate(fastshesha.feature_split, X, seed=320)
    >>> plan.path, plan.n_pairs, plan.error
    ('exact', 79800, 0.0)
    """
    if getattr(function, "__name__", "") not in ESTIMABLE:
        raise ValueError(f"function must be one of {', '.join(ESTIMABLE)}, got {function!r}")
    if kwargs.get("n_bootstrap_ci") is not None:
        raise ValueError("n_bootstrap_ci is not estimated; leave it out")
    bound = inspect.signature(function).bind(*args, **kwargs)
    bound.apply_defaults()
    call = _Call(function, args, kwargs, bound.arguments)
    with config(progress=False, executor=False):
        call.on_rows(_WARM_UP_ROWS)()
        return call.estimated()


@dataclass(frozen=True)
class _Tried:
    """What a trial tells; the call will hold ``growth`` times the memory that it held."""

    path: _Path
    n_pairs: int
    seconds: float
    growth: float = 1.0


@dataclass(frozen=True)
class _Call:
    """A call, and what its arguments come to with the defaults."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    arguments: dict[str, Any]

    @property
    def n_rows(self) -> int:
        """Rows that will be compared."""
        n_rows = len(self.args[0])
        most = self.arguments.get("max_samples")
        is_sampled = self.arguments.get("max_pairs") is not None
        return n_rows if most is None or is_sampled else min(n_rows, most)

    def on_rows(self, n_rows: int, **changes: Any) -> Callable[[], Any]:
        """The call on so many rows that are spread over all, with a few options changed."""
        step = max(1, len(self.args[0]) // n_rows)
        args = [rows[: step * n_rows : step] for rows in self.args]
        kwargs = {"max_pairs": None, **changes}
        return lambda: self.function(*args, **{**self.kwargs, **kwargs})

    def estimated(self) -> Estimate:
        """The estimate, from a trial on the path that the call will take."""
        with AnonymousPeak() as peak:
            found = self._tried()
        memory = None if peak.bytes is None else int(found.growth * peak.bytes)
        # What finds the error out holds memory of its own.
        error = self._error(found.path)
        return Estimate(found.path, found.n_pairs, found.seconds, memory, error, n_threads())

    def _tried(self) -> _Tried:
        n_pairs, most = count_pairs(self.n_rows), self.arguments.get("max_pairs")
        if most is not None and most < n_pairs:
            return _Tried("sampled", int(most), self._trial(_BEHIND_ROUNDS))
        if beyond_exact(self.n_rows) and self._needs_no_pairs:
            with config(exact_pairs=1):
                seconds, _ = exact_seconds(self._attempt, self.n_rows, 1)
            return _Tried("exact", n_pairs, seconds)
        if beyond_exact(self.n_rows):
            return _Tried("streamed", n_pairs, self._trial(_BEHIND_ALL_PAIRS))
        seconds, n_rows = exact_seconds(self._attempt, self.n_rows, self._n_splits)
        return _Tried("exact", n_pairs, seconds, n_pairs / max(1, count_pairs(n_rows)))

    def _attempt(self, n_rows: int, n_splits: int) -> None:
        changes = {"n_splits": n_splits} if "n_splits" in self.arguments else {}
        self.on_rows(n_rows, **changes)()

    @property
    def _needs_no_pairs(self) -> bool:
        """Whether sums over features tell the correlation, beyond the exact limit."""
        is_pearson = self.arguments.get("method") == "pearson"
        return is_pearson and self.arguments.get("metric") != "euclidean"

    @property
    def _n_splits(self) -> int:
        return int(self.arguments.get("n_splits", 1))

    def _trial(self, behind: float) -> float:
        """Seconds of the whole call, from its beginning."""
        from .scale.running import noting_in
        from .scale.trial import Broken, Trial, checking_seconds

        checking = checking_seconds(self.args)
        trial = Trial()
        with suppress(Broken), noting_in(trial):
            self.function(*self.args, **self.kwargs)
        return trial.extrapolated(checking, self._n_splits, behind)

    def _error(self, path: _Path) -> float:
        if path == "exact":
            return 0.0
        return self._sampling_error() if path == "sampled" else self._bound()

    def _sampling_error(self) -> float:
        """The standard error of a small sample, which falls with the root of its pairs."""
        most = self.arguments["max_pairs"]
        n_pairs = min(most, max(_TRIAL_PAIRS, _FEWEST_PAIRS_PER_ROW * len(self.args[0])))
        told = self._result(len(self.args[0]), max_pairs=n_pairs)
        return float(told["pair_se"]) * math.sqrt(told["n_pairs"] / most)

    def _bound(self) -> float:
        """The bound over few rows, which depends on their distribution more than their number."""
        with config(exact_pairs=1):
            told = self._result(min(self.n_rows, _TRIAL_ROWS))
        # Pearson's correlation has none.
        return float(told.get("error_bound", 0.0))

    def _result(self, n_rows: int, **changes: Any) -> dict[str, Any]:
        if "n_splits" in self.arguments:
            changes["n_splits"] = 1
        result = self.on_rows(n_rows, return_type="result", **changes)()
        metadata: dict[str, Any] = result.metadata
        return metadata
