"""What the control group this process runs in (Linux containers) grants: CPUs and memory.

The CPU affinity does not show a quota: a container limited to two CPUs of a 64-core machine
sees 64, and 64 threads there are slower than two.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator


def cpu_quota(root: str = "/") -> int | None:
    """CPUs the control group grants, rounded up; None where there is no limit to be read.

    Parameters
    ----------
    root : str
        Where the file system starts that holds ``proc`` and ``sys``.

    Notes
    -----
    Both versions of control groups are read, from the group of the process up to the root of
    the hierarchy: the tightest limit on the way holds. A missing or unreadable file is no limit.
    """
    quotas = [
        _quota_v2(folder) if version == 2 else _quota_v1(folder)
        for version, folder in _group_folders(root.rstrip("/"), "cpu")
    ]
    tightest = min((quota for quota in quotas if quota is not None), default=None)
    return None if tightest is None else max(1, math.ceil(tightest))


def memory_limit(root: str = "/") -> int | None:
    """Bytes of memory that the machine or the tightest control group has; None if unknown."""
    limits = [
        _bytes(_read(f"{folder}/{'memory.max' if version == 2 else 'memory.limit_in_bytes'}"))
        for version, folder in _group_folders(root.rstrip("/"), "memory")
    ]
    limits.append(_physical_memory())
    return min((limit for limit in limits if limit is not None), default=None)


def _group_folders(root: str, controller: str) -> Iterator[tuple[int, str]]:
    """Version and folder of every control group that limits this process by a controller."""
    for line in _read(f"{root}/proc/self/cgroup").splitlines():
        hierarchy, _, rest = line.partition(":")
        controllers, _, group = rest.partition(":")
        if hierarchy == "0" and not controllers:
            for folder in _upwards(f"{root}/sys/fs/cgroup", group):
                yield 2, folder
        elif controller in controllers.split(","):
            for mount in {controllers, controller}:
                for folder in _upwards(f"{root}/sys/fs/cgroup/{mount}", group):
                    yield 1, folder


def _upwards(mount: str, group: str) -> Iterator[str]:
    """The folder of a group and of all its ancestors, the mount point last.

    Inside a container the group's own path often is not mounted, but its limit is at the top.
    """
    parts = [part for part in group.split("/") if part not in ("", ".", "..")]
    for depth in range(len(parts), -1, -1):
        yield "/".join([mount, *parts[:depth]])


def _quota_v2(folder: str) -> float | None:
    quota, _, period = _read(f"{folder}/cpu.max").strip().partition(" ")
    return _ratio(quota, period)


def _quota_v1(folder: str) -> float | None:
    return _ratio(_read(f"{folder}/cpu.cfs_quota_us"), _read(f"{folder}/cpu.cfs_period_us"))


def _ratio(quota: str, period: str) -> float | None:
    """CPUs of a quota; None for 'max', -1 (both mean unlimited) and anything that is no number."""
    try:
        cpus = int(quota) / int(period)
    except (ValueError, ZeroDivisionError):
        return None
    return cpus if cpus > 0 else None


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _bytes(text: str) -> int | None:
    """A positive number; None for 'max' and anything else."""
    text = text.strip()
    return int(text) if text.isdecimal() and int(text) > 0 else None


def _physical_memory() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None
