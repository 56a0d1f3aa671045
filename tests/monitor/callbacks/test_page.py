"""What docs/callbacks.md tells the reader to run, runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from architecture.test_readme import blocks

EXAMPLES = {
    "lightning": "callbacks.lightning import",
    "transformers": "callbacks.transformers import",
    "keras": "callbacks.keras import",
    "wandb": "import wandb",
}


@pytest.mark.parametrize("framework", EXAMPLES)
def test_the_example_runs_after_the_probes(framework: str, tmp_path: Path) -> None:
    pytest.importorskip(framework)
    first, *others = [content for _, content in blocks("docs/callbacks.md")]
    (example,) = [block for block in others if EXAMPLES[framework] in block]
    command = [sys.executable, "-c", first + example]
    environment = {**os.environ, "KERAS_BACKEND": "torch", "WANDB_SILENT": "true"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search(r"0\.\d{3,}", done.stdout.splitlines()[-1])


def test_every_block_is_run() -> None:
    told = [language for language, _ in blocks("docs/callbacks.md")]
    assert told == ["python"] * (1 + len(EXAMPLES))
