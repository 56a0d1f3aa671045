"""The project's source files, and what the rules ask of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CPP = ROOT / "cpp"
PACKAGE = ROOT / "python" / "fastshesha"
CPP_SUFFIXES = {".cpp", ".hpp", ".inl"}

_INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def cpp_files(folder: Path = CPP) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in CPP_SUFFIXES)


def python_files(folder: Path = ROOT / "python") -> list[Path]:
    return sorted(folder.rglob("*.py"))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def includes_of(path: Path) -> list[str]:
    return _INCLUDE.findall(path.read_text(encoding="utf-8"))


def code_of(path: Path) -> str:
    """A C++ file without its comments; line numbers are kept."""
    text = path.read_text(encoding="utf-8")
    return _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)


def module_of(path: Path) -> str:
    """The dotted name of a module of the package."""
    parts = path.relative_to(ROOT / "python").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, *, top_level_only: bool = False) -> set[str]:
    """Absolute names of what a module imports: ``package.module`` and ``package.module.name``.

    With ``top_level_only``, only what importing the module itself imports.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = module_of(path) if path.stem == "__init__" else module_of(path).rpartition(".")[0]
    nodes = _executed_on_import(tree) if top_level_only else ast.walk(tree)
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(_imported_from(node, package))
    return names


def _executed_on_import(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        typing_only = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if not typing_only and not isinstance(node, ast.FunctionDef | ast.Lambda):
            yield node
            yield from _executed_on_import(node)


def _imported_from(node: ast.ImportFrom, package: str) -> set[str]:
    ancestors = package.split(".")
    base = ancestors[: len(ancestors) - node.level + 1] if node.level else []
    module = ".".join([*base, *([node.module] if node.module else [])])
    return {module, *(f"{module}.{alias.name}" for alias in node.names)}
