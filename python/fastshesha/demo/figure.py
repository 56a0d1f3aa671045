"""The demo's 2x2 figure. Importing this module loads matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from fastshesha.demo.scenario import ScenarioReport

_LINES = {
    "stability": ("Stability", "b-o"),
    "alignment": ("Alignment", "r-s"),
    "var_ratio": ("Var Ratio", "g-^"),
}


def write_training_dynamics(reports: Sequence[ScenarioReport], file: BinaryIO) -> None:
    """Draw one panel per scenario (four of them) and write the figure as PNG."""
    figure = Figure(figsize=(12, 10))
    FigureCanvasAgg(figure)
    panels = figure.subplots(2, 2)
    for axes, report in zip(panels.flat, reports, strict=True):
        _draw_scenario(axes, report)
    figure.tight_layout()
    figure.savefig(file, format="png", dpi=150)


def _draw_scenario(axes: Axes, report: ScenarioReport) -> None:
    for name, (label, style) in _LINES.items():
        curve = report.curves[name]
        axes.plot(range(len(curve)), curve, style, label=label, markersize=4)
    axes.set_xlabel("Epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("Score")
    axes.set_title(report.title)
    axes.legend(loc="best", fontsize="small")
    axes.grid(True, alpha=0.3)
    axes.set_ylim(-0.1, 1.0)
