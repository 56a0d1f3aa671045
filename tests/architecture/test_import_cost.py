"""Importing the package loads little beside numpy."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.installed

HEAVY = {"scipy", "pandas", "sklearn", "matplotlib", "tqdm", "importlib.metadata", "argparse"}


def loaded_by(python: str, module: str) -> set[str]:
    script = f"import sys, {module}; print(*sys.modules)"
    command = [python, "-c", script]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def test_nothing_heavy_is_loaded(both_python: str) -> None:
    """Asked where SciPy and pandas are installed."""
    assert loaded_by(both_python, "scipy") >= {"scipy", "numpy"}
    added = loaded_by(both_python, "fastshesha") - loaded_by(both_python, "numpy")
    assert added & HEAVY == set()


def test_the_command_line_stays_unloaded() -> None:
    added = loaded_by(sys.executable, "fastshesha") - loaded_by(sys.executable, "numpy")
    ours = {name for name in added if name.startswith("fastshesha.")}
    assert "fastshesha.core" in ours
    assert not {name for name in ours if name.split(".")[1] in {"_cli", "cli", "demo", "monitor"}}
