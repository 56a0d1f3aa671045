"""What a second thread gains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import fastshesha
from bench.contest import difference
from bench.data import Data
from bench.machine import available_cores
from bench.micro.cases import LARGE_SPLITS, our_call, pinned
from bench.micro.figures import Beside, Figure, note
from bench.scenario import Scenario

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture


@pytest.mark.skipif(available_cores() < 2, reason="two threads need two cores")
@pytest.mark.parametrize("case", [LARGE_SPLITS], ids=lambda case: case.name)
def test_two_threads(case: Scenario, data: Data, benchmark: BenchmarkFixture) -> None:
    call, tolerance = our_call(case, data)
    X = np.load(call.arguments[0])

    def on(n_threads: int) -> Any:
        with fastshesha.config(threads=n_threads):
            return fastshesha.feature_split(X, **call.options)

    single = Beside(lambda: on(1))
    found = benchmark.pedantic(lambda: on(2), setup=single, rounds=3, warmup_rounds=1)
    assert found == single.value
    assert difference([found], pinned()[case.name]) <= tolerance
    note(benchmark, lambda s: [Figure(single.median / s, "times as fast as one", ">= 1.85")])
