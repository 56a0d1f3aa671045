"""What may be typed after ``fastshesha``."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import Any, NoReturn

from fastshesha import __version__
from fastshesha._cli.compare import COMPARISONS
from fastshesha._cli.errors import EXIT_ERROR
from fastshesha._cli.metrics import METRICS
from fastshesha._cli.output import one_line

_ARRAY_HELP = "a .npy, .npz, HDF5, zarr or Parquet file, or FILE:PART for one array of it"

_SCORE: dict[str, Any] = {
    "help": "score one file",
    "description": "Score one file; the result is one JSON object on stdout.",
    "formatter_class": argparse.RawDescriptionHelpFormatter,
}
_ESTIMATE = {
    "help": "tell time, memory and error of a score before it starts",
    "description": "Try a score for a few seconds; prints what the whole will take.",
}
_SHARD = {
    "help": "count one of n shards of the pairs of a score",
    "description": "Count one shard of the streamed pairs; `fastshesha merge` adds them up. "
    "Started again with the same words, an unfinished shard goes on.",
}
_MERGE = {
    "help": "add up all shards of a score",
    "description": "Add up all shards; prints what `fastshesha score` would have printed.",
}
_MONITOR = {
    "help": "judge a training run from one embedding file per epoch",
    "description": "Judge a training run; exit code 2 if it raises an alarm.",
}
_COMPARE = {
    "help": "compare two embeddings of the same samples",
    "description": "Compare two files; exit code 2 if a threshold is not kept.",
}


class Parser(argparse.ArgumentParser):
    """An argument parser whose usage errors are one line and exit code 1."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_ERROR, f"{self.prog}: {one_line(message)} (see {self.prog} --help)\n")


def build_parser() -> Parser:
    """Return the parser of the whole command line."""
    parser = Parser(
        prog="fastshesha",
        description="Geometric stability of learned representations.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"fastshesha {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (add_arguments, options) in _commands().items():
        add_arguments(commands.add_parser(name, allow_abbrev=False, **options))
    commands.add_parser("config", help="show the build and the settings as JSON")
    # Only for the help text: cli.main hands `run` on before anything is parsed.
    commands.add_parser("run", help="run a script with fastshesha in the place of shesha")
    return parser


def _commands() -> dict[str, tuple[Callable[[argparse.ArgumentParser], None], dict[str, Any]]]:
    """What may follow each command, and what is said about it."""
    # What is not typed is left out.
    typed: dict[str, Any] = {"argument_default": argparse.SUPPRESS}
    return {
        "demo": (_add_demo, {"help": "run the training-drift job"}),
        "score": (_add_score, {**_SCORE, **typed, "epilog": _options_by_metric()}),
        "estimate": (_add_metric, {**_ESTIMATE, **typed}),
        "shard": (_add_shard, {**_SHARD, **typed}),
        "merge": (_add_merge, _MERGE),
        "monitor": (_add_monitor, _MONITOR),
        "compare": (_add_compare, _COMPARE),
    }


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", metavar="DIR", default=".", help="where to write (default: here)")
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def _add_monitor(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    files = "one file per epoch in order, or a folder of them in the order of their numbers"
    add("files", metavar="FILE", nargs="+", help=f"{files}: {_ARRAY_HELP}")
    add("--labels", metavar="FILE", help=f"labels, one per row: {_ARRAY_HELP}")
    add("--loss", metavar="FILE", help=f"training losses, one per epoch: {_ARRAY_HELP}")
    add("--patience", type=whole_number(1), default=3, metavar="N", help="epochs before an alarm")
    add("--seed", type=whole_number(0), default=320, metavar="N", help="seed of every random draw")
    add("--html", metavar="FILE", help="write a page with pictures")
    add("--json", action="store_true", help="print JSON instead of a table")


def _add_compare(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("before", metavar="BEFORE", help=f"embeddings: {_ARRAY_HELP}")
    add("after", metavar="AFTER", help="embeddings of the same samples")
    add("--metric", choices=COMPARISONS, default="rdm_similarity", help="what to compute")
    add("--fail-below", type=number, metavar="X", help="exit with 2 if the value is smaller")
    add("--fail-above", type=number, metavar="X", help="exit with 2 if the value is larger")


def number(text: str) -> float:
    """Convert a finite number."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not a finite number")
    return value


def _options_by_metric() -> str:
    lines = [f"  {name}: {metric.flags}" for name, metric in METRICS.items()]
    return "\n".join(["which metric takes which options:", *lines])


def _add_score(parser: argparse.ArgumentParser) -> None:
    _add_metric(parser)
    checkpoint = "file to keep streamed pairs in; the same command goes on from it"
    parser.add_argument("--checkpoint", metavar="FILE", help=checkpoint)


def _add_shard(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shard", type=share, metavar="K/N", help="shard K of N, K from 1 to N")
    _add_metric(parser)
    parser.add_argument("--out", metavar="STATE", required=True, help="file to write")


def _add_merge(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("parts", metavar="STATE", nargs="+", help="the files of all shards, in any order")
    mixed = "accept shards of processors with and without AVX2"
    add("--allow-mixed-kernels", action="store_true", help=mixed)
    _add_running(parser)


def _add_running(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--threads", type=whole_number(1), metavar="N", help="threads to use")
    parser.add_argument("--progress", action="store_true", help="a bar for streamed pairs (tqdm)")


def share(text: str) -> tuple[int, int]:
    """Convert a shard, written as ``3/8``."""
    number, _, n_shards = text.partition("/")
    if number.isdecimal() and n_shards.isdecimal() and 1 <= int(number) <= int(n_shards):
        return int(number), int(n_shards)
    raise argparse.ArgumentTypeError(f"{text!r} is no shard K/N with K from 1 to N")


def _add_metric(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("file", metavar="FILE", help=f"embeddings, one row per sample: {_ARRAY_HELP}")
    add("--metric", required=True, choices=list(METRICS), help="what to compute")
    add("--labels", metavar="FILE", help=f"labels, one per row: {_ARRAY_HELP}")
    add("--other", metavar="FILE", help=f"embeddings to compare with: {_ARRAY_HELP}")
    add("--seed", type=whole_number(0), metavar="N", help="seed of every random draw")
    add("--n-splits", type=whole_number(1), metavar="N", help="random feature partitions")
    add("--distance", choices=["cosine", "correlation", "euclidean"], help="distance of two rows")
    add("--method", choices=["spearman", "pearson"], help="correlation of the distances")
    add("--max-samples", type=row_limit, metavar="N|none", help="rows used at most")
    add("--max-pairs", type=pair_limit, metavar="N", help="random pairs compared at most, as 1e8")
    add(
        "--nan-policy",
        choices=["raise", "omit", "propagate", "replace"],
        help="what to do about undefined distances",
    )
    add("--n-bootstrap-ci", type=whole_number(1), metavar="N", help="bootstrap replicates")
    add("--ci", type=level, metavar="LEVEL", help="level of the interval")
    exact = "pairs that are ranked exactly; more are streamed (2^28)"
    add("--exact-pairs", type=whole_number(1), metavar="N", help=exact)
    _add_running(parser)


def whole_number(smallest: int) -> Callable[[str], int]:
    """Return a converter of option values that accepts whole numbers from `smallest` on."""

    def convert(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = smallest - 1
        if value < smallest:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a whole number of at least {smallest}"
            )
        return value

    return convert


def row_limit(text: str) -> int | None:
    """Convert a number of rows, or ``none`` for all of them."""
    if text == "none":
        return None
    try:
        return whole_number(1)(text)
    except argparse.ArgumentTypeError:
        message = f"{text!r} is neither a whole number of at least 1 nor 'none'"
        raise argparse.ArgumentTypeError(message) from None


def pair_limit(text: str) -> int:
    """Convert a number of pairs, which may be written as ``1e8``."""
    pairs = number(text)
    if pairs < 1 or pairs != math.floor(pairs):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(pairs)


def level(text: str) -> float:
    """Convert a confidence level, a number strictly between 0 and 1."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number between 0 and 1")
    return value
