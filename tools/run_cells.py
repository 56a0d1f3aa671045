"""Run code cells one after the other and save every number they leave behind.

Runs inside the interpreter under test: PYTHON tools/run_cells.py CELLS.json FOLDER

CELLS.json is a list of sources. FOLDER receives values.npz, one vector per variable, and
manifest.json: where the cells' ``shesha`` came from, and for every variable the path and shape of
each piece of its vector. Needs numpy and what the cells import.
"""

from __future__ import annotations

import dataclasses
import json
import numbers
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Leaf = tuple[str, np.ndarray]
_NUMERIC_KINDS = "biufc"


def main(cells_file: str, folder: str) -> None:
    sources = json.loads(Path(cells_file).read_text(encoding="utf-8"))
    target = Path(folder).resolve()
    # As for code typed in a notebook: modules are looked for in the working folder, not in ours.
    sys.path[0] = ""
    save(run(sources), target)


def run(sources: Sequence[str]) -> dict[str, Any]:
    """Execute the cells in one fresh ``__main__`` and return its variables."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    for number, source in enumerate(sources, start=1):
        exec(compile(source, f"<cell {number}>", "exec"), vars(module))
    return vars(module)


def save(variables: Mapping[str, Any], folder: Path) -> None:
    manifest: dict[str, Any] = {"shesha": _origin("shesha"), "variables": {}}
    vectors = []
    for name, value in variables.items():
        leaves = [] if name.startswith("_") else list(numeric_leaves(value, "", ()))
        if leaves:
            pieces = [[path, list(array.shape)] for path, array in leaves]
            manifest["variables"][name] = pieces
            vectors.append(np.concatenate([_as_float_vector(array) for _, array in leaves]))
    np.savez(folder / "values.npz", *vectors)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def numeric_leaves(value: object, path: str, seen: tuple[int, ...]) -> Iterator[Leaf]:
    """Yield the numbers and numeric arrays inside `value`, each with its path."""
    if id(value) in seen:
        return
    if isinstance(value, (numbers.Number, np.generic)):
        yield from _array_leaf(np.asarray(value), path)
    elif isinstance(value, np.ndarray) and value.dtype != object:
        yield from _array_leaf(value, path)
    else:
        for step, entry in _entries(value):
            yield from numeric_leaves(entry, f"{path}{step}", (*seen, id(value)))


def _array_leaf(array: np.ndarray, path: str) -> Iterator[Leaf]:
    if array.dtype.kind in _NUMERIC_KINDS:
        yield path, array


def _entries(value: object) -> Iterator[tuple[str, object]]:
    """Yield what a container holds; nothing for everything that is not one."""
    if isinstance(value, Mapping):
        yield from ((f"[{key!r}]", entry) for key, entry in value.items())
    elif isinstance(value, (list, tuple)):
        yield from ((f"[{index}]", entry) for index, entry in enumerate(value))
    elif isinstance(value, np.ndarray):
        yield from ((f"[{index}]", entry) for index, entry in enumerate(value.flat))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield f".{field.name}", getattr(value, field.name)
    elif type(value).__module__.partition(".")[0] == "pandas" and hasattr(value, "to_dict"):
        yield ".to_dict()", value.to_dict()


def _as_float_vector(array: np.ndarray) -> np.ndarray:
    if array.dtype.kind == "c":
        return array.astype(np.complex128).ravel().view(np.float64)
    return array.astype(np.float64).ravel()


def _origin(name: str) -> str | None:
    module = sys.modules.get(name)
    return None if module is None else f"{module.__name__} {module.__version__}"


if __name__ == "__main__":
    main(*sys.argv[1:])
