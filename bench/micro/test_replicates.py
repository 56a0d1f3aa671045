"""Bootstraps of few and of many replicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import fastshesha
from bench.contest import difference
from bench.data import Data
from bench.micro.cases import REPLICATED, our_call, pinned
from bench.micro.figures import ROUNDS, Figure, note
from bench.worker import numbers

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture


@pytest.mark.parametrize("n_replicates", REPLICATED)
def test_replicates(n_replicates: int, data: Data, benchmark: BenchmarkFixture) -> None:
    case = REPLICATED[n_replicates]
    call, tolerance = our_call(case, data)
    matrices = [np.load(path) for path in call.arguments]
    found = benchmark.pedantic(fastshesha.rdm_similarity, matrices, call.options, **ROUNDS)
    assert difference(numbers(found), pinned()[case.name]) <= tolerance
    note(benchmark, lambda seconds: [Figure(1e6 * seconds / n_replicates, "us a replicate")])
