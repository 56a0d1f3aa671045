"""``fastshesha demo``: tables, figure and JSON."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from pathlib import Path

import pytest

import fastshesha
from cli.command import Finished, command_words, run_command

SCENARIOS = ["healthy", "collapse", "divergence", "overfit"]
REFERENCE_FILE = Path(__file__).parents[1] / "parity" / "tutorial" / "tutorial_values.json"
TABLE_ROW = re.compile(r" +(\d+) +(-?\d\.\d{4}) +(-?\d\.\d{4}) +(-?\d\.\d{4})")


def without_matplotlib(folder: Path) -> dict[str, str]:
    """The environment of a process that finds no matplotlib."""
    blocker = folder / "blocker" / "matplotlib"
    blocker.mkdir(parents=True)
    error = "ModuleNotFoundError(\"No module named 'matplotlib'\", name='matplotlib')"
    (blocker / "__init__.py").write_text(f"raise {error}\n")
    return {"PYTHONPATH": str(blocker.parent)}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finished, Path]:
    """A demo without options but for its folder, which does not exist yet."""
    out = tmp_path_factory.mktemp("demo") / "new" / "folder"
    return run_command("demo", "--out", out), out


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finished, Path]:
    """A quiet demo that prints JSON, without matplotlib, in the current folder."""
    folder = tmp_path_factory.mktemp("bare")
    environment = without_matplotlib(tmp_path_factory.mktemp("blocked"))
    return run_command("demo", "--quiet", "--json", folder=folder, environment=environment), folder


def test_the_tables_hold_the_values_of_the_tutorial(plain: tuple[Finished, Path]) -> None:
    finished, _ = plain
    reference = json.loads(REFERENCE_FILE.read_text())["values"]
    tables = finished.stdout.strip().split("\n\n")
    assert finished.code == 0
    assert len(tables) == len(SCENARIOS)
    for scenario, table in zip(SCENARIOS, tables, strict=True):
        rows = [match.groups() for match in map(TABLE_ROW.fullmatch, table.splitlines()) if match]
        assert [int(row[0]) for row in rows] == list(range(20))
        for column, curve in enumerate(("stability", "alignment", "var_ratio"), start=1):
            shown = [float(row[column]) for row in rows]
            assert shown == pytest.approx(reference[scenario][curve], abs=0.50001e-4)


def test_the_tables_end_with_diagnosis_and_early_stopping(plain: tuple[Finished, Path]) -> None:
    endings = [table.splitlines()[-2:] for table in plain[0].stdout.strip().split("\n\n")]
    for scenario, (diagnosis, _) in zip(SCENARIOS, endings, strict=True):
        assert diagnosis.startswith(f"diagnosis: {scenario} (")
    assert [early_stopping for _, early_stopping in endings] == [
        "the tutorial's early stopping: not triggered",
        "the tutorial's early stopping: not triggered",
        "the tutorial's early stopping: stop at epoch 14",
        "the tutorial's early stopping: not triggered",
    ]


def test_progress_and_files_are_told_on_stderr(plain: tuple[Finished, Path]) -> None:
    *progress, written = plain[0].stderr.splitlines()
    assert [line.partition(":")[0] for line in progress] == SCENARIOS
    assert all(" 20 epochs in " in line for line in progress)
    assert "training_dynamics.json and " in written


def test_the_figure_is_a_png_of_the_stated_size(plain: tuple[Finished, Path]) -> None:
    pytest.importorskip("matplotlib")
    content = (plain[1] / "training_dynamics.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    width, height = (int.from_bytes(content[start : start + 4], "big") for start in (16, 20))
    assert (width, height) == (1800, 1500)


def test_the_document_holds_curves_and_findings(plain: tuple[Finished, Path]) -> None:
    document = json.loads((plain[1] / "training_dynamics.json").read_text())
    reference = json.loads(REFERENCE_FILE.read_text())["values"]
    assert document["version"] == fastshesha.__version__
    assert list(document["scenarios"]) == SCENARIOS
    for scenario, entry in document["scenarios"].items():
        assert entry["diagnosis"] == scenario
        assert entry["early_stop_epoch"] == (14 if scenario == "divergence" else None)
        assert entry["reason"]
        assert (entry["alarm_epoch"] is None) == (scenario == "healthy")
        assert (entry["alarm_epoch"] or 0) <= 15
        for curve, values in reference[scenario].items():
            assert entry["curves"][curve] == pytest.approx(values, abs=1e-12)
    seconds = [entry["metric_seconds"] for entry in document["scenarios"].values()]
    assert min(seconds) > 0
    assert document["metric_seconds"] == pytest.approx(sum(seconds))


def test_no_unfinished_file_stays_behind(plain: tuple[Finished, Path]) -> None:
    names = {path.name for path in plain[1].iterdir()}
    assert names <= {"training_dynamics.json", "training_dynamics.png"}


def test_without_matplotlib_one_line_says_how_to_get_the_figure(
    bare: tuple[Finished, Path],
) -> None:
    finished, folder = bare
    assert finished.code == 0
    assert finished.stderr.splitlines() == [
        "fastshesha: training_dynamics.png was left out because matplotlib is not installed: "
        "pip install 'fastshesha[plot]'"
    ]
    assert [path.name for path in folder.iterdir()] == ["training_dynamics.json"]


def test_json_on_stdout_is_the_written_document(bare: tuple[Finished, Path]) -> None:
    finished, folder = bare
    assert finished.stdout == (folder / "training_dynamics.json").read_text()
    assert list(finished.document["scenarios"]) == SCENARIOS


def test_two_runs_give_the_same_curves(
    plain: tuple[Finished, Path], bare: tuple[Finished, Path]
) -> None:
    first = json.loads((plain[1] / "training_dynamics.json").read_text())["scenarios"]
    second = bare[0].document["scenarios"]
    assert [first[name]["curves"] for name in first] == [second[name]["curves"] for name in second]


def test_a_folder_that_cannot_be_made_is_told_before_the_work(tmp_path: Path) -> None:
    occupied = tmp_path / "occupied"
    occupied.write_text("")
    line = run_command("demo", "--out", occupied).error_line
    assert line == f"fastshesha demo: --out '{occupied}': cannot write there: File exists"


def test_an_interrupt_ends_it_with_130(tmp_path: Path) -> None:
    with subprocess.Popen(
        command_words("demo", "--out", tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background may have been started with the signal ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert stderr.splitlines()[-1] == "fastshesha: interrupted"
    assert "Traceback" not in stderr
    assert list(tmp_path.iterdir()) == []
