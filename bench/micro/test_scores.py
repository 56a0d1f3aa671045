"""Every score of the shared interface, once, on all cores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.contest import difference
from bench.data import Data
from bench.micro.cases import SCORES, our_call, pinned
from bench.micro.figures import ROUNDS, Figure, note
from bench.scenario import Scenario
from bench.worker import named, numbers, opened

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture


# Two of the scores are deprecated, here as in the original.
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("case", SCORES, ids=lambda case: case.name)
def test_score(case: Scenario, data: Data, benchmark: BenchmarkFixture) -> None:
    call, tolerance = our_call(case, data)
    arguments = [opened(path) for path in call.arguments]
    found = benchmark.pedantic(named(call.function), arguments, call.options, **ROUNDS)
    assert difference(numbers(found), pinned()[case.name]) <= tolerance
    n_values = sum(argument.size for argument in arguments)
    note(benchmark, lambda seconds: [Figure(1e9 * seconds / n_values, "ns a value of the input")])
