"""The commands themselves: how they are found, how they end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import fastshesha
from cli.command import command_words, run_command


def test_version() -> None:
    finished = run_command("--version")
    assert (finished.code, finished.stdout) == (0, f"fastshesha {fastshesha.__version__}\n")


def test_the_installed_script_is_the_same_command() -> None:
    script = Path(sys.executable).with_name("fastshesha")
    finished = subprocess.run([script, "--version"], capture_output=True, text=True)
    assert finished.stdout == run_command("--version").stdout


def test_help_names_every_command() -> None:
    finished = run_command("--help")
    assert finished.code == 0
    assert all(f"\n    {name} " in finished.stdout for name in ("demo", "score", "config", "run"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "fastshesha: the following arguments are required: COMMAND"),
        (["dem"], "fastshesha: argument COMMAND: invalid choice: 'dem' (choose from"),
        (["--verbose", "config"], "fastshesha: unrecognized arguments: --verbose"),
        (["config", "extra"], "fastshesha: unrecognized arguments: extra"),
        (["demo", "--out"], "fastshesha demo: argument --out: expected one argument"),
    ],
)
def test_usage_errors_are_one_line_and_exit_code_1(words: list[str], expected: str) -> None:
    assert run_command(*words).error_line.startswith(expected)


def test_config_prints_what_show_config_knows() -> None:
    finished = run_command("config", environment={"FASTSHESHA_NUM_THREADS": "3"})
    assert (finished.code, finished.stderr) == (0, "")
    assert finished.document["version"] == fastshesha.__version__
    assert finished.document["threads"]["count"] == 3


def test_run_leaves_the_options_of_the_script_alone(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import sys, shesha\nprint(shesha.__name__, sys.argv[1:])\nsys.exit(7)\n")
    finished = run_command("run", script, "--version", "--out", "x")
    assert (finished.code, finished.stdout) == (7, "fastshesha ['--version', '--out', 'x']\n")


def test_nobody_reads_the_output() -> None:
    reading_end, writing_end = os.pipe()
    os.close(reading_end)
    with os.fdopen(writing_end, "wb") as nowhere:
        finished = subprocess.run(
            command_words("config"), stdout=nowhere, stderr=subprocess.PIPE, text=True
        )
    assert (finished.returncode, finished.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_the_output_cannot_be_written() -> None:
    with open("/dev/full", "wb") as full:
        finished = subprocess.run(
            command_words("config"), stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert finished.returncode == 1
    assert finished.stderr == "fastshesha: cannot write the output: No space left on device\n"
