"""``fastshesha score``: one metric of one file as one JSON object."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import fastshesha
from fastshesha._cli.array_file import NamedArray, open_array
from fastshesha._cli.errors import CommandError, library_errors, state_errors
from fastshesha._cli.metrics import KEYWORDS, METRICS, PARTNERS, Metric, flag
from fastshesha._cli.output import json_text, note, show, warnings_as_notes

# What results tell of pairs that were not all compared exactly.
_PAIRS = ("n_pairs", "error_bound", "n_rounds", "pair_se", "pair_ci_low", "pair_ci_high")
_N_DIMENSIONS = {"labels": 1, "other": 2}


def run_score(arguments: argparse.Namespace) -> None:
    """Score the file and print the result on stdout."""
    # The parser leaves out what was not typed, so this holds what was.
    show_score(vars(arguments), lambda function, *args, **kwargs: function(*args, **kwargs))


def show_score(given: Mapping[str, Any], call: Callable[..., Any]) -> None:
    """Print what a metric returns that is called by ``call(function, ...)``."""
    metric = METRICS[given["metric"]]
    embeddings, partner, result = evaluated(given, call)
    for text in result.warnings:
        note(f"warning: {text}")
    pairs = {name: result.metadata[name] for name in _PAIRS if name in result.metadata}
    document = {
        "metric": given["metric"],
        **embeddings.to_dict(),
        **({} if partner is None else {str(metric.partner): partner.to_dict()}),
        "value": result.estimate,
        **({"interval": _interval(result)} if "n_bootstrap_ci" in given else {}),
        **({"pairs": pairs} if pairs else {}),
        "options": _options_used(metric, given),
        "version": fastshesha.__version__,
    }
    show(json_text(document))


def evaluated(
    given: Mapping[str, Any], call: Callable[..., Any]
) -> tuple[NamedArray, NamedArray | None, Any]:
    """The arrays of a command line, and what ``call(function, ...)`` makes of its metric."""
    metric = METRICS[given["metric"]]
    _check_options(given["metric"], metric, given)
    embeddings = open_array("FILE", given["file"], 2)
    partner = _open_partner(metric, given)
    arrays = [named.array for named in (embeddings, partner) if named is not None]
    keywords = {KEYWORDS[name]: given[name] for name in metric.options if name in given}
    with library_errors(), state_errors(), warnings_as_notes(), _settings(given):
        result = call(metric.function, *arrays, **keywords, return_type="result")
    return embeddings, partner, result


def _check_options(name: str, metric: Metric, given: Mapping[str, Any]) -> None:
    for option in (*KEYWORDS, *PARTNERS):
        if option in given and option not in (*metric.options, metric.partner):
            raise CommandError(
                f"{flag(option)} is not an option of {name}, which takes {metric.flags}"
            )
    if metric.partner is not None and metric.partner not in given:
        raise CommandError(f"{name} needs {flag(metric.partner)} FILE")
    if "distance" in given and given["distance"] not in metric.distances:
        raise CommandError(
            f"--distance {given['distance']!r} is not accepted by {name}; "
            f"use {' or '.join(metric.distances)}"
        )
    if "ci" in given and not {"n_bootstrap_ci", "max_pairs"} & given.keys():
        raise CommandError("--ci has no effect without --n-bootstrap-ci or --max-pairs")


def _open_partner(metric: Metric, given: Mapping[str, Any]) -> NamedArray | None:
    if metric.partner is None:
        return None
    return open_array(flag(metric.partner), given[metric.partner], _N_DIMENSIONS[metric.partner])


def _settings(given: Mapping[str, Any]) -> AbstractContextManager[Any]:
    """How to run, as far as it was typed."""
    names = ("threads", "exact_pairs", "checkpoint", "progress")
    return fastshesha.config(**{name: given[name] for name in names if name in given})


def _interval(result: fastshesha.StabilityResult) -> dict[str, Any]:
    return {
        "low": result.data_ci_low,
        "high": result.data_ci_high,
        "level": result.ci_level,
        "n_bootstraps": result.n_bootstraps,
    }


def _options_used(metric: Metric, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every option of the metric with the value it had, typed or not."""
    parameters = inspect.signature(metric.function).parameters
    return {name: given.get(name, parameters[KEYWORDS[name]].default) for name in metric.options}
