"""The demo's 2x2 figure. Importing this module loads matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from fastshesha.demo.scenario import ScenarioReport
from fastshesha.monitor import plot_training_dynamics


def write_training_dynamics(reports: Sequence[ScenarioReport], file: BinaryIO) -> None:
    """Draw one panel per scenario (four of them) and write the figure as PNG."""
    figure = Figure(figsize=(12, 10))
    FigureCanvasAgg(figure)
    histories = {report.title: report.curves for report in reports}
    plot_training_dynamics(histories, figure.subplots(2, 2))
    figure.tight_layout()
    figure.savefig(file, format="png", dpi=150)
