"""How to run, as opposed to what to compute: settings that hold inside a ``with`` block."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar, Token
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, TypeAlias

import numpy as np

from ._resources.byte_size import checked_bytes

MOST_THREADS = 4096
EXACT_PAIRS = 2**28
CHECKPOINT_INTERVAL = 30.0
ProgressSetting: TypeAlias = bool | Callable[[int, int], object]


@dataclass
class CheckpointSetting:
    """Where a run is kept, how many seconds of it may be lost, and what was opened there."""

    path: str
    interval: float
    opened: Any = None

    def close(self) -> None:
        """Give up what was opened."""
        if self.opened is not None:
            self.opened.close()


@dataclass(frozen=True)
class Settings:
    """What ``config`` has set; None where nothing was said."""

    threads: int | None = None
    progress: ProgressSetting | None = None
    memory: int | None = None
    exact_pairs: int | None = None
    executor: Any = None
    checkpoint: CheckpointSetting | None = None


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
    executor: Any = None,
    checkpoint: str | os.PathLike[str] | None = None,
    checkpoint_interval: float = CHECKPOINT_INTERVAL,
) -> AbstractContextManager[Settings]:
    """Set how computations inside a ``with`` block run; ``exact_pairs`` alone changes results.

    Parameters
    ----------
    threads : int, optional
        Number of threads, 1 to 4096. None leaves what the surrounding block, the environment
        variable ``FASTSHESHA_NUM_THREADS``, or the machine says.
    progress : bool or callable, optional
        How far a call over many perturbations, or over streamed pairs, is: True draws a bar by
        tqdm, on a terminal or in a notebook; a callable is called as ``progress(done, total)``,
        at the start and after every perturbation or some tiles of pairs. It ends the call by
        raising, or by returning False, which raises :class:`fastshesha.Cancelled`; the call
        waits for it. False shows nothing. None leaves what the surrounding block says, which is
        nothing without one.
    memory : int or str, optional
        Work space of ``feature_split`` beside its input, in bytes or as a text like "512MiB": it
        works on fewer splits at a time to keep within. None leaves what the surrounding block
        says, which is what this machine or its control group has without one.
    exact_pairs : int, optional
        Up to so many pairs of samples, Spearman's correlation of their distances is exact, at up
        to 52 bytes a pair and thread; beyond, ``feature_split``, ``rdm_similarity``,
        ``rdm_drift`` and ``replicate_stability`` stream the pairs in bounded memory, within an
        error bound that results tell. Calls with ``n_bootstrap_ci`` are always exact. None
        leaves what the surrounding block says, which is 2^28 (23 170 samples) without one.
    executor : concurrent.futures.Executor or dask.distributed.Client, optional
        Who runs the tiles of streamed pairs: a pool of threads or processes, of loky or mpi4py,
        a Dask client, :class:`fastshesha.RayExecutor`. ``threads`` then counts those of a single
        worker; unless it is set, pools of this machine share its threads, and other workers use
        one each. Matrices in mapped files travel as their names. None leaves what the
        surrounding block says, False runs everything in this process.
    checkpoint : str or path, optional
        A file in which the calls of the block keep what they know of streamed pairs, and from
        which the same block, run again, goes on with the same bits. It must belong to the same
        calls on the same rows, and to one process at a time. It is not removed at the end.
    checkpoint_interval : float, default=30
        Seconds of work that may be lost.

    Returns
    -------
    context manager
        Gives the settings in force. Blocks nest; they hold for the current thread or task and
        are not seen by threads or processes started inside.

    Raises
    ------
    ValueError
        ``threads`` is not an integer between 1 and 4096, ``memory`` not an amount of memory,
        ``exact_pairs`` not an integer of at least 1, ``checkpoint`` not a path in a folder, or
        ``checkpoint_interval`` negative.
    TypeError
        ``progress`` is neither a bool nor callable, or ``executor`` no executor.

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
    if executor is not None:
        changes["executor"] = _checked_executor(executor)
    place = None
    if checkpoint is not None:
        place = _checked_path(checkpoint), _checked_seconds(checkpoint_interval)
    return _Applied(changes, place)


def _checked_progress(value: object) -> ProgressSetting:
    if isinstance(value, bool) or callable(value):
        return value
    raise TypeError(f"progress must be True, False or a callable(done, total), got {value!r}")


def _checked_pairs(value: object) -> int:
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 1:
        return int(value)
    raise ValueError(f"exact_pairs must be an integer >= 1, got {value!r}")


def _checked_executor(value: Any) -> Any:
    """An executor, or None for False."""
    if value is False:
        return None
    # A Dask client submits, too, but its futures are its own.
    if callable(getattr(value, "get_executor", None)) and not isinstance(value, type):
        return value.get_executor(pure=False)
    from concurrent.futures import Executor

    if isinstance(value, Executor):
        return value
    raise TypeError(
        "executor must be a concurrent.futures.Executor, a dask.distributed.Client or False, "
        f"got {value!r}"
    )


def _checked_path(value: object) -> str:
    if isinstance(value, (str, os.PathLike)):
        path = os.path.abspath(os.fspath(value))
        in_folder = isinstance(path, str) and os.path.isdir(os.path.dirname(path))
        if in_folder and not os.path.isdir(path):
            return str(path)
    raise ValueError(f"checkpoint must be the path of a file in an existing folder, got {value!r}")


def _checked_seconds(value: object) -> float:
    if isinstance(value, (int, float, np.number)) and not isinstance(value, bool) and value >= 0:
        return float(value)
    raise ValueError(f"checkpoint_interval must be a number of seconds >= 0, got {value!r}")


def checked_threads(value: object, name: str) -> int:
    """A number of threads, or an error that says where it came from."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        threads = int(value)
        if 1 <= threads <= MOST_THREADS:
            return threads
    raise ValueError(f"{name} must be an integer from 1 to {MOST_THREADS}, got {value!r}")


class _Applied(AbstractContextManager[Settings]):
    """Changes to the settings for the time of a ``with`` block."""

    def __init__(self, changes: dict[str, Any], place: tuple[str, float] | None) -> None:
        self._changes = changes
        self._place = place
        self._entered: list[tuple[Token[Settings], CheckpointSetting | None]] = []

    def __enter__(self) -> Settings:
        checkpoint = None if self._place is None else CheckpointSetting(*self._place)
        settings = replace(current_settings(), **self._changes)
        if checkpoint is not None:
            settings = replace(settings, checkpoint=checkpoint)
        self._entered.append((_settings.set(settings), checkpoint))
        return settings

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        token, checkpoint = self._entered.pop()
        _settings.reset(token)
        if checkpoint is not None:
            checkpoint.close()
