"""What one update of the usual size costs, and that less memory changes no bit."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

MIB = 1 << 20
# The memory of other tests would count as ours: a process of its own.
SCRIPT = """
import json, resource, sys
import numpy as np, fastshesha
from fastshesha.monitor import TrainingMonitor
rng, labels = np.random.default_rng(0), np.arange(1600) % 10
epochs = [rng.standard_normal((1600, 768), dtype=np.float32) for _ in range(2)]
peak = lambda: 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before, monitor = peak(), TrainingMonitor()
with fastshesha.config(threads=2, memory=json.loads(sys.argv[1])):
    for X in epochs:
        monitor.update(X, labels, loss=1.0)
json.dump({"growth": peak() - before, "history": monitor.history}, sys.stdout)
"""


@pytest.fixture(name="costs", scope="module")
def costs_of_both() -> list[dict[str, object]]:
    """Without a limit, and within 64 MiB."""
    commands = [[sys.executable, "-c", SCRIPT, limit] for limit in ("null", '"64MiB"')]
    done = [subprocess.run(command, capture_output=True, check=True) for command in commands]
    return [json.loads(process.stdout) for process in done]


def test_an_update_takes_less_than_250_megabytes(costs: list[dict[str, int]]) -> None:
    free, limited = (cost["growth"] for cost in costs)
    assert free < 250e6
    # The limit is that of feature_split; the spectrum and the drift take 40 MiB beside it.
    assert limited < 64 * MIB + 40 * MIB


def test_less_memory_changes_no_bit(costs: list[dict[str, object]]) -> None:
    free, limited = (json.dumps(cost["history"]) for cost in costs)
    assert free == limited
