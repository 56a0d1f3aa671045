"""The table of differences: its page is up to date, and the tests it names exist."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tomllib

from architecture.sources import ROOT

TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (ROOT / "tests" / "parity" / "differences.toml").read_text(encoding="utf-8")
)
NAMED = sorted({entry["test"] for entry in TABLE["shown"]})


@cache
def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", NAMED)
def test_a_named_test_exists(name: str) -> None:
    path, _, function = name.partition("::")
    assert function.startswith("test_")
    assert function in functions_of(ROOT / path)


def test_the_page_is_up_to_date() -> None:
    command = [sys.executable, str(ROOT / "tools" / "differences_page.py"), "--check"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_no_difference_is_told_twice() -> None:
    told = [repr(entry) for entries in TABLE.values() for entry in entries]
    assert len(told) == len(set(told))
