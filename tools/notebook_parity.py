"""Compare what a notebook computes with fastshesha and with the original.

    python tools/notebook_parity.py PATH --ours PYTHON --oracle PYTHON

PATH is a notebook (.ipynb) or a text with ``## 1. Heading`` lines and code cells that begin after
a line ``In [None]:`` (or ``In [3]:``) and end at the next such line or heading. The cells run
unmodified, under matplotlib's Agg canvas and in an empty folder, once with each interpreter; only
a cell that is no Python loses its lines for the notebook's shell (``%magic``, ``!command``), and
that is reported. Every number the cells left in their variables, however nested, is then compared:
one line per variable and a total.

Exit code 0: everything agrees to 1e-12 (relative to values above 1, NaN with NaN); 1: it does not,
or the comparison could not be made.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

TOLERANCE = 1e-12
_CELL_START = re.compile(r"In ?\[[^\]]*\]:\s*")
_HEADING = re.compile(r"## \d+\. ")
_SHELL_LINE = re.compile(r"\s*[%!]")
_RUN_CELLS = Path(__file__).with_name("run_cells.py")


class ParityError(Exception):
    """The comparison cannot be made; the text says why in one line."""


@dataclass(frozen=True)
class Outcome:
    """What one interpreter computed: pieces (path and shape) and one vector per variable."""

    shesha: str
    pieces: dict[str, list[Any]]
    vectors: dict[str, np.ndarray]


def read_cells(path: Path) -> list[str]:
    """Return the sources of the code cells."""
    text = path.read_text(encoding="utf-8")
    cells = _notebook_cells(text) if path.suffix == ".ipynb" else _text_cells(text)
    if not cells:
        raise ParityError(f"{path} has no code cells")
    return cells


def _notebook_cells(text: str) -> list[str]:
    cells = json.loads(text)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def _text_cells(text: str) -> list[str]:
    cells: list[list[str]] = []
    inside = False
    for line in text.splitlines():
        if _CELL_START.fullmatch(line):
            cells.append([])
            inside = True
        elif _HEADING.match(line):
            inside = False
        elif inside:
            cells[-1].append(line)
    return ["\n".join(lines) for lines in cells]


def without_shell_lines(source: str) -> str:
    """Return a cell as it is where it is Python, else without its lines for the shell."""
    try:
        compile(source, "<cell>", "exec")
    except SyntaxError:
        lines = source.splitlines()
        return "\n".join(line for line in lines if not _SHELL_LINE.match(line))
    return source


def run_cells(python: str, cells: list[str]) -> Outcome:
    """Run the cells with one interpreter and load what it saved."""
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as saved:
        cells_file = Path(saved) / "cells.json"
        cells_file.write_text(json.dumps(cells), encoding="utf-8")
        finished = subprocess.run(
            [python, str(_RUN_CELLS.resolve()), str(cells_file), saved],
            cwd=scratch,
            env={**os.environ, "MPLBACKEND": "Agg"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if finished.returncode != 0:
            raise ParityError(f"the cells fail with {python}:\n{finished.stderr.rstrip()}")
        return _load(Path(saved), python)


def _load(folder: Path, python: str) -> Outcome:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if manifest["shesha"] is None:
        raise ParityError(f"the cells never import shesha with {python}")
    with np.load(folder / "values.npz") as archive:
        vectors = [archive[name] for name in archive.files]
    names = manifest["variables"]
    return Outcome(manifest["shesha"], names, dict(zip(names, vectors, strict=True)))


def compare(ours: Outcome, oracle: Outcome) -> list[tuple[str, int, float]]:
    """Return name, number of values and largest difference of every variable."""
    if ours.pieces.keys() != oracle.pieces.keys():
        only = sorted(ours.pieces.keys() ^ oracle.pieces.keys())
        raise ParityError(f"only one of the two has numbers in: {', '.join(only)}")
    for name, pieces in ours.pieces.items():
        if pieces != oracle.pieces[name]:
            raise ParityError(f"{name} has not the same structure in both")
    return [
        (name, vector.size, largest_difference(vector, oracle.vectors[name]))
        for name, vector in ours.vectors.items()
    ]


def largest_difference(ours: np.ndarray, oracle: np.ndarray) -> float:
    """Largest |a - b| / max(1, |b|); equal infinities and NaN in both count as equal."""
    equal = (ours == oracle) | (np.isnan(ours) & np.isnan(oracle))
    if equal.all():
        return 0.0
    a, b = ours[~equal], oracle[~equal]
    if not (np.isfinite(a) & np.isfinite(b)).all():
        return float("inf")
    return float(np.max(np.abs(a - b) / np.maximum(1.0, np.abs(b))))


def report(path: Path, ours_python: str, oracle_python: str) -> bool:
    """Run, compare and print; return whether everything agrees."""
    sources = read_cells(path)
    cells = [without_shell_lines(source) for source in sources]
    ours = run_cells(ours_python, cells)
    oracle = run_cells(oracle_python, cells)
    if not ours.shesha.startswith("fastshesha ") or oracle.shesha.startswith("fastshesha "):
        raise ParityError(f"not ours against the original: {ours.shesha}, {oracle.shesha}")
    rows = compare(ours, oracle)
    n_changed = sum(cell != source for cell, source in zip(cells, sources, strict=True))
    print(f"{path.name}: {len(cells)} code cells, {n_changed} of them without their shell lines")
    print(f"{ours.shesha} against {oracle.shesha}")
    for name, n_values, difference in rows:
        print(f"  {name}: {n_values} values, max difference {difference:.2g}")
    total = sum(n_values for _, n_values, _ in rows)
    largest = max((difference for _, _, difference in rows), default=0.0)
    print(f"{total} values compared, max difference {largest:.2g} (accepted {TOLERANCE:g})")
    return total > 0 and largest <= TOLERANCE


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("path", type=Path, metavar="PATH")
    parser.add_argument("--ours", required=True, metavar="PYTHON")
    parser.add_argument("--oracle", required=True, metavar="PYTHON")
    arguments = parser.parse_args()
    try:
        agrees = report(arguments.path, arguments.ours, arguments.oracle)
    except (ParityError, OSError, ValueError, KeyError) as error:
        print(f"notebook_parity: {error}", file=sys.stderr)
        return 1
    return 0 if agrees else 1


if __name__ == "__main__":
    raise SystemExit(main())
