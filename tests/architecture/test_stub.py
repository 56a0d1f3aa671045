"""The stub describes the compiled module that was built, name by name."""

from __future__ import annotations

import ast
from importlib import import_module
from types import ModuleType

import pytest

from architecture.sources import PACKAGE

pytestmark = pytest.mark.installed

Definition = ast.FunctionDef | ast.ClassDef


@pytest.fixture(scope="module")
def built() -> ModuleType:
    return import_module("fastshesha._core")


@pytest.fixture(scope="module")
def stub() -> dict[str, Definition]:
    tree = ast.parse((PACKAGE / "_core.pyi").read_text(encoding="utf-8"))
    return {
        node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }


def own_names(thing: object) -> set[str]:
    """Names without the underscores of Python's and pybind11's own machinery."""
    return {name for name in dir(thing) if not name.startswith(("__", "_pybind11"))}


def parameters(function: ast.FunctionDef) -> list[str]:
    assert not function.args.kwonlyargs
    return [argument.arg for argument in function.args.args]


def test_the_same_names_exist(built: ModuleType, stub: dict[str, Definition]) -> None:
    assert set(stub) == own_names(built)


def test_functions_take_the_same_parameters(built: ModuleType, stub: dict[str, Definition]) -> None:
    functions = {name: node for name, node in stub.items() if isinstance(node, ast.FunctionDef)}
    described = {name: parameters(node) for name, node in functions.items()}
    # The first line of a docstring that pybind11 writes is a signature in Python's grammar.
    signatures = {name: getattr(built, name).__doc__.splitlines()[0] for name in functions}
    parsed = {name: ast.parse(f"def {line}: ...").body[0] for name, line in signatures.items()}
    existing = {n: parameters(f) for n, f in parsed.items() if isinstance(f, ast.FunctionDef)}
    assert described == existing


def test_classes_have_the_same_attributes(built: ModuleType, stub: dict[str, Definition]) -> None:
    classes = {name: node for name, node in stub.items() if isinstance(node, ast.ClassDef)}
    assert classes
    for name, node in classes.items():
        declared = {declared_name(item) for item in node.body} - {None, "__init__"}
        assert declared == own_names(getattr(built, name))


def declared_name(item: ast.stmt) -> str | None:
    if isinstance(item, ast.FunctionDef):
        return item.name
    if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
        return item.target.id
    return None
