"""Random and adverse matrices: a streamed correlation never leaves its bound."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scale.families import ADVERSE, FREE_OF_TIES, WITH_TIES
from scale.reference import exact, exact_without_ties, halves, streamed

FAMILIES = {**FREE_OF_TIES, **WITH_TIES, **ADVERSE}
METRICS = ("cosine", "correlation", "euclidean")
IN_EVERY_RUN = 24
IN_ALL = 360


def within_bound(case: int) -> None:
    """Compare one case, whose number decides about everything."""
    rng = np.random.default_rng([1, case])
    family = list(FAMILIES)[case % len(FAMILIES)]
    metric = METRICS[case // len(FAMILIES) % len(METRICS)]
    n_samples, n_features = int(rng.integers(64, 600)), int(rng.integers(8, 80))
    sides = halves(rng, FAMILIES[family](rng, n_samples, n_features), metric)
    expected, found = exact(sides), streamed(sides)
    assert math.isfinite(expected), (family, metric)
    assert found.n_undefined == 0
    assert abs(found.value - expected) <= found.error_bound, (family, metric)
    # A bound that says nothing would be kept by anything.
    assert found.error_bound < 5e-3 or family in ADVERSE, (family, metric)


@pytest.mark.parametrize("case", range(IN_EVERY_RUN))
def test_a_slice_of_the_cases(case: int) -> None:
    within_bound(case)


@pytest.mark.exhaustive_streaming
@pytest.mark.parametrize("case", range(IN_EVERY_RUN, IN_ALL))
def test_all_other_cases(case: int) -> None:
    within_bound(case)


@pytest.mark.parametrize("family", FREE_OF_TIES)
def test_without_ties_the_error_is_tiny(family: str) -> None:
    rng = np.random.default_rng([7, len(family)])
    sides = halves(rng, FREE_OF_TIES[family](rng, 3000, 32), METRICS[len(family) % 3])
    assert abs(streamed(sides).value - exact_without_ties(sides)) <= 1e-7
