"""How many threads a computation uses, and who said so."""

from __future__ import annotations

import os
from functools import lru_cache

from fastshesha import _core
from fastshesha._config import checked_threads, current_settings

from .cgroup import cpu_quota

ENVIRONMENT_VARIABLE = "FASTSHESHA_NUM_THREADS"


def n_threads() -> int:
    """The number of threads in force."""
    return resolve_threads()[0]


def resolve_threads() -> tuple[int, str]:
    """The number of threads in force and where it comes from.

    Returns
    -------
    count : int
        At least 1.
    source : str
        'no OpenMP' or 'forked child' (always one thread), else the first that speaks of
        'config' and 'FASTSHESHA_NUM_THREADS', else the tightest of 'CPU affinity',
        'cgroup quota' and 'OpenMP limit' (OMP_NUM_THREADS, threadpoolctl).
    """
    if not _has_openmp():
        return 1, "no OpenMP"
    if _core.in_forked_child():
        return 1, "forked child"
    configured = current_settings().threads
    if configured is not None:
        return configured, "config"
    requested = _environment_threads()
    if requested is not None:
        return requested, ENVIRONMENT_VARIABLE
    return _machine_threads()


def _environment_threads() -> int | None:
    text = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    if not text:
        return None
    return checked_threads(int(text) if text.isdecimal() else text, ENVIRONMENT_VARIABLE)


def _machine_threads() -> tuple[int, str]:
    limits = [(_usable_cpus(), "CPU affinity"), (_core.openmp_max_threads(), "OpenMP limit")]
    quota = _quota()
    if quota is not None:
        limits.append((quota, "cgroup quota"))
    # min() keeps the first of equal limits: OpenMP's own default is the number of CPUs.
    return min(limits, key=lambda limit: limit[0])


def _usable_cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@lru_cache(maxsize=1)
def _quota() -> int | None:
    return cpu_quota()


@lru_cache(maxsize=1)
def _has_openmp() -> bool:
    return not _core.build_info()["openmp"].startswith("none")
