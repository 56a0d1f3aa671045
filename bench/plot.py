"""Ratios and their targets in one picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.measuring import Measured


def save_plot(path: Path, results: Sequence[Measured]) -> None:
    """Times of all others in units of ours, on a logarithmic scale; a line marks each target."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    bars = _bars(results)
    figure = Figure(figsize=(11, 1.2 + 0.24 * max(1, len(bars))), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for place, (_, ratio, target) in enumerate(bars):
        missed = target is not None and ratio < target
        axes.barh(place, ratio, color="tab:red" if missed else "tab:blue")
        if target is not None:
            axes.plot([target, target], [place - 0.45, place + 0.45], color="black", linewidth=2)
    axes.set_yticks(range(len(bars)), [name for name, _, _ in bars], fontsize=7)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.axvline(1, color="grey", linewidth=1)
    axes.set_xlabel("times our time (black: target; red: missed)")
    figure.savefig(path, dpi=110)


def _bars(results: Sequence[Measured]) -> list[tuple[str, float, float | None]]:
    return [
        (
            f"{result.scenario.name}: {figure.name}",
            result.ratio(figure),
            result.scenario.targets.get(figure.name),
        )
        for result in results
        if not result.refused
        for figure in result.figures[1:]
    ]
