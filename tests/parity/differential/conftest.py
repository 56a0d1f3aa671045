"""The originals that a call is compared with, and what a run of the cases leaves behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from oracle.client import Oracle

from .cases import Case
from .spread import KERNELS, Agreement


@dataclass
class Run:
    """The cases that were made, and the spread of those behind the BLAS."""

    functions: dict[int, str] = field(default_factory=dict)
    spreads: dict[int, float] = field(default_factory=dict)

    def record(self, case: Case, agreement: Agreement) -> None:
        self.functions[case.number] = case.function
        if case.needs_blas:
            self.spreads[case.number] = agreement.spread

    def write(self, path: Path) -> None:
        """Leave the measured spreads as JSON: case, function, spread."""
        rows = [[number, self.functions[number], repr(s)] for number, s in self.spreads.items()]
        path.write_text(json.dumps(rows, indent=0), encoding="utf-8")


@pytest.fixture(scope="module")
def cases_run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """What this run has come through; the spreads are written where ``--spreads`` says."""
    run = Run()
    yield run
    if path := request.config.getoption("spreads"):
        run.write(Path(path))


@pytest.fixture(scope="session")
def other_kernels(oracle_python: str) -> Iterator[list[Oracle]]:
    """The original on other kernels of the BLAS than the processor's own."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(Oracle(oracle_python, OPENBLAS_CORETYPE=kernel))
            for kernel in KERNELS
        ]
