"""``fastshesha compare``: two embeddings of the same samples, and a threshold as a gate."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import Any

import fastshesha
from fastshesha._cli.array_file import open_array
from fastshesha._cli.errors import EXIT_FAILED, EXIT_OK, library_errors
from fastshesha._cli.output import json_text, show, warnings_as_notes

_SIMILARITIES = ("cka", "cka_linear", "cka_debiased", "cka_unbiased", "procrustes_similarity")
COMPARISONS = ("rdm_similarity", "rdm_drift", *_SIMILARITIES)


def run_compare(arguments: argparse.Namespace) -> int:
    """Compare the two files and print the result on stdout; 2 where a threshold is not kept."""
    before = open_array("BEFORE", arguments.before, 2)
    after = open_array("AFTER", arguments.after, 2)
    with library_errors(), warnings_as_notes():
        value = float(_function(arguments.metric)(before.array, after.array))
    passed = _passes(value, arguments.fail_below, arguments.fail_above)
    document = {
        "metric": arguments.metric,
        "before": before.to_dict(),
        "after": after.to_dict(),
        "value": value,
        "fail_below": arguments.fail_below,
        "fail_above": arguments.fail_above,
        "passed": passed,
        "version": fastshesha.__version__,
    }
    show(json_text(document))
    return EXIT_OK if passed else EXIT_FAILED


def _function(metric: str) -> Callable[..., Any]:
    home: Any = fastshesha.sim if metric in _SIMILARITIES else fastshesha
    function: Callable[..., Any] = getattr(home, metric)
    return function


def _passes(value: float, least: float | None, most: float | None) -> bool:
    """An undefined value keeps no threshold."""
    if least is None and most is None:
        return True
    if math.isnan(value):
        return False
    return (least is None or value >= least) and (most is None or value <= most)
