"""Time fastshesha beside the original and beside what one would use instead.

    python -m bench.compare --environments FOLDER --out FOLDER

All contestants of a scenario take turns in processes and environments of their own, on as many
threads each; environments are made when first needed and kept in the folder. Numbers are compared
in every turn: seconds of numbers that differ are refused. The report (Markdown, JSON, a plot) is
written anew after every scenario. Run it from the root of the repository, on an idle machine.

Exit status 0: everything was measured; 1: a scenario was refused. A target that was missed stands
in the report and is no error.
"""

from __future__ import annotations

import argparse
import functools
import re
import shlex
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.data import Data
from bench.environments import python_of
from bench.limit import Peak
from bench.machine import available_cores, describe
from bench.measuring import Conditions, Measured, measure
from bench.report import write_report
from bench.scenario import ORIGINAL, OURS, Scenario
from bench.scenarios import SCENARIOS
from bench.table import summary


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.compare",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--environments", type=Path, default=Path("bench-environments"))
    parser.add_argument("--out", type=Path, default=Path("bench-output"))
    parser.add_argument("--readme", action="store_true", help="put the table into bench/README.md")
    parser.add_argument("--only", default="", metavar="PATTERN", help="names it is found in")
    parser.add_argument("--repeats", type=int, default=3, help="rounds of every scenario")
    parser.add_argument("--threads", type=int, default=available_cores(), help="of everybody")
    parser.add_argument("--list", action="store_true", help="print the scenarios and their targets")
    parser.add_argument(
        "--quick", action="store_true", help="the smallest shapes, one round, the original only"
    )
    options = parser.parse_args(arguments)
    if options.repeats < 1 or options.threads < 1:
        parser.error("--repeats and --threads must be at least 1")
    if options.quick:
        options.repeats = 1
    return options


def selected(pattern: str, quick: bool) -> list[Scenario]:
    found = [s for s in SCENARIOS if re.search(pattern, s.name) and (s.quick or not quick)]
    if not found:
        raise SystemExit(f"no scenario's name contains {pattern!r}; --list prints them all")
    return found


def listed(scenario: Scenario) -> str:
    goals = [f"{target:g} x {name}" for name, target in scenario.targets.items()]
    goals += [f"{scenario.share_target:.0%} of the limit"] if scenario.share_target else []
    goals += ["less memory"] if scenario.less_memory else []
    return f"{scenario.name}: {', '.join(goals) or 'no target'}"


def run(scenario: Scenario, conditions: Conditions, quick: bool) -> Measured:
    """Measure one scenario on data that lie in a folder of its own meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        entries = scenario.entries(Data(Path(folder)))
        if quick:
            entries = [entry for entry in entries if entry.environment in (OURS, ORIGINAL)]
        return measure(scenario, entries, conditions)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    scenarios = selected(options.only, options.quick)
    if options.list:
        print(*map(listed, scenarios), sep="\n")
        return 0
    words = sys.argv[1:] if arguments is None else arguments
    command = shlex.join(["python", "-m", "bench.compare", *words])
    machine = describe(command, options.threads, options.repeats)
    results: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder:
        conditions = Conditions(
            functools.partial(python_of, folder=options.environments.resolve()),
            options.threads,
            options.repeats,
            Peak(Path(folder), options.threads).per_core,
        )
        for scenario in scenarios:
            results.append(run(scenario, conditions, options.quick))
            print(summary(results[-1]), flush=True)
            write_report(options.out, machine, results, into_readme=options.readme)
    return int(any(result.refused for result in results))


if __name__ == "__main__":
    sys.exit(main())
