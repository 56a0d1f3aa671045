"""Two packages make the same calls by turns, and must agree while they are timed."""

from __future__ import annotations

import json
import math
import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

WORKER = Path(__file__).with_name("worker.py")
TOLERANCE = 1e-12
# Threads of a linear algebra library spin for tens of milliseconds after a call; without a pause
# the one side's would take the other side's cores.
PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Call:
    """A function, the files of its array arguments, and its options."""

    function: str
    arrays: tuple[str, ...]
    options: dict[str, Any]


class Contestant:
    """A process that makes the calls of one package."""

    def __init__(self, python: str, module: str) -> None:
        # A BLAS kernel chosen for all machines alike would slow down one side only.
        environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
        self._module = module
        self._process = subprocess.Popen(
            [python, os.fspath(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        self._jobs = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)

    def time(self, call: Call) -> tuple[float, list[float]]:
        """Seconds that ``call`` took, and the numbers it gave."""
        job = {"module": self._module, **vars(call)}
        print(json.dumps(job), file=self._jobs, flush=True)
        line = self._answers.readline()
        if not line:
            raise RuntimeError(f"the process that runs {self._module} ended: see stderr")
        answer = json.loads(line)
        return float(answer["seconds"]), answer["numbers"]

    def close(self) -> None:
        self._jobs.close()
        self._process.wait()
        self._answers.close()


def time_by_turns(
    ours: Contestant, original: Contestant, turns: Sequence[Sequence[Call]]
) -> tuple[float, float]:
    """Seconds each side spent on the calls of all ``turns``; refuses to time results that differ.

    The sides change over after every turn, so a turn is what a program computes in one go.
    """
    totals = [0.0, 0.0]
    for calls in turns:
        scores = []
        for side, contestant in enumerate((ours, original)):
            time.sleep(PAUSE_SECONDS)
            timings = [contestant.time(call) for call in calls]
            totals[side] += sum(seconds for seconds, _ in timings)
            scores.append([value for _, value in timings])
        refuse_differences(calls, *scores)
    return totals[0], totals[1]


def refuse_differences(
    calls: Sequence[Call], mine: list[list[float]], theirs: list[list[float]]
) -> None:
    for call, ours, original in zip(calls, mine, theirs, strict=True):
        if not all(_agree(*pair) for pair in zip(ours, original, strict=True)):
            raise AssertionError(f"{call} gave {ours!r}, the original {original!r}")


def _agree(ours: float, original: float) -> bool:
    return abs(ours - original) <= TOLERANCE or (math.isnan(ours) and math.isnan(original))
