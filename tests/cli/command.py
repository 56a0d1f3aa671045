"""Running ``python -m fastshesha`` and reading what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Any:
        """The JSON on stdout; NaN and Infinity are no JSON."""
        return json.loads(self.stdout, parse_constant=_refuse)

    @property
    def error_line(self) -> str:
        """The one line a command that fails leaves behind, and nothing else."""
        assert self.code == 1
        assert self.stdout == ""
        lines = self.stderr.splitlines()
        assert len(lines) == 1, self.stderr
        return lines[0]


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def command_words(*words: object) -> list[str]:
    return [sys.executable, "-m", "fastshesha", *map(str, words)]


def run_command(
    *words: object, folder: Path | None = None, environment: dict[str, str] | None = None
) -> Finished:
    """Run ``python -m fastshesha WORDS`` to its end."""
    finished = subprocess.run(
        command_words(*words),
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=300,
    )
    return Finished(finished.returncode, finished.stdout, finished.stderr)
