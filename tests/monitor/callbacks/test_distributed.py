"""Two processes that train together over gloo: the first looks, and both stop."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import fastshesha
from fastshesha.monitor.callbacks.ranks import Ranks
from monitor.callbacks.material import PROBES

SCRIPT = Path(__file__).with_name("one_of_two.py")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def environments() -> list[dict[str, str]]:
    """What torchrun would set for each of the two."""
    common = {
        **os.environ,
        "WORLD_SIZE": "2",
        "LOCAL_WORLD_SIZE": "2",
        "GROUP_RANK": "0",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(free_port()),
        "GLOO_SOCKET_IFNAME": "lo",
        "TORCHELASTIC_RUN_ID": "two",
        "OMP_NUM_THREADS": "1",
    }
    return [{**common, "RANK": rank, "LOCAL_RANK": rank} for rank in ("0", "1")]


@pytest.mark.parametrize("framework", ["lightning", "transformers", "keras"])
def test_early_stopping_stops_both(framework: str, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip(framework)
    command = [sys.executable, str(SCRIPT), framework, str(tmp_path)]
    pair = [
        subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)
        for env in environments()
    ]
    try:
        told = [process.communicate(timeout=300)[1] for process in pair]
    finally:
        for process in pair:
            process.kill()
    assert [process.returncode for process in pair] == [0, 0], "\n".join(told)
    first, second = (json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1))
    assert first["n_epochs"] == second["n_epochs"] == 3
    assert first["stability"] == second["stability"]
    expected = fastshesha.feature_split(PROBES, n_splits=2, seed=320)
    assert first["stability"] == pytest.approx(expected, rel=1e-6)
    # Five batches of probes, before training and after three epochs, in the first process alone.
    assert (first["n_calls"], second["n_calls"]) == (20, 0)


def test_what_the_first_raises_is_raised_by_all() -> None:
    sent: list[Any] = []

    def send(value: Any) -> Any:
        sent.append(value)
        return value

    def refuse() -> float:
        raise ValueError("no rows")

    first = Ranks(True, send)
    with pytest.raises(ValueError, match="no rows"):
        first.share(refuse)
    with pytest.raises(RuntimeError, match="in the first process: ValueError: no rows"):
        Ranks(False, lambda _: sent[0]).share(refuse)
    assert Ranks(False, lambda _: (0.5, "")).share(refuse) == 0.5
