"""``fastshesha config``: what this build is and how it would run, as JSON."""

from __future__ import annotations

import argparse

import fastshesha
from fastshesha._cli.errors import library_errors


def run_config(_: argparse.Namespace) -> None:
    """Print what `fastshesha.show_config` prints."""
    with library_errors():
        fastshesha.show_config()
