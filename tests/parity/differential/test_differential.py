"""Random calls agree with the original: value, exception type, warning categories.

One failing case is repeated with ``pytest tests/parity/differential --case NUMBER``.
"""

from __future__ import annotations

import math
import pkgutil
from collections import Counter

import pytest

from oracle.client import Oracle
from oracle.wire import Outcome, observe

from .cases import Case, draw_case
from .compare import TOLERANCE
from .conftest import Run
from .functions import FUNCTIONS
from .intended import IntendedDifferences
from .spread import agree

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


def our_outcome(case: Case) -> Outcome:
    return observe(pkgutil.resolve_name(f"fastshesha.{case.function}"), case.args, case.kwargs)


def originals_of(
    numbers: range, oracle: Oracle, other_kernels: list[Oracle]
) -> dict[int, list[Outcome]]:
    """What the original does in every case; behind the BLAS, on every kernel."""
    answers = oracle.call_many(draw_case(number).request() for number in numbers)
    originals = {number: [answer] for number, answer in zip(numbers, answers, strict=True)}
    behind = [number for number in numbers if draw_case(number).needs_blas]
    for other in other_kernels:
        answers = other.call_many(draw_case(number).request() for number in behind)
        for number, answer in zip(behind, answers, strict=True):
            originals[number].append(answer)
    return originals


def test_random_calls_agree_with_the_original(
    numbers: range,
    oracle: Oracle,
    other_kernels: list[Oracle],
    intended: IntendedDifferences,
    cases_run: Run,
) -> None:
    failures = []
    for number, originals in originals_of(numbers, oracle, other_kernels).items():
        # Drawn afresh: a generator among the arguments is used up by a call.
        case = draw_case(number)
        ours = our_outcome(draw_case(number))
        agreement = agree(ours, originals)
        cases_run.record(case, agreement)
        if agreement.differences and not intended.explain(case, ours, originals[0]):
            failures.append("\n    ".join([str(case), *agreement.differences]))
    assert not failures, f"{len(failures)} cases differ:\n" + "\n".join(failures[:SHOWN])


def all_cases(request: pytest.FixtureRequest, cases_run: Run) -> int:
    """How many cases a whole run has; skip the test after a part of them."""
    total: int = request.config.getoption("cases")
    if len(cases_run.functions) < total:
        pytest.skip("only some of the cases were run")
    return total


def test_every_intended_difference_is_met(
    request: pytest.FixtureRequest, intended: IntendedDifferences, cases_run: Run
) -> None:
    all_cases(request, cases_run)
    assert not intended.unused(), f"rows of the table that no case met: {intended.unused()}"


def test_every_function_is_called_often(request: pytest.FixtureRequest, cases_run: Run) -> None:
    total = all_cases(request, cases_run)
    calls = Counter(cases_run.functions.values())
    assert min(calls[function] for function in FUNCTIONS) >= total / 60, calls


def test_the_original_leaves_few_cases_open(request: pytest.FixtureRequest, cases_run: Run) -> None:
    """A wide spread proves nothing of ours: most cases behind the BLAS must be well determined."""
    all_cases(request, cases_run)
    spreads = list(cases_run.spreads.values())
    n_open = sum(math.isinf(spread) or spread > 1e-9 for spread in spreads)
    n_wide = sum(10 * spread > TOLERANCE for spread in spreads)
    assert n_open <= 0.06 * len(spreads), f"{n_open} of {len(spreads)}"
    assert n_wide <= 0.2 * len(spreads), f"{n_wide} of {len(spreads)}"
