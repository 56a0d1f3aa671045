"""``fastshesha shard`` and ``fastshesha merge``: one score by many processes."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Any

from fastshesha._cli.errors import CommandError, library_errors, state_errors
from fastshesha._cli.output import note
from fastshesha._cli.score import evaluated, show_score
from fastshesha.shards import open_shards, write_shard

# What says how and where this shard runs, not what is computed.
_NOT_OF_THE_CALL = ("command", "shard", "out", "threads", "progress")
_PATHS = ("file", "labels", "other")


def run_shard(arguments: argparse.Namespace) -> None:
    """Count one shard of the pairs, and write the state that it comes to."""
    given = vars(arguments)
    call = _portable(given)
    if "seed" not in given and ("max_pairs" in given or given["metric"] == "feature_split"):
        raise CommandError("a shard needs --seed, so that all shards draw the same")

    def write(function: Any, *args: Any, **kwargs: Any) -> None:
        write_shard(arguments.out, arguments.shard, function, *args, about={"call": call}, **kwargs)

    evaluated(given, write)
    number, n_shards = arguments.shard
    note(f"shard {number}/{n_shards} is in {arguments.out}")


def _portable(given: Mapping[str, Any]) -> dict[str, Any]:
    """The call, from whatever folder."""
    call = {name: value for name, value in given.items() if name not in _NOT_OF_THE_CALL}
    return call | {name: os.path.abspath(call[name]) for name in _PATHS if name in call}


def run_merge(arguments: argparse.Namespace) -> None:
    """Add up all shards and print the result as ``score`` does."""
    with library_errors(), state_errors():
        shards = open_shards(arguments.parts, allow_mixed_kernels=arguments.allow_mixed_kernels)
    if "call" not in shards.about:
        raise CommandError("the shards tell no command; merge them by fastshesha.shards")
    how = {name: getattr(arguments, name) for name in ("threads", "progress")}
    show_score(shards.about["call"] | how, shards.merged)
