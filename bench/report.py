"""The files of a report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.measuring import Measured
from bench.plot import save_plot
from bench.table import markdown

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- table -->", "<!-- end of the table -->"


def write_report(
    folder: Path, machine: dict[str, Any], results: Sequence[Measured], *, into_readme: bool
) -> None:
    """Write table.md, results.json and plot.png; with ``into_readme`` also the README's table."""
    folder.mkdir(parents=True, exist_ok=True)
    text = markdown(machine, results)
    (folder / "table.md").write_text(text, encoding="utf-8")
    content = {"machine": machine, "scenarios": [as_record(result) for result in results]}
    (folder / "results.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    save_plot(folder / "plot.png", results)
    if into_readme:
        README.write_text(between_marks(README.read_text(encoding="utf-8"), text), encoding="utf-8")


def between_marks(page: str, text: str) -> str:
    """The page with ``text`` in the place of what stood between the marks."""
    before, _, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the page has no place for the table: {BEGIN} ... {END}")
    return f"{before}{BEGIN}\n\n{text}\n{END}{after}"


def as_record(result: Measured) -> dict[str, Any]:
    """A scenario for the JSON file: every second measured, and what follows from them."""
    goals = result.scenario
    record = {
        "name": goals.name,
        "refused": result.refused or None,
        "peak_per_core": result.peak_per_core,
    }
    if result.refused:
        return record
    figures = [
        {
            **asdict(figure),
            "median": figure.median,
            "minimum": figure.minimum,
            "times_ours": result.ratio(figure),
            "target": goals.targets.get(figure.name),
            "missed": result.missed(figure),
        }
        for figure in result.figures
    ]
    shares = {"share_of_limit": result.share, "share_target": goals.share_target}
    return {**record, **shares, "figures": figures}
