"""No room of the house is too large to be read at a sitting."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from architecture.sources import CPP, ROOT, code_of, cpp_files, python_files, shown

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
MAX_BINDING_LINES = 25

# A block that follows one of these is no function body.
_NO_FUNCTION = re.compile(
    r"^(if|else|for|while|switch|do|try|catch|return|namespace|class|struct)\b"
)
_PREPROCESSOR = re.compile(r"^\s*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
_LITERAL = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'')


def all_python_files() -> list[Path]:
    folders = ("python", "tests", "bench", "tools")
    return [path for folder in folders for path in python_files(ROOT / folder)]


def test_files_are_short() -> None:
    folders = (CPP, ROOT / "tests" / "cpp", ROOT / "bench", ROOT / "tools")
    files = [*all_python_files(), *(path for folder in folders for path in cpp_files(folder))]
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: n for name, n in lengths.items() if n > MAX_FILE_LINES} == {}


def test_python_functions_are_short() -> None:
    assert _too_long(all_python_files(), _python_functions, MAX_FUNCTION_LINES) == {}


def test_cpp_functions_are_short() -> None:
    files = [*cpp_files(CPP), *cpp_files(ROOT / "bench"), *cpp_files(ROOT / "tools")]
    assert _too_long(files, cpp_functions, MAX_FUNCTION_LINES) == {}


def test_binding_functions_are_shorter() -> None:
    assert _too_long(cpp_files(CPP / "bindings"), cpp_functions, MAX_BINDING_LINES) == {}


def _too_long(files: list[Path], functions: object, limit: int) -> dict[str, int]:
    assert callable(functions)
    found = {f"{shown(path)}:{name}": n for path in files for name, n in functions(path)}
    assert found, "no function was found: the rule checks nothing"
    return {name: n for name, n in found.items() if n > limit}


def _python_functions(path: Path) -> Iterator[tuple[str, int]]:
    """Names of functions and their lines of code: no docstring, comment or blank line."""
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, len(_lines_of_code(node, source.splitlines()))


def _lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> set[int]:
    numbers = set(range(function.lineno, (function.end_lineno or function.lineno) + 1))
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        numbers -= set(range(docstring.lineno, (docstring.end_lineno or docstring.lineno) + 1))
    return {i for i in numbers if lines[i - 1].strip() and not lines[i - 1].strip().startswith("#")}


def cpp_functions(path: Path) -> Iterator[tuple[str, int]]:
    """Headings of outermost function bodies and their lines of code, told by their braces."""
    code = _PREPROCESSOR.sub(lambda line: "\n" * line.group().count("\n"), code_of(path))
    code = _LITERAL.sub("0", code)
    stack: list[tuple[str, int]] = []
    heading_start = 0
    for mark in re.finditer(r"[{};]", code):
        heading = " ".join(code[heading_start : mark.start()].split())
        if mark.group() == "{":
            inside = any(_is_function(outer) for outer, _ in stack)
            stack.append(("" if inside else heading, heading_start))
        elif mark.group() == "}" and stack:
            heading, start = stack.pop()
            if _is_function(heading):
                body = code[start : mark.end()]
                yield heading[:80], sum(bool(line.strip()) for line in body.splitlines())
        heading_start = mark.end()


def _is_function(heading: str) -> bool:
    return "(" in heading and not _NO_FUNCTION.match(heading)
