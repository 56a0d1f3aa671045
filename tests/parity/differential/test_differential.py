"""Random calls agree with the original: value, exception type, warning categories.

One failing case is repeated with ``pytest tests/parity/differential --case NUMBER``.
"""

from __future__ import annotations

import pkgutil

import pytest

from oracle.client import Oracle
from oracle.wire import Outcome, observe

from .cases import Case, draw_case
from .compare import differences_of
from .intended import IntendedDifferences

CASES_PER_CHUNK = 60
SHOWN = 8


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "numbers" not in metafunc.fixturenames:
        return
    one, total = metafunc.config.getoption("case"), metafunc.config.getoption("cases")
    starts = range(0, total, CASES_PER_CHUNK)
    chunks = [range(start, min(start + CASES_PER_CHUNK, total)) for start in starts]
    if one is not None:
        chunks = [range(one, one + 1)]
    names = [f"{chunk.start}-{chunk.stop - 1}" for chunk in chunks]
    metafunc.parametrize("numbers", chunks, ids=names)


@pytest.fixture(scope="module")
def intended() -> IntendedDifferences:
    return IntendedDifferences.from_file()


@pytest.fixture(scope="module")
def cases_run() -> set[int]:
    """Numbers of the cases this run has come through."""
    return set()


def our_outcome(case: Case) -> Outcome:
    return observe(pkgutil.resolve_name(f"fastshesha.{case.function}"), case.args, case.kwargs)


def test_random_calls_agree_with_the_original(
    numbers: range, oracle: Oracle, intended: IntendedDifferences, cases_run: set[int]
) -> None:
    originals = oracle.call_many(draw_case(number).request() for number in numbers)
    failures = []
    for number, original in zip(numbers, originals, strict=True):
        # Drawn afresh: a generator among the arguments is used up by a call.
        case = draw_case(number)
        ours = our_outcome(draw_case(number))
        found = differences_of(ours, original)
        if found and not intended.explain(case, ours, original):
            failures.append("\n    ".join([str(case), *found]))
    cases_run.update(numbers)
    assert not failures, f"{len(failures)} cases differ:\n" + "\n".join(failures[:SHOWN])


def test_every_intended_difference_is_met(
    request: pytest.FixtureRequest, intended: IntendedDifferences, cases_run: set[int]
) -> None:
    if len(cases_run) < request.config.getoption("cases"):
        pytest.skip("only some of the cases were run")
    assert not intended.unused(), f"rows of the table that no case met: {intended.unused()}"
