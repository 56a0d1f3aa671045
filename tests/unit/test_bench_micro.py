"""The micro-benchmarks: figures are told with their targets, and every case has its numbers."""

from __future__ import annotations

import numpy as np
import pytest

from bench.micro.cases import CASES, pinned
from bench.micro.figures import Beside, Figure, Row, markdown
from bench.micro.vectors import KINDS, average_ranks, vector

MACHINE = {
    "date": "2000-01-01",
    "processor": "abacus",
    "cores": 2,
    "load": 0.0,
    "fastshesha": "0",
    "python": "3",
    "numpy": "2",
}


def test_figures_stand_in_a_table_with_their_targets() -> None:
    figures = (Figure(21.44, "GF/s"), Figure(78.91, "% of the peak", ">= 80"))
    text = markdown(MACHINE, [Row("distances: cosine", 0.0831, figures), Row("others", 2.0, ())])
    assert text.splitlines()[-2:] == [
        "| distances: cosine | 83.1 ms | 21.4 GF/s, 78.9 % of the peak (>= 80) |",
        "| others | 2 s |  |",
    ]


def test_every_case_has_numbers_and_no_number_is_left_over() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert set(pinned()) == set(names)


def test_what_runs_beside_is_timed_every_time() -> None:
    beside = Beside(lambda: 3)
    beside()
    beside()
    assert beside.value == 3
    assert len(beside.seconds) == 2
    beside.seconds = [9.0, 1.0, 2.0, 3.0]
    assert beside.median == 2.0


@pytest.mark.parametrize("kind", KINDS)
def test_levels_are_the_order_of_the_values(kind: str) -> None:
    made = vector(kind, 200, 1)
    assert np.array_equal(np.unique(made.values, return_inverse=True)[1], made.levels)
    assert average_ranks(made.levels).tolist() == average_ranks_one_by_one(made.values.tolist())


def average_ranks_one_by_one(values: list[float]) -> list[float]:
    return [sum((a < b) + (a == b) / 2 for a in values) + 0.5 for b in values]
