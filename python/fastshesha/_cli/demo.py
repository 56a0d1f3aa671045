"""``fastshesha demo``: the training-drift job from simulation to tables, figure and JSON."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from fastshesha._cli.errors import CommandError, library_errors
from fastshesha._cli.output import json_text, note, show, warnings_as_notes, write_whole
from fastshesha._cli.progress import Progress
from fastshesha.demo.document import training_dynamics
from fastshesha.demo.scenario import N_EPOCHS, ScenarioReport, run_scenario
from fastshesha.demo.simulation import SCENARIOS
from fastshesha.demo.tables import scenario_table

_FIGURE = "training_dynamics.png"
_DOCUMENT = "training_dynamics.json"


def run_demo(arguments: argparse.Namespace) -> None:
    """Run the four scenarios; show and write what came out."""
    folder = _writable_folder(arguments.out)
    reports = []
    for scenario in SCENARIOS:
        report = _run_with_progress(scenario, quiet=arguments.quiet)
        reports.append(report)
        if not arguments.json:
            show(f"{scenario_table(report)}\n")
    document = json_text(training_dynamics(reports))
    if arguments.json:
        show(document)
    try:
        write_whole(folder / _DOCUMENT, lambda file: file.write(f"{document}\n".encode()))
        written = [_DOCUMENT, *_write_figure(folder / _FIGURE, reports)]
    except OSError as error:
        raise _cannot_write(arguments.out, error) from error
    if not arguments.quiet:
        note(f"wrote {' and '.join(str(folder / name) for name in written)}")


def _writable_folder(out: str) -> Path:
    """Make the folder before the work starts, so that a wrong `--out` costs nothing."""
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(out, error) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CommandError(f"--out {out!r}: this folder cannot be written to")
    return folder


def _cannot_write(out: str, error: OSError) -> CommandError:
    return CommandError(f"--out {out!r}: cannot write there: {error.strerror or error}")


def _run_with_progress(scenario: str, *, quiet: bool) -> ScenarioReport:
    progress = Progress(scenario, N_EPOCHS, quiet=quiet)
    with library_errors(), warnings_as_notes(), progress:
        return run_scenario(scenario, on_epoch=progress.show)


def _write_figure(path: Path, reports: Sequence[ScenarioReport]) -> list[str]:
    """Write the figure and return its name; nothing where there is no matplotlib."""
    try:
        from fastshesha.demo.figure import write_training_dynamics
    except ImportError:
        note(
            f"{_FIGURE} was left out because matplotlib is not installed: "
            "pip install 'fastshesha[plot]'"
        )
        return []
    write_whole(path, lambda file: write_training_dynamics(reports, file))
    return [_FIGURE]
