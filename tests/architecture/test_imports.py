"""Which part of the Python package may import which."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from architecture.sources import PACKAGE, imports_of, module_of, python_files, shown

CORE_USERS = {
    f"fastshesha.{name}"
    for name in (
        "core", "replicate", "sim", "bio", "_kernels", "_correlate", "_show_config",
        "_resources.threads", "scale.compiled",
    )
}  # fmt: skip
DRAWING = {
    "default_rng",
    "SeedSequence",
    "RandomState",
    "spawn",
    "choice",
    "permutation",
    "shuffle",
}
RANDOMNESS = {"fastshesha._plan", "fastshesha.demo.simulation", "fastshesha.monitor.inputs"}
# What stands above the public functions, and the parts of the package each may use besides them.
UPPER_LAYERS = {
    "monitor": ("monitor", "spectrum"),
    "demo": ("demo", "monitor"),
    "_cli": ("_cli", "_inputs", "demo", "monitor", "run", "accelerate", "shards"),
    "cli.py": ("_cli", "run"),
    "__main__.py": ("cli",),
    "run.py": ("_cli", "accelerate"),
}
HEAVY = re.compile(r"(scipy|pandas|sklearn|matplotlib|tqdm|importlib\.metadata)(\..*)?")
FRAMEWORKS = re.compile(r"(torch|lightning|pytorch_lightning|transformers|keras)(\..*)?")
MAY_PRINT = ("_cli", "cli.py", "_show_config.py")


def test_the_compiled_module_has_few_users() -> None:
    users = {module_of(p) for p in python_files() if "fastshesha._core" in imports_of(p)}
    assert users - CORE_USERS == set()
    assert users, "nothing imports the compiled module: the rule checks nothing"


def test_randomness_is_drawn_in_one_place() -> None:
    users = {module_of(path) for path in python_files() if DRAWING & _called_names(path)}
    assert users == RANDOMNESS


def _called_names(path: Path) -> set[str]:
    """The last part of the name of everything a module calls."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {ast.unparse(call.func).rpartition(".")[2] for call in calls}


@pytest.mark.parametrize("layer", UPPER_LAYERS)
def test_upper_layers_use_public_functions_only(layer: str) -> None:
    root = PACKAGE / layer
    files = python_files(root) if root.is_dir() else [root]
    allowed = tuple(f"fastshesha.{part}" for part in UPPER_LAYERS[layer])
    hidden = [
        f"{shown(path)} imports {name}"
        for path in files
        for name in sorted(imports_of(path))
        if name.startswith("fastshesha.") and not _is_allowed(name, allowed)
    ]
    assert hidden == []


def _is_allowed(name: str, parts: tuple[str, ...]) -> bool:
    if any(name == part or name.startswith(f"{part}.") for part in parts):
        return True
    public = name.removeprefix("fastshesha.")
    is_module = (PACKAGE / f"{public}.py").is_file() or (PACKAGE / public).is_dir()
    return "." not in public and not is_module and not re.match(r"_[^_]", public)


def test_only_the_package_itself_imports_core() -> None:
    importers = {module_of(p) for p in python_files() if "fastshesha.core" in imports_of(p)}
    assert importers <= {"fastshesha"}


def test_nothing_heavy_is_imported_with_a_module() -> None:
    """Only the figure, which nothing imports before it is wanted, may name matplotlib."""
    heavy = [
        f"{shown(path)} imports {name}"
        for path in python_files()
        if path.name != "figure.py"
        for name in sorted(imports_of(path, top_level_only=True))
        if HEAVY.fullmatch(name)
    ]
    assert heavy == []
    importers = [
        shown(path)
        for path in python_files()
        if "fastshesha.demo.figure" in imports_of(path, top_level_only=True)
    ]
    assert importers == []


def test_only_the_callbacks_import_frameworks() -> None:
    """And of the rest of the package nothing imports a callback."""
    callbacks = PACKAGE / "monitor" / "callbacks"
    others = [path for path in python_files() if callbacks not in path.parents]
    found = [
        f"{shown(path)} imports {name}"
        for path in others
        for name in sorted(imports_of(path))
        if FRAMEWORKS.fullmatch(name) or name.startswith("fastshesha.monitor.callbacks")
    ]
    assert found == []
    assert any(map(FRAMEWORKS.fullmatch, imports_of(callbacks / "lightning.py")))


def test_only_the_command_line_prints() -> None:
    silent = [
        path
        for path in python_files()
        if not any(part in MAY_PRINT for part in path.relative_to(PACKAGE.parent).parts)
    ]
    printing = [shown(p) for p in silent if re.search(r"(?<![\w.])print\(", p.read_text("utf-8"))]
    assert printing == []
