"""``fastshesha monitor`` and ``fastshesha compare``: what they print and how they end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import fastshesha
from cli.command import run_command
from fastshesha.demo.simulation import simulate_training
from fastshesha.monitor import TrainingMonitor


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of 11 epochs, one file each, whose names sort otherwise than their numbers."""
    folder = tmp_path_factory.mktemp("runs")
    for scenario in ("healthy", "divergence"):
        history, labels = simulate_training(100, 32, 11, scenario)
        (folder / scenario).mkdir()
        for epoch, X in enumerate(history):
            np.save(folder / scenario / f"epoch{epoch}.npy", X.astype(np.float32))
        np.save(folder / "labels.npy", labels)
    (folder / "empty").mkdir()
    return folder


def test_a_healthy_run_passes_with_a_table(runs: Path) -> None:
    done = run_command("monitor", runs / "healthy", "--labels", runs / "labels.npy")
    assert done.code == 0
    *rows, verdict = done.stdout.splitlines()
    assert [row.split()[0] for row in rows] == ["epoch", *map(str, range(11))]
    assert verdict == "diagnosis: healthy"


def test_an_alarm_ends_with_2_and_json_keeps_it(runs: Path) -> None:
    labels = runs / "labels.npy"
    done = run_command("monitor", runs / "divergence", "--labels", labels, "--json")
    assert done.code == 2
    monitor = TrainingMonitor()
    for epoch in range(11):
        monitor.update(np.load(runs / "divergence" / f"epoch{epoch}.npy"), np.load(labels))
    assert done.document["diagnosis"] == monitor.diagnosis == "divergence"
    assert done.document["alarms"] == [alarm.to_dict() for alarm in monitor.alarms]
    assert done.document["history"]["stability"] == monitor.history["stability"]
    assert done.document["history"]["drift_first"][0] is None
    assert done.document["files"][-1].endswith("epoch10.npy")


def test_a_page_and_losses(runs: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    np.save(tmp_path / "loss.npy", [2.0, 9.0])
    files = [runs / "healthy" / f"epoch{epoch}.npy" for epoch in range(2)]
    options = ("--loss", tmp_path / "loss.npy", "--patience", 1, "--html", tmp_path / "run.html")
    done = run_command("monitor", *files, *options)
    assert done.code == 2
    assert "alarm at epoch 1: divergence (the loss is 9, and was 2 at the start)" in done.stdout
    assert "<strong>divergence</strong>" in (tmp_path / "run.html").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["{0}/empty"], "is a folder without .npy and .npz files"),
        (["{0}/none.npy"], "cannot be read: No such file or directory"),
        (["{0}/labels.npy"], "needed is a 2-D array"),
        (["{0}/healthy/epoch0.npy"], "nothing can be judged: there must be at least 2"),
        (["{0}/healthy", "--loss", "{0}/labels.npy"], "holds 100 values; there are 11 epochs"),
        (["{0}/healthy", "--html", "{0}/none/page.html"], "there is no folder"),
        (["{0}/healthy", "--patience", "0"], "'0' is not a whole number of at least 1"),
    ],
)
def test_what_cannot_be_used_is_one_line(words: list[str], message: str, runs: Path) -> None:
    done = run_command("monitor", *(word.format(runs) for word in words))
    assert message in done.error_line


def test_a_run_of_which_nothing_is_known_does_not_pass(tmp_path: Path) -> None:
    np.save(tmp_path / "epoch0.npy", np.full((20, 4), np.nan))
    np.save(tmp_path / "epoch1.npy", np.zeros((20, 4)))
    line = run_command("monitor", tmp_path).error_line
    assert line.startswith("fastshesha monitor: nothing can be judged: ")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("pair")
    rng = np.random.default_rng(0)
    X = rng.standard_normal((40, 8))
    np.save(folder / "before.npy", X)
    np.save(folder / "after.npy", X + 0.5 * rng.standard_normal(X.shape))
    return folder / "before.npy", folder / "after.npy"


@pytest.mark.parametrize("metric", ["rdm_similarity", "rdm_drift", "cka_unbiased"])
def test_the_value_is_that_of_the_function(metric: str, pair: tuple[Path, Path]) -> None:
    done = run_command("compare", *pair, "--metric", metric)
    function = getattr(fastshesha.sim if metric.startswith("cka") else fastshesha, metric)
    assert done.code == 0
    assert done.document["passed"] is True
    assert done.document["value"] == function(*map(np.load, pair))


def test_a_threshold_is_a_gate(pair: tuple[Path, Path]) -> None:
    value = fastshesha.rdm_similarity(*map(np.load, pair))
    for options, code in {
        ("--fail-below", value, "--fail-above", value): 0,
        ("--fail-below", value + 1e-9): 2,
        ("--fail-above", value - 1e-9): 2,
    }.items():
        done = run_command("compare", *pair, *options)
        assert (done.code, done.document["passed"]) == (code, code == 0)


def test_an_undefined_value_keeps_no_threshold(pair: tuple[Path, Path], tmp_path: Path) -> None:
    np.save(tmp_path / "constant.npy", np.ones((40, 8)))
    options = ("--metric", "cka_unbiased", "--fail-below", "-1")
    done = run_command("compare", pair[0], tmp_path / "constant.npy", *options)
    assert (done.code, done.document["value"], done.document["passed"]) == (2, None, False)
    assert (
        "'x' is not a finite number"
        in run_command("compare", *pair, "--fail-below", "x").error_line
    )
