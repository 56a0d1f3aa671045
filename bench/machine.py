"""Where and how a run was made."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np

import fastshesha
from bench.contest import ROOT
from bench.environments import ENVIRONMENTS


def available_cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def describe(command: str, n_threads: int, n_rounds: int) -> dict[str, Any]:
    """What the head of the report says; the load is that of others, before the run."""
    ours = fastshesha.show_config(mode="dicts")
    assert ours is not None
    simd = ours["simd"]["active"]
    return {
        "command": command,
        "date": time.strftime("%Y-%m-%d"),
        "processor": _processor(),
        "cores": available_cores(),
        "threads": n_threads,
        "rounds": n_rounds,
        "load": round(os.getloadavg()[0], 1),
        "fastshesha": f"{ours['version']} at {_commit()}, {simd}, {ours['compiler']}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "contestants": [environment.version for environment in ENVIRONMENTS.values()],
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    found: dict[str, str] = {}
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            found.setdefault(name.strip(), value.strip())
    if "model name" not in found:
        return platform.processor() or platform.machine()
    where = (f"{key} {found[key]}" for key in ("cpu family", "model") if key in found)
    return ", ".join([found["model name"], *where])


def _commit() -> str:
    words = ["git", "-C", os.fspath(ROOT), "describe", "--always", "--dirty"]
    try:
        return subprocess.check_output(words, text=True, stderr=subprocess.DEVNULL).strip()
    except (OSError, subprocess.CalledProcessError):
        return "an unknown commit"
