"""``fastshesha estimate``: what a score will take, before it starts."""

from __future__ import annotations

import argparse

import fastshesha
from fastshesha._cli.output import json_text, show
from fastshesha._cli.score import evaluated


def run_estimate(arguments: argparse.Namespace) -> None:
    """Try the score for a few seconds and print what it will take."""
    embeddings, _, found = evaluated(vars(arguments), fastshesha.estimate)
    document = {"metric": arguments.metric, **embeddings.to_dict(), **found.to_dict()}
    show(json_text({**document, "version": fastshesha.__version__}))
