"""Options, shared data, and the table that is printed after a timed run."""

from __future__ import annotations

import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.data import Data
from bench.limit import Peak
from bench.machine import available_cores, describe
from bench.micro.figures import Row, markdown, row_of

_MACHINE = pytest.StashKey[dict[str, Any]]()
_ROWS = pytest.StashKey[list[Row]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--large", action="store_true", help="rank 5e7 values, too: several GB of memory"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_ROWS] = []
    if not config.getoption("benchmark_disable"):
        # Now, so that the load is that of others.
        config.stash[_MACHINE] = describe(shlex.join(sys.argv), available_cores(), 0)


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Keep the line of a benchmark that gave the right value; leave the report to pytest."""
    benchmark = getattr(item, "funcargs", {}).get("benchmark")
    passed = call.when == "call" and call.excinfo is None
    if passed and benchmark is not None and benchmark.stats is not None:
        item.config.stash[_ROWS].append(row_of(benchmark))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if rows := config.stash[_ROWS]:
        terminalreporter.section("micro-benchmarks")
        terminalreporter.write_line(markdown(config.stash[_MACHINE], rows))


@pytest.fixture(scope="session")
def data() -> Iterator[Data]:
    """A folder that is removed at once: pytest's own would keep the files of three runs."""
    with tempfile.TemporaryDirectory() as folder:
        yield Data(Path(folder))


@pytest.fixture(scope="session")
def peak_rates(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], list[float]]:
    """Measures multiplications and additions a second of a core; nothing without a compiler."""
    if request.config.getoption("benchmark_disable"):
        return list
    return Peak(tmp_path_factory.mktemp("peak"), 1).per_core
