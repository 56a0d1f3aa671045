"""Docstrings of public functions are complete, and their examples give what they show."""

from __future__ import annotations

import doctest
import inspect
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import fastshesha

FOLDER = Path(fastshesha.__file__).parent
WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(FOLDER).with_suffix("").parts)
    for path in FOLDER.rglob("*.py")
    if path.name != "__init__.py" and "\n    >>> " in path.read_text(encoding="utf-8")
)
MODULES = {
    name: import_module(f"fastshesha.{name}")
    for name in ("core", "replicate", "sim", "bio", "spectrum")
}


def functions_of(module: Any) -> dict[str, Callable[..., Any]]:
    values = {name: getattr(module, name) for name in module.__all__}
    return {name: value for name, value in values.items() if inspect.isfunction(value)}


METRICS = {
    f"{module}.{name}": function
    for module, namespace in MODULES.items()
    for name, function in functions_of(namespace).items()
}
OTHERS = {
    name: function
    for name, function in functions_of(fastshesha).items()
    if function not in METRICS.values()
}
SECTIONS = ["Parameters", "Returns", "Raises", "Notes", "Examples"]
_HEADING = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
_NAMES = re.compile(r"^(\**\w+(?:, \**\w+)*)(?: : .*)?$", re.MULTILINE)


def sections_of(function: Callable[..., Any]) -> dict[str, str]:
    """The sections of a numpydoc docstring: their headings and what stands under each."""
    parts = _HEADING.split(inspect.getdoc(function) or "")
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_tells_everything_about_itself(name: str) -> None:
    sections = sections_of(METRICS[name])
    assert [heading for heading in SECTIONS if heading not in sections] == []
    told = {word for names in _NAMES.findall(sections["Parameters"]) for word in names.split(", ")}
    parameters = inspect.signature(METRICS[name]).parameters.values()
    assert [str(p.name) for p in parameters if not {p.name, f"**{p.name}"} & told] == []
    assert ">>> " in sections["Examples"]


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_function_is_documented(name: str) -> None:
    """Its parameters and what it returns, where it has any."""
    sections = sections_of(OTHERS[name])
    signature = inspect.signature(OTHERS[name])
    assert inspect.getdoc(OTHERS[name])
    assert bool(signature.parameters) <= ("Parameters" in sections)
    returns = signature.return_annotation
    assert (returns in ("None", "bool")) or {"Returns", "Yields"} & set(sections)


@pytest.mark.parametrize("name", ["__init__", *WITH_EXAMPLES])
def test_examples(name: str) -> None:
    module = fastshesha if name == "__init__" else import_module(f"fastshesha.{name}")
    for optional in ("anndata", "pandas"):
        if f"\n    >>> import {optional}" in inspect.getsource(module):
            pytest.importorskip(optional)
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0
