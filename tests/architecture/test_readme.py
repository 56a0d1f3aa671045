"""What the README tells the reader to run, runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from architecture.sources import ROOT

# What needs it is run by the session of executors.
_ELSEWHERE = "dask.distributed"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: str = "README.md") -> list[tuple[str, str]]:
    """Language and content of every fenced block, in order."""
    return _BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))


def set_up_commands() -> list[str]:
    """The blocks that make an environment: the two commands of the README."""
    return [content.strip() for language, content in blocks() if "-m venv" in content]


def test_two_commands_do_all_the_set_up() -> None:
    job, tests = set_up_commands()
    assert "fastshesha demo" in job
    assert len(job.splitlines()) == len(tests.splitlines()) == 1


def test_continuous_integration_runs_the_test_command() -> None:
    """The same steps, in a virtual environment of its own."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    lines = [line.replace(' --envdir "$work/nox"', "") for line in script.splitlines()]
    make_environment, *steps = set_up_commands()[1].split(" && ")
    assert make_environment == "python3 -m venv .venv"
    assert [step for step in steps if step.removeprefix(".venv/bin/") not in lines] == []


@pytest.mark.installed
@pytest.mark.parametrize("page", ["README.md", "docs/monitor.md", "docs/long_runs.md"])
def test_the_examples_run_one_after_the_other(page: str, tmp_path: Path) -> None:
    """Python blocks and commands in order in one folder: later ones use files of earlier ones."""
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    n_run = 0
    for language, content in blocks(page):
        if "-m venv" in content or "nox" in content or _ELSEWHERE in content:
            continue
        assert language in {"python", "sh"}
        command = (
            [sys.executable, "-c", content] if language == "python" else ["sh", "-ec", content]
        )
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "PATH": search},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{content}\n{done.stderr}"
        n_run += 1
    assert n_run >= 2
