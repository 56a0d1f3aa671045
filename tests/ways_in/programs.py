"""Pieces of the programs that more than one test file runs."""

from __future__ import annotations

# To be run once something imported shesha: each module is ours and was loaded only once.
ONE_SET_OF_MODULES = """
import importlib, sys
import fastshesha
assert importlib.import_module("shesha") is sys.modules["shesha"] is fastshesha
for name in ("core", "replicate", "sim", "bio", "_result"):
    ours = importlib.import_module(f"fastshesha.{name}")
    assert importlib.import_module(f"shesha.{name}") is sys.modules[f"shesha.{name}"] is ours
    assert getattr(fastshesha, name) is ours
    assert ours.__name__ == ours.__spec__.name == f"fastshesha.{name}"
files = [module.__file__ for module in set(sys.modules.values())
         if (getattr(module, "__file__", None) or "").startswith(tuple(fastshesha.__path__))]
assert len(files) == len(set(files)) > 3, sorted(files)
assert fastshesha.__spec__.name == "fastshesha"
assert callable(sys.modules["shesha"].shesha)
"""

# What stands before the script of ``python script.py``.
RUN = ("-m", "fastshesha", "run")

# Starts the command line as the installed command does, from a folder of its own.
LAUNCHER = "import sys; from fastshesha.cli import main; sys.exit(main(['run', *sys.argv[1:]]))"
