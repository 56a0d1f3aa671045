"""Write down what the original gives for the calls of the micro-benchmarks.

``python -m bench.micro.pin`` takes some five minutes, most of them for 1,600 replicates, and writes
``pinned.json``; ``--only PATTERN`` replaces the numbers of some calls. Run it from the root of the
repository. The original is the one pinned in ``tests/oracle/requirements.lock``.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from contextlib import closing
from pathlib import Path

from bench.contest import Contestant
from bench.data import Data
from bench.environments import python_of
from bench.machine import available_cores
from bench.micro.cases import CASES, PINNED, pinned
from bench.scenario import ORIGINAL, Scenario


def numbers_of(case: Scenario, original: Contestant) -> list[float]:
    """Make the original's call of a case."""
    with tempfile.TemporaryDirectory() as folder:
        (call,) = case.entries(Data(Path(folder)))[1].turns[0].calls
        return original.time(call).numbers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environments", type=Path, default=Path("bench-environments"))
    parser.add_argument("--only", default="", metavar="PATTERN", help="names it is found in")
    options = parser.parse_args()
    before = pinned() if PINNED.exists() else {}
    kept = {case.name: before[case.name] for case in CASES if case.name in before}
    python = python_of(ORIGINAL, options.environments.resolve())
    with closing(Contestant(ORIGINAL, python, available_cores())) as original:
        for case in CASES:
            if re.search(options.only, case.name):
                kept[case.name] = numbers_of(case, original)
    PINNED.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
