"""Contestants: processes that make calls in environments of their own and say what they cost."""

from __future__ import annotations

import json
import math
import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, cast

ROOT = Path(__file__).resolve().parents[1]
# Every library that a contestant computes with reads one of these.
_THREAD_VARIABLES = (
    "FASTSHESHA_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
)
# A BLAS kernel chosen for all machines alike would slow down some of them only.
_UNSET = ("OPENBLAS_CORETYPE",)


class ContestError(Exception):
    """A call failed, or contestants gave different numbers: nothing that was timed counts."""


@dataclass(frozen=True)
class Call:
    """A function by its dotted name, the files of its arguments (see worker.py), its options."""

    function: str
    arguments: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a call gave and cost; ``peak`` in bytes above what the process held when warm."""

    seconds: float
    numbers: list[float]
    peak: int | None


class Contestant:
    """A process that makes the calls of one package, on so many threads."""

    def __init__(self, name: str, python: str, n_threads: int) -> None:
        self._name = name
        self._process = subprocess.Popen(
            [python, "-s", "-m", "bench.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment(n_threads),
            text=True,
        )
        self._jobs = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)

    def warm_up(self, calls: Sequence[Call]) -> None:
        """Make the calls on a few rows, so that what is loaded on first use is loaded."""
        for call in calls:
            self._ask({**asdict(call), "warm_up": True})

    def time(self, call: Call, repeat_for: float = 0.0) -> Answer:
        """Make the call, again and again for so many seconds; what it cost is the mean."""
        return Answer(**self._ask({**asdict(call), "repeat_for": repeat_for}))

    def _ask(self, job: dict[str, Any]) -> dict[str, Any]:
        try:
            print(json.dumps(job), file=self._jobs, flush=True)
            line = self._answers.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            # Minus nine says that the system ended it, as it does where memory runs out.
            status = self._process.wait()
            raise ContestError(f"the process of {self._name} ended with status {status}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise ContestError(f"{self._name}: {job['function']}: {answer['error']}")
        return answer

    def close(self) -> None:
        # Ends the process, even in the middle of a call: nobody waits for its answer any more.
        self._process.kill()
        self._process.wait()
        self._answers.close()
        self._jobs.close()


def environment(n_threads: int) -> dict[str, str]:
    """The variables every contestant runs under."""
    kept = {name: value for name, value in os.environ.items() if name not in _UNSET}
    threads = dict.fromkeys(_THREAD_VARIABLES, str(n_threads))
    return {**kept, **threads, "PYTHONPATH": os.fspath(ROOT)}


def difference(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The largest difference, relative to values above 1; infinite where only one is NaN."""
    if len(ours) != len(theirs):
        return math.inf
    return max((_apart(a, b) for a, b in zip(ours, theirs, strict=True)), default=math.inf)


def _apart(a: float, b: float) -> float:
    if math.isnan(a) or math.isnan(b):
        return 0.0 if math.isnan(a) and math.isnan(b) else math.inf
    return abs(a - b) / max(1.0, abs(b)) if a != b else 0.0
