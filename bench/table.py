"""Results in words: a line for the terminal, Markdown for the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.measuring import Figure, Measured

_HEAD = "| scenario | by | median | minimum | times ours | peak memory | of the limit | |"
_BUSY = "**The machine was busy: these times are no figures to go by.**"
_IDLE = 0.5
_RULE = "|---|---|---:|---:|---:|---:|---:|---|"


def summary(result: Measured) -> str:
    """One line of what was found."""
    if result.refused:
        return f"{result.scenario.name}: REFUSED: {result.refused}"
    parts = [f"ours {seconds(result.ours.median)}"]
    for figure in result.figures[1:]:
        parts.append(
            f"{figure.name} {seconds(figure.median)} = {digits(result.ratio(figure))} times"
        )
    if result.share is not None:
        parts.append(f"{result.share:.0%} of the limit")
    parts += [f"MISSED {text}" for text in misses(result)]
    return f"{result.scenario.name}: {', '.join(parts)}"


def misses(result: Measured) -> list[str]:
    """Targets that were not reached: entry and what was found."""
    figures = [] if result.refused else result.figures
    return [f"{figure.name}: {text}" for figure in figures for text in result.missed(figure)]


def markdown(machine: dict[str, Any], results: Sequence[Measured]) -> str:
    """The whole report. Targets stand behind what was measured: "47.1 (>= 45)"."""
    table = [_HEAD, _RULE, *(row for result in results for row in _rows(result))]
    parts = [*_described(machine, results), "\n".join(table), *_worse(results)]
    return "\n\n".join(parts) + "\n"


def _described(machine: dict[str, Any], results: Sequence[Measured]) -> list[str]:
    peaks = [result.peak_per_core for result in results if result.peak_per_core]
    best = ", ".join(f"{max(core) / 1e9:.0f} GF/s" for core in zip(*peaks, strict=True))
    return [
        f"`{machine['command']}`",
        f"{machine['date']}, {machine['processor']}; {machine['cores']} cores, "
        f"{machine['threads']} threads for everybody; rounds: {machine['rounds']}; "
        f"load before: {machine['load']}; "
        f"multiply+add peak per core: {best or 'not measured'}. "
        f"fastshesha {machine['fastshesha']}; Python {machine['python']}, "
        f"numpy {machine['numpy']}; {', '.join(machine['contestants'])}.",
        *([_BUSY] if machine["load"] > _IDLE else []),
    ]


def _rows(result: Measured) -> list[str]:
    name = result.scenario.name
    if result.refused:
        return [f"| {name} | refused: {result.refused} | | | | | | **refused** |"]
    return [
        _row(result, figure, name if figure is result.ours else "") for figure in result.figures
    ]


def _row(result: Measured, figure: Figure, name: str) -> str:
    goals, ours = result.scenario, figure is result.ours
    target = goals.targets.get(figure.name)
    aim = goals.share_target
    share = "" if result.share is None or not ours else f"{result.share:.0%}"
    cells = (
        name,
        figure.name,
        seconds(figure.median),
        seconds(figure.minimum),
        "" if ours else digits(result.ratio(figure)) + (f" (>= {target:g})" if target else ""),
        "" if figure.peak is None else f"{digits(figure.peak / 2**20)} MiB",
        share + (f" (>= {aim:.0%})" if share and aim else ""),
        "**missed**" if result.missed(figure) else "",
    )
    return f"| {' | '.join(cells)} |"


def _worse(results: Sequence[Measured]) -> list[str]:
    """Where another is faster than we are, and what was aimed at in vain."""
    slower = [
        f"{result.scenario.name}: {figure.name} takes {digits(result.ratio(figure))} times our time"
        for result in results
        for figure in result.figures[1:]
        if not result.refused and result.ratio(figure) < 1
    ]
    missed = [f"{result.scenario.name}: {text}" for result in results for text in misses(result)]
    return [
        _listed("Slower than others", slower),
        _listed("Missed targets", missed),
    ]


def _listed(title: str, lines: list[str]) -> str:
    if not lines:
        return f"{title}: none."
    return "\n".join([f"{title}:", "", *(f"- {line}" for line in lines)])


def seconds(value: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if abs(value) >= size:
            return f"{digits(value / size)} {unit}"
    return f"{digits(value / 1e-6)} us"


def digits(value: float) -> str:
    """Three of them, or all before the point."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
