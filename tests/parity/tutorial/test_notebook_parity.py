"""The tool that runs a notebook with us and with the original, on small notebooks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[3] / "tools" / "notebook_parity.py"
IMPORTS = "import numpy as np\nimport shesha\nrng = np.random.default_rng(0)"
SCORES = 'scores = {"a": [shesha.feature_split(rng.standard_normal((8, 6)), seed=1), (np.nan, 2)]}'


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """An interpreter whose shesha is not ours, though its feature_split is."""
    folder = tmp_path / "stand_in"
    folder.mkdir()
    # Put in place at start-up, before any finder of an editable install can answer.
    (folder / "sitecustomize.py").write_text(
        "import sys, types\n"
        "shesha = sys.modules['shesha'] = types.ModuleType('shesha')\n"
        "shesha.__version__ = '0.3.0'\n"
        "shesha.feature_split = lambda *a, **k: __import__('fastshesha').feature_split(*a, **k)\n"
    )
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{folder}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return python


def compare(notebook: Path, ours: object, oracle: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, str(TOOL), str(notebook), "--ours", str(ours), "--oracle", str(oracle)]
    return subprocess.run(words, capture_output=True, text=True)


def write_text(folder: Path, *cells: str) -> Path:
    path = folder / "tutorial.txt"
    blocks = [f"## {n}. Part\n\nWords.\n\nIn [None]:\n{cell}" for n, cell in enumerate(cells)]
    path.write_text("# Title\n\n" + "\n\n".join(blocks) + "\n\n## 9. End\n\nnot = code\n")
    return path


def write_notebook(folder: Path, *cells: str) -> Path:
    path = folder / "tutorial.ipynb"
    entries: list[dict[str, object]] = [{"cell_type": "markdown", "source": ["not = code\n"]}]
    entries += [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    path.write_text(json.dumps({"cells": entries}))
    return path


@pytest.mark.parametrize("write", [write_text, write_notebook])
def test_every_number_left_behind_is_compared(
    write: Callable[..., Path], tmp_path: Path, stand_in: Path
) -> None:
    rest = "table = np.ones((2, 3), dtype=np.float32)\nname = 'text'\nflag = np.bool_(True)"
    finished = compare(write(tmp_path, IMPORTS, SCORES, rest), sys.executable, stand_in)
    assert (finished.returncode, finished.stderr) == (0, "")
    lines = finished.stdout.splitlines()
    assert "3 code cells, 0 of them" in lines[0]
    assert lines[1].startswith("fastshesha ")
    assert lines[1].endswith(" against shesha 0.3.0")
    assert [line.strip() for line in lines[2:5]] == [
        "scores: 3 values, max difference 0",
        "table: 6 values, max difference 0",
        "flag: 1 values, max difference 0",
    ]
    assert lines[5].startswith("10 values compared, max difference 0 ")


@pytest.mark.parametrize(
    ("cell", "difference"),
    [
        ("x = 5.0 + 1e-11 * (shesha.__version__ == '0.3.0')", "2e-12"),
        ("x = [1.0, float('nan') if shesha.__version__ == '0.3.0' else 0.0]", "inf"),
    ],
)
def test_a_difference_fails(cell: str, difference: str, tmp_path: Path, stand_in: Path) -> None:
    finished = compare(write_text(tmp_path, IMPORTS, cell), sys.executable, stand_in)
    assert finished.returncode == 1
    assert f"max difference {difference} (accepted 1e-12)" in finished.stdout


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("x = [1.0] * len(shesha.__version__ + shesha.__name__)", "x has not the same structure"),
        ("if shesha.__version__ == '0.3.0': only_there = 1.0", "numbers in: only_there"),
        ("raise RuntimeError('broken cell')", "RuntimeError: broken cell"),
    ],
)
def test_what_cannot_be_compared_fails(
    cell: str, message: str, tmp_path: Path, stand_in: Path
) -> None:
    finished = compare(write_text(tmp_path, IMPORTS, cell), sys.executable, stand_in)
    assert finished.returncode == 1
    assert message in finished.stderr


def test_ours_against_ours_is_no_comparison(tmp_path: Path) -> None:
    finished = compare(write_text(tmp_path, IMPORTS, SCORES), sys.executable, sys.executable)
    assert finished.returncode == 1
    assert "not ours against the original" in finished.stderr


def test_cells_that_never_import_shesha_fail(tmp_path: Path, stand_in: Path) -> None:
    finished = compare(write_text(tmp_path, "x = 1"), sys.executable, stand_in)
    assert finished.returncode == 1
    assert "the cells never import shesha" in finished.stderr


def test_shell_lines_are_left_out_and_counted(tmp_path: Path, stand_in: Path) -> None:
    magic = f"%matplotlib inline\n!pip list\n{IMPORTS}"
    finished = compare(write_notebook(tmp_path, magic, SCORES), sys.executable, stand_in)
    assert finished.returncode == 0
    assert "2 code cells, 1 of them without their shell lines" in finished.stdout
