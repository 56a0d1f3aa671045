"""The examples in the docstrings give what they show."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import fastshesha

FOLDER = Path(fastshesha.__file__).parent
WITH_EXAMPLES = sorted(
    path.stem for path in FOLDER.glob("*.py") if "\n    >>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", ["__init__", *WITH_EXAMPLES])
def test_examples(name: str) -> None:
    module = fastshesha if name == "__init__" else import_module(f"fastshesha.{name}")
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0
