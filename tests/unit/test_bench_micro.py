"""The micro-benchmarks: figures are told with their targets, and every case has its numbers."""

from __future__ import annotations

import numpy as np
import pytest

from bench.micro.cases import CASES, pinned
from bench.micro.figures import Beside, Figure, Row, markdown
from bench.micro.vectors import KINDS, spearman, vector
from unit.plain import spearman as plain_spearman

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
    assert beside.median > 0


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "all equal"])
def test_levels_are_the_order_of_the_values(kind: str) -> None:
    a, b = (vector(kind, 200, seed) for seed in range(2))
    assert np.array_equal(np.unique(a.values, return_inverse=True)[1], a.levels)
    assert spearman(a.levels, b.levels) == pytest.approx(plain_spearman(a.values, b.values))
