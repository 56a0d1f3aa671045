"""The user's script that the type checker reads calls every public function, and runs."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

SCRIPT = Path(__file__).with_name("user_script.py")
MODULES = ("fastshesha", "fastshesha.replicate", "fastshesha.sim", "fastshesha.bio",
           "fastshesha.spectrum")  # fmt: skip


def test_it_calls_every_public_function() -> None:
    nodes = ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8")))
    called = {node.func.attr for node in nodes if isinstance(node, ast.Call)
              if isinstance(node.func, ast.Attribute)}  # fmt: skip
    public = {
        name
        for module in map(import_module, MODULES)
        for name in module.__all__
        if inspect.isroutine(getattr(module, name))
    }
    assert public - called == set()


def test_it_runs() -> None:
    command = [sys.executable, "-W", "error", "-W", "ignore::FutureWarning", str(SCRIPT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
