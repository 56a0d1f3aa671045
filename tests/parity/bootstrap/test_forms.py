"""A bootstrap that weighs pairs gives what computing every replicate anew gives."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha._validate import CORRELATION_METHODS, NAN_POLICIES, RDM_METRICS, SPLIT_METRICS
from oracle.wire import Outcome, observe
from parity.bootstrap.families import FAMILIES, LAYOUTS, matrix, resampled
from parity.differential.compare import differences_of

SIZES = (4, 7, 33)
# Two blocks, of which one is not full.
N_BOOTSTRAPS = 18
RETURN_TYPES = ("float", "result")


def told_apart(weighed: Outcome, direct: Outcome) -> list[str]:
    """Differences in numbers, and in the wording of errors and warnings with their counts.

    numpy itself warns of an overflow in every replicate that it scales, or once for all.
    """
    found = differences_of(weighed, direct)
    if weighed.exception != direct.exception or set(weighed.warnings) != set(direct.warnings):
        found.append(f"{weighed[1:]} != {direct[1:]}")
    return found


def compare(function: Any, *args: Any, **options: Any) -> list[str]:
    options |= {"n_bootstrap_ci": N_BOOTSTRAPS, "ci": 0.8}
    weighed = observe(function, args, options)
    found = told_apart(weighed, resampled(function, *args, **options))
    return [f"{line} with {options}" for line in found]


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("family", FAMILIES)
def test_rdm_similarity(family: str, n: int) -> None:
    choices = product(RDM_METRICS, CORRELATION_METHODS, NAN_POLICIES, RETURN_TYPES)
    for k, (metric, method, nan_policy, return_type) in enumerate(choices):
        layout = sorted(LAYOUTS)[k % len(LAYOUTS)]
        other = sorted(FAMILIES)[k % len(FAMILIES)]
        X = matrix(family, n, 5, (n, k), layout)
        Y = matrix(family if k % 3 else other, n, 8, (n, k, 1))
        function = fastshesha.rdm_drift if k % 5 == 0 else fastshesha.rdm_similarity
        assert not compare(
            function, X, Y, method=method, metric=metric, nan_policy=nan_policy,
            return_type=return_type, seed=k,
        )  # fmt: skip


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("family", FAMILIES)
def test_feature_split(family: str, n: int) -> None:
    choices = product(SPLIT_METRICS, NAN_POLICIES, RETURN_TYPES, (4, 9))
    for k, (metric, nan_policy, return_type, d) in enumerate(choices):
        X = matrix(family, n, d, (n, k), sorted(LAYOUTS)[k % len(LAYOUTS)])
        assert not compare(
            fastshesha.feature_split, X, n_splits=5, metric=metric, nan_policy=nan_policy,
            return_type=return_type, seed=k,
        )  # fmt: skip


@pytest.mark.parametrize("return_type", RETURN_TYPES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_many_samples(layout: str, return_type: str) -> None:
    for family in ("normal", "binary", "duplicated rows", "zero rows"):
        X, Y = (matrix(family, 200, 11, (k,), layout) for k in range(2))
        options = {"seed": 3, "nan_policy": "omit", "return_type": return_type}
        assert not compare(fastshesha.feature_split, X, n_splits=4, **options)
        assert not compare(fastshesha.rdm_similarity, X, Y, **options)


@pytest.mark.parametrize(
    "seed", [0, np.int64(7), [1, 2], (3, 4), np.random.SeedSequence(5), np.arange(3)], ids=repr
)
@pytest.mark.parametrize("return_type", RETURN_TYPES)
def test_seeds_that_start_anew(seed: Any, return_type: str) -> None:
    X = matrix("normal", 15, 6, (1,))
    options = {"n_splits": 3, "seed": seed, "return_type": return_type}
    assert not compare(fastshesha.feature_split, X, **options)


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.PCG64])
def test_seeds_that_are_used_up(make: Any) -> None:
    """A generator goes on from one replicate to the next, through draws of rows and of splits."""
    X = matrix("normal", 15, 6, (1,))
    options: dict[str, Any] = {"n_splits": 3, "n_bootstrap_ci": 7}
    outcomes = [
        observe(fastshesha.feature_split, (X,), {"seed": make(5), **options}),
        resampled(fastshesha.feature_split, X, seed=make(5), **options),
    ]
    assert not told_apart(*outcomes)
    repeated = observe(fastshesha.feature_split, (X,), {"seed": 5, **options})
    assert repeated.value != outcomes[0].value


def test_rows_subsampled_in_every_replicate() -> None:
    X = matrix("normal", 30, 6, (1,))
    for return_type in RETURN_TYPES:
        options = {"n_splits": 3, "seed": 2, "max_samples": 12, "return_type": return_type}
        assert not compare(fastshesha.feature_split, X, **options)


def test_partitions_until_a_target() -> None:
    X = matrix("normal", 20, 9, (4,))
    options = {"n_splits": 3, "seed": 2, "target_mc_se": 0.02, "return_type": "result"}
    assert not compare(fastshesha.feature_split, X, **options)
