"""Write ``docs/differences.md`` from the table of differences.

``python tools/differences_page.py`` writes the page; with ``--check`` it only says whether the
page is up to date.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import tomllib

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "tests" / "parity" / "differences.toml"
PAGE = ROOT / "docs" / "differences.md"
INTRODUCTION = """\
# Differences from the original

fastshesha answers as shesha-geometry 0.3.0 does: same values to 1e-12, same draws, types, keys,
exception types and warning categories. Where a value hangs on a product or a decomposition of
matrices, the original itself differs from one processor to another; there the tolerance is ten
times as much as it was measured to differ. Below stands everything in which fastshesha differs
on purpose. Messages are in words of its own throughout.

This page is made from `tests/parity/differences.toml` by `tools/differences_page.py`.
"""
MET = """\
## Met by random calls

The differential tests make these calls in both packages, and fail where a difference is not
told here or is told but never met.
"""
SHOWN = """\
## Shown by a test of its own
"""


def every_function(names: list[str]) -> str:
    return "all" if names == ["*"] else ", ".join(f"`{name}`" for name in names)


def in_words(pattern: str, otherwise: str) -> str:
    """What a pattern for the outcome of a call says to a reader."""
    action, _, warned = pattern.partition(", warns ")
    words = {"*": "" if warned else otherwise, "returns *": "returns a value"}
    told = words.get(action, action.replace("*", ""))
    warns = f"warns {warned.replace('*', '') or 'of it'}" if warned else ""
    return ", ".join(part for part in (told, warns) if part)


def met_rows(entries: list[dict[str, Any]]) -> list[list[str]]:
    return [
        [
            every_function(entry["functions"]),
            entry["when"],
            in_words(entry["original"], "accepts it, or fails in another way"),
            in_words(entry["ours"], "does the same without the warning"),
            entry["reason"],
        ]
        for entry in entries
    ]


def shown_rows(entries: list[dict[str, Any]]) -> list[list[str]]:
    return [
        [every_function(entry["functions"]), *(entry[key] for key in _SHOWN_KEYS)]
        for entry in entries
    ]


_SHOWN_KEYS = ("when", "original", "ours", "reason")
_HEADINGS = ["function", "when", "the original", "fastshesha", "why"]


def table_of(rows: list[list[str]]) -> str:
    lines = [_HEADINGS, ["---"] * len(_HEADINGS), *rows]
    escaped = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in escaped)


def page() -> str:
    """The whole page, as it must stand in the repository."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    met, shown = table_of(met_rows(table["difference"])), table_of(shown_rows(table["shown"]))
    return "\n".join([INTRODUCTION, MET, met, SHOWN, shown])


def main() -> int:
    parser = argparse.ArgumentParser(description="Write docs/differences.md from the table.")
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    if parser.parse_args().check:
        up_to_date = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page()
        print("up to date" if up_to_date else "docs/differences.md is out of date")
        return 0 if up_to_date else 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
