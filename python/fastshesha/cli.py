"""The command ``fastshesha``: demo, score, estimate, shard, merge, monitor, compare, config, run.

Results go to stdout, notes to stderr. Exit code 0: done; 1: a usage error or an input that cannot
be used, told in one line; 2: an alarm, or a threshold that is not kept; 130: interrupted;
141: nobody reads the output any more.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from fastshesha._cli.compare import run_compare
from fastshesha._cli.config import run_config
from fastshesha._cli.demo import run_demo
from fastshesha._cli.errors import (
    EXIT_BROKEN_PIPE,
    EXIT_ERROR,
    EXIT_INTERRUPTED,
    EXIT_OK,
    CommandError,
)
from fastshesha._cli.estimate import run_estimate
from fastshesha._cli.monitor import run_monitor
from fastshesha._cli.output import note
from fastshesha._cli.parser import build_parser
from fastshesha._cli.score import run_score
from fastshesha._cli.shards import run_merge, run_shard
from fastshesha.run import run_target

_COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "demo": run_demo,
    "score": run_score,
    "estimate": run_estimate,
    "shard": run_shard,
    "merge": run_merge,
    "monitor": run_monitor,
    "compare": run_compare,
    "config": run_config,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (by default that of the process); return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["run"]:
        # What follows belongs to the script: its options, its errors, its exit code.
        return run_target(words[1:])
    try:
        return _run_command(words)
    except KeyboardInterrupt:
        note("interrupted")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        _give_up_stdout()
        return EXIT_BROKEN_PIPE
    except OSError as error:
        _give_up_stdout()
        note(f"cannot write the output: {error.strerror or error}")
        return EXIT_ERROR


def _run_command(words: Sequence[str]) -> int:
    try:
        arguments = build_parser().parse_args(words)
        try:
            return _COMMANDS[arguments.command](arguments) or EXIT_OK
        except CommandError as error:
            note(str(error), speaker=f"fastshesha {arguments.command}")
            return EXIT_ERROR
    finally:
        if sys.stdout is not None:
            sys.stdout.flush()


def _give_up_stdout() -> None:
    """Point stdout at nothing, or the interpreter fails once more when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
