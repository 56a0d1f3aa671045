"""Times calls of one package; runs in that package's environment, which the parent chooses.

Reads one JSON object per line: the module, a function, the paths of its array arguments and its
options. Answers with the seconds the call took and the numbers it gave.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
import time
from typing import Any

import numpy as np


def timed_call(job: dict[str, Any]) -> dict[str, Any]:
    function = getattr(importlib.import_module(job["module"]), job["function"])
    arrays = [np.load(path) for path in job["arrays"]]
    start = time.perf_counter()
    value = function(*arrays, **job["options"])
    return {"seconds": time.perf_counter() - start, "numbers": numbers(value)}


def numbers(value: Any) -> list[float]:
    """A score, or the numbers of a dict or a StabilityResult."""
    if isinstance(value, dict):
        return [float(value[name]) for name in sorted(value)]
    if hasattr(value, "data_ci_low"):
        return [float(value), value.data_ci_low, value.data_ci_high, float(value.n_bootstraps)]
    return [float(value)]


def main() -> None:
    answers = sys.stdout
    for line in sys.stdin:
        with contextlib.redirect_stdout(sys.stderr):
            answer = timed_call(json.loads(line))
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
