"""How to run, as opposed to what to compute: settings that hold inside a ``with`` block."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar, Token
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, TypeAlias

import numpy as np

from ._byte_size import checked_bytes

MOST_THREADS = 4096
EXACT_PAIRS = 2**28
ProgressSetting: TypeAlias = bool | Callable[[int, int], object]


@dataclass(frozen=True)
class Settings:
    """What ``config`` has set; None where nothing was said."""

    threads: int | None = None
    progress: ProgressSetting | None = None
    memory: int | None = None
    exact_pairs: int | None = None


_NOTHING_SET = Settings()
_settings: ContextVar[Settings] = ContextVar("fastshesha_settings", default=_NOTHING_SET)


def current_settings() -> Settings:
    """The settings in force in this thread or task."""
    return _settings.get()


def exact_pair_limit() -> int:
    """The most pairs of samples whose distances are all ranked exactly."""
    limit = current_settings().exact_pairs
    return EXACT_PAIRS if limit is None else limit


def config(
    *,
    threads: int | None = None,
    progress: ProgressSetting | None = None,
    memory: int | str | None = None,
    exact_pairs: int | None = None,
) -> AbstractContextManager[Settings]:
    """Set how computations inside a ``with`` block run; threads and progress change no result.

    Parameters
    ----------
    threads : int, optional
        Number of threads, 1 to 4096. None leaves what the surrounding block, the environment
        variable ``FASTSHESHA_NUM_THREADS``, or the machine says.
    progress : bool or callable, optional
        How far a call over many perturbations is: True draws a bar by tqdm, on a terminal or in
        a notebook; a callable is called as ``progress(done, total)``, at the start and after
        every perturbation, and may raise to stop the call; False shows nothing. None leaves
        what the surrounding block says, which is nothing without one.
    memory : int or str, optional
        Work space of ``feature_split`` beside its input, in bytes or as a text like "512MiB": it
        works on fewer splits at a time to keep within. None leaves what the surrounding block
        says, which is no bound without one.
    exact_pairs : int, optional
        Up to so many pairs of samples, Spearman's correlation of their distances is exact, at up
        to 36 bytes a pair and thread; beyond, ``feature_split``, ``rdm_similarity``,
        ``rdm_drift`` and ``replicate_stability`` stream the pairs in bounded memory, within an
        error bound that results tell. Calls with ``n_bootstrap_ci`` are always exact. None
        leaves what the surrounding block says, which is 2^28 (23 170 samples) without one.

    Returns
    -------
    context manager
        Gives the settings in force. Blocks nest; they hold for the current thread or task and
        are not seen by threads or processes started inside.

    Raises
    ------
    ValueError
        ``threads`` is not an integer between 1 and 4096, ``memory`` not an amount of memory, or
        ``exact_pairs`` not an integer of at least 1.
    TypeError
        ``progress`` is neither a bool nor callable.

    Examples
    --------
    >>> import fastshesha
    >>> with fastshesha.config(threads=2) as settings:
    ...     settings.threads
    2
    """
    changes: dict[str, Any] = {}
    if threads is not None:
        changes["threads"] = checked_threads(threads, "threads")
    if progress is not None:
        changes["progress"] = _checked_progress(progress)
    if memory is not None:
        changes["memory"] = checked_bytes(memory, "memory")
    if exact_pairs is not None:
        changes["exact_pairs"] = _checked_pairs(exact_pairs)
    return _Applied(changes)


def _checked_progress(value: object) -> ProgressSetting:
    if isinstance(value, bool) or callable(value):
        return value
    raise TypeError(f"progress must be True, False or a callable(done, total), got {value!r}")


def _checked_pairs(value: object) -> int:
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 1:
        return int(value)
    raise ValueError(f"exact_pairs must be an integer >= 1, got {value!r}")


def checked_threads(value: object, name: str) -> int:
    """A number of threads, or an error that says where it came from."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        threads = int(value)
        if 1 <= threads <= MOST_THREADS:
            return threads
    raise ValueError(f"{name} must be an integer from 1 to {MOST_THREADS}, got {value!r}")


class _Applied(AbstractContextManager[Settings]):
    """Changes to the settings for the time of a ``with`` block."""

    def __init__(self, changes: dict[str, Any]) -> None:
        self._changes = changes
        self._tokens: list[Token[Settings]] = []

    def __enter__(self) -> Settings:
        settings = replace(current_settings(), **self._changes)
        self._tokens.append(_settings.set(settings))
        return settings

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _settings.reset(self._tokens.pop())
