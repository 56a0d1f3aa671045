"""Programs run in a fresh interpreter: what a name means is settled once per process."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from textwrap import dedent


class Interpreter:
    """One environment's Python, started in a folder made for the test."""

    def __init__(self, python: str | os.PathLike[str], folder: Path) -> None:
        self.folder = folder
        self._python = os.fspath(python)

    def start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``python arguments ...`` without the settings of this process."""
        command = [self._python, "-E", "-s", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)

    def run(self, code: str, *options: str) -> str:
        """Run a program that must succeed; return what it printed. Warnings are errors in it."""
        ended = self.start("-W", "error", *options, "-c", dedent(code))
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    def write(self, name: str, code: str) -> str:
        """Write a file into the folder; return its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(code), encoding="utf-8")
        return name
