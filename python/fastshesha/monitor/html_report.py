"""One page about a run: verdict, alarms, pictures and configuration, with nothing to fetch."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from fastshesha import __version__
from fastshesha.monitor.alarms import Alarm
from fastshesha.monitor.plots import finish_axes, plot_history, plot_tradeoff
from fastshesha.monitor.signals import SIGNALS

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1, h2 { line-height: 1.2; }
.verdict { border-left: 0.4rem solid #2a7; padding: 0.5rem 1rem; background: #2a71; }
.verdict.failed { border-color: #c33; background: #c331; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: 0.3rem 0.6rem; text-align: left; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 0; }
li { margin: 0.5rem 0; }
img { max-width: 100%; height: auto; }
.pictures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
"""
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Training monitor: {diagnosis}</title>
<style>{style}</style>
</head>
<body>
<h1>Training monitor</h1>
<p class="verdict{failed}"><strong>{diagnosis}</strong> after {n_epochs} epochs, {n_alarms}.</p>
{sections}
<p><small>fastshesha {version}</small></p>
</body>
</html>
"""


def page(
    history: Mapping[str, Sequence[float]],
    alarms: Sequence[Alarm],
    diagnosis: str,
    configuration: Mapping[str, Any],
) -> str:
    """Return the page as text."""
    layers = dict.fromkeys(name.rpartition("/")[0] for name in history if name not in _COMMON)
    sections = [_alarm_list(alarms)]
    for layer in layers:
        prefix = f"{layer}/" if layer else ""
        curves = {name: history[name] for name in _COMMON}
        curves |= {name: history[prefix + name] for name in SIGNALS if prefix + name in history}
        own = [alarm for alarm in alarms if alarm.layer == layer]
        sections.append(_layer_section(layer, curves, own))
    rows = [(name, _shown(value)) for name, value in configuration.items()]
    sections.append(f"<h2>Configuration</h2>\n{_table(('option', 'value'), rows)}")
    n_epochs, n_alarms = len(history["epoch"]), len(alarms)
    return _PAGE.format(
        style=_STYLE,
        failed=" failed" if any(alarm.is_failure for alarm in alarms) else "",
        diagnosis=escape(diagnosis),
        n_epochs=n_epochs,
        n_alarms=f"{n_alarms} alarm{'s' * (n_alarms != 1)}",
        sections="\n".join(sections),
        version=escape(__version__),
    )


_COMMON = ("epoch", "loss")


def _alarm_list(alarms: Sequence[Alarm]) -> str:
    items = "\n".join(map(_alarm_item, alarms))
    return f"<h2>Alarms</h2>\n{f'<ol>{items}</ol>' if alarms else '<p>None.</p>'}"


def _alarm_item(alarm: Alarm) -> str:
    layer = f", layer {escape(alarm.layer)}" if alarm.layer else ""
    numbers = f"{escape(alarm.signal)} {alarm.value:.4g}, compared with {alarm.baseline:.4g}"
    return (
        f"<li><strong>{escape(alarm.kind)}</strong> at epoch {alarm.epoch}{layer}: "
        f"{escape(alarm.reason)} <small>({numbers})</small></li>"
    )


def _layer_section(
    layer: str, curves: Mapping[str, Sequence[float]], alarms: Sequence[Alarm]
) -> str:
    heading = f"Layer {escape(layer)}" if layer else "Signals"
    pictures = [_picture(lambda ax: plot_history(curves, alarms, ax), "the three main curves")]
    pictures.append(_picture(lambda ax: plot_tradeoff(curves, ax=ax), "stability and alignment"))
    for name in (*SIGNALS, "loss"):
        if name in curves and any(map(math.isfinite, curves[name])):
            pictures.append(_picture(_single_curve(name, curves, alarms), name))
    newest = [(name, curves[name][-1]) for name in curves if curves[name]]
    grid = f'<div class="pictures">\n{"".join(pictures)}</div>'
    return f"<h2>{heading}</h2>\n{grid}\n<h3>Newest values</h3>\n{_table(('', 'value'), newest)}"


def _single_curve(
    name: str, curves: Mapping[str, Sequence[float]], alarms: Iterable[Alarm]
) -> Callable[[Any], object]:
    def draw(ax: Any) -> None:
        ax.plot(curves["epoch"], curves[name], "-o", markersize=3)
        for alarm in alarms:
            if alarm.signal == name:
                ax.axvline(alarm.epoch, color="tab:red", linestyle="--", alpha=0.7)
        finish_axes(ax, "Epoch", "", name.replace("_", " "))

    return draw


def _picture(draw: Callable[[Any], object], description: str) -> str:
    """A figure of its own as an image inside the page."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("the report needs matplotlib: pip install 'fastshesha[plot]'") from error
    figure = Figure(figsize=(5, 3.5))
    FigureCanvasAgg(figure)
    draw(figure.subplots())
    figure.subplots_adjust(left=0.14, right=0.97, bottom=0.15, top=0.9)
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=120)
    encoded = base64.b64encode(content.getvalue()).decode("ascii")
    alternative = escape(description.replace("_", " "))
    return f'<figure><img alt="{alternative}" src="data:image/png;base64,{encoded}"></figure>\n'


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["".join(f"<th>{escape(name)}</th>" for name in header)]
    lines += ["".join(map(_cell, row)) for row in rows]
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="wide"><table>\n{body}\n</table></div>'


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f'<td class="number">{"undefined" if math.isnan(value) else f"{value:.4g}"}</td>'
    return f"<td>{escape(str(value))}</td>"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
