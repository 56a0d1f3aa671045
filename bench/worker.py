"""Makes and times calls; runs in the environment of a contestant, which the parent chooses.

Reads one JSON object per line: a function by its dotted name, the paths of its arguments and its
options. An ``.npy`` file is an array; an ``.npz`` file is an annotated matrix, of an array X and
of columns of its observations. Answers with the seconds a call took, the numbers it gave, and the
peak of the memory since the first timed call, above what was held just before.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

_WARM_UP_ROWS = 64
_STATUS = Path("/proc/self/status")
_CLEAR_REFS = Path("/proc/self/clear_refs")
_OOM_SCORE = Path("/proc/self/oom_score_adj")


class Memory:
    """The peak of this process's memory, counted from the first call of ``watch``."""

    def __init__(self) -> None:
        self._before: int | None = None

    def watch(self) -> None:
        """Forget the peak of what came before; later calls do nothing."""
        if self._before is None:
            gc.collect()
            with contextlib.suppress(OSError):
                _CLEAR_REFS.write_text("5", encoding="ascii")
                self._before = _kibibytes("VmRSS")

    def peak(self) -> int | None:
        """Bytes, or None where the system does not tell."""
        return None if self._before is None else (_kibibytes("VmHWM") - self._before) * 1024


def _kibibytes(entry: str) -> int:
    lines = _STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(entry + ":"))


def opened(path: str) -> Any:
    """The argument that lies in a file."""
    if path.endswith(".npy"):
        return np.load(path)
    import anndata
    import pandas as pd

    with np.load(path) as content:
        columns = {name: content[name] for name in content.files if name != "X"}
        names = [str(row) for row in range(len(content["X"]))]
        return anndata.AnnData(content["X"], obs=pd.DataFrame(columns, index=names))


def every_few(argument: Any) -> Any:
    """A few rows, from all over the argument."""
    return argument[:: max(1, len(argument) // _WARM_UP_ROWS)]


def named(function: str) -> Callable[..., Any]:
    """The function of a dotted name."""
    module, _, name = function.rpartition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def answer(job: dict[str, Any], memory: Memory) -> dict[str, Any]:
    function = named(job["function"])
    arguments = [opened(path) for path in job["arguments"]]
    if job.get("warm_up"):
        function(*map(every_few, arguments), **job["options"])
        return {}
    memory.watch()
    start, n_calls, seconds = time.perf_counter(), 0, 0.0
    while n_calls == 0 or seconds < job["repeat_for"]:
        value = function(*arguments, **job["options"])
        n_calls, seconds = n_calls + 1, time.perf_counter() - start
    return {"seconds": seconds / n_calls, "numbers": numbers(value), "peak": memory.peak()}


def numbers(value: Any) -> list[float]:
    """All numbers of a score, a StabilityResult, or dicts and sequences of such."""
    if isinstance(value, dict):
        return [number for name in sorted(value) for number in numbers(value[name])]
    if isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, str):
        return [number for item in value for number in numbers(item)]
    if hasattr(value, "data_ci_low"):
        return [float(value), value.data_ci_low, value.data_ci_high, float(value.n_bootstraps)]
    return [float(value)]


def main() -> None:
    # Where memory runs out, no process but this one is to go.
    with contextlib.suppress(OSError):
        _OOM_SCORE.write_text("1000", encoding="ascii")
    answers, memory = sys.stdout, Memory()
    for line in sys.stdin:
        with contextlib.redirect_stdout(sys.stderr):
            try:
                reply = answer(json.loads(line), memory)
            except Exception as error:  # the parent is the one to judge it
                reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=answers, flush=True)


if __name__ == "__main__":
    main()
