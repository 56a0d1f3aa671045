"""``fastshesha monitor``: a run from one embedding file per epoch; exit code 2 after an alarm."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastshesha import __version__
from fastshesha._cli.array_file import NamedArray, open_array
from fastshesha._cli.errors import EXIT_FAILED, EXIT_OK, CommandError, library_errors
from fastshesha._cli.output import json_text, note, show, warnings_as_notes
from fastshesha.monitor import MonitorReport, TrainingMonitor

_FEWEST_EPOCHS = 2
_SUFFIXES = (".npy", ".npz")
_SHOWN = ("stability", "alignment", "var_ratio", "effective_rank", "normalised_spread")


def run_monitor(arguments: argparse.Namespace) -> int:
    """Monitor the files in order; show what came out."""
    specifications = _epoch_files(arguments.files)
    _check_folder(arguments.html)
    labels = _vector("--labels", arguments.labels)
    losses = _vector("--loss", arguments.loss)
    if losses is not None and len(losses.array) != len(specifications):
        raise CommandError(
            f"--loss {losses.path!r} holds {len(losses.array)} values; "
            f"there are {len(specifications)} epochs"
        )
    with library_errors(), warnings_as_notes():
        monitor = TrainingMonitor(patience=arguments.patience, seed=arguments.seed)
        reports = [
            monitor.update(
                open_array("FILE", specification, 2).array,
                None if labels is None else labels.array,
                loss=None if losses is None else float(losses.array[epoch]),
            )
            for epoch, specification in enumerate(specifications)
        ]
        _require_verdict(monitor, reports)
    _write_page(monitor, arguments.html)
    document = _document(monitor, specifications)
    show(json_text(document) if arguments.json else _table(monitor, reports))
    return EXIT_FAILED if monitor.alarms else EXIT_OK


def _require_verdict(monitor: TrainingMonitor, reports: Sequence[MonitorReport]) -> None:
    """A run of which nothing is known must not pass for a healthy one."""
    if monitor.diagnosis != "undetermined":
        return
    reason = reports[-1].statuses[""].get("stability", "the rows do not differ")
    if len(reports) < _FEWEST_EPOCHS:
        reason = f"there must be at least {_FEWEST_EPOCHS} epochs"
    raise CommandError(f"nothing can be judged: {reason}")


def _epoch_files(given: Sequence[str]) -> list[str]:
    """The files named, or those of a folder: numbers in their names in numerical order."""
    if len(given) > 1 or not Path(given[0]).is_dir():
        return list(given)
    folder = Path(given[0])
    found = [path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES]
    if not found:
        raise CommandError(f"FILE {given[0]!r} is a folder without .npy and .npz files")
    return [str(path) for path in sorted(found, key=lambda path: _natural(path.name))]


def _natural(name: str) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _vector(argument: str, specification: str | None) -> NamedArray | None:
    return None if specification is None else open_array(argument, specification, 1)


def _check_folder(path: str | None) -> None:
    """Before the work starts, so that a wrong `--html` costs nothing."""
    if path is not None and not Path(path).parent.is_dir():
        raise CommandError(f"--html {path!r}: there is no folder {str(Path(path).parent)!r}")


def _write_page(monitor: TrainingMonitor, path: str | None) -> None:
    if path is None:
        return
    try:
        monitor.report(path)
    except OSError as error:
        reason = error.strerror or error
        raise CommandError(f"--html {path!r}: cannot write there: {reason}") from error
    except ImportError as error:
        raise CommandError(f"--html: {error}") from error
    note(f"wrote {path}")


def _document(monitor: TrainingMonitor, files: Sequence[str]) -> dict[str, Any]:
    return {
        "diagnosis": monitor.diagnosis,
        "should_stop": monitor.should_stop,
        "alarms": [alarm.to_dict() for alarm in monitor.alarms],
        "best_epochs": monitor.best_epoch(),
        "files": list(files),
        "history": monitor.history,
        "configuration": monitor.configuration,
        "version": __version__,
    }


def _table(monitor: TrainingMonitor, reports: Sequence[MonitorReport]) -> str:
    lines = ["  ".join([f"{'epoch':>5}", *(f"{name:>17}" for name in _SHOWN)])]
    for report in reports:
        values = report.to_dict(prefix="")
        lines.append("  ".join([f"{report.epoch:>5}", *(_cell(values[name]) for name in _SHOWN)]))
    lines += [f"alarm at epoch {a.epoch}: {a.kind} ({a.reason})" for a in monitor.alarms]
    return "\n".join([*lines, f"diagnosis: {monitor.diagnosis}"])


def _cell(value: float) -> str:
    return f"{'undefined' if math.isnan(value) else f'{value:.4f}':>17}"
