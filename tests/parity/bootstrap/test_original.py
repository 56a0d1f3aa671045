"""Bootstraps agree with the original's, in both forms."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

import fastshesha
from fastshesha._validate import CORRELATION_METHODS, RDM_METRICS, SPLIT_METRICS
from oracle.client import Oracle
from oracle.wire import observe
from parity.bootstrap.families import FAMILIES, LAYOUTS, matrix
from parity.differential.compare import differences_of

# Overflow is told by other rules there: its norms are infinite before its distances are.
COMPARED = sorted(set(FAMILIES) - {"huge"})
SIZES = (6, 13, 50)
RETURN_TYPES = ("float", "result")


def compare(oracle: Oracle, name: str, *args: Any, **options: Any) -> list[str]:
    options |= {"n_bootstrap_ci": 18}
    expected = oracle.call(f"shesha.{name}", *args, **options)
    found = differences_of(observe(getattr(fastshesha, name), args, options), expected)
    return [f"{line} with {options}" for line in found]


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("family", COMPARED)
def test_rdm_similarity(family: str, n: int, oracle: Oracle) -> None:
    choices = product(RDM_METRICS, CORRELATION_METHODS, ("raise", "omit", "replace"), RETURN_TYPES)
    for k, (metric, method, nan_policy, return_type) in enumerate(choices):
        X = matrix(family, n, 5, (n, k), sorted(LAYOUTS)[k % len(LAYOUTS)])
        Y = matrix(family, n, 8, (n, k, 1))
        assert not compare(
            oracle, "rdm_drift" if k % 5 == 0 else "rdm_similarity", X, Y, method=method,
            metric=metric, nan_policy=nan_policy, return_type=return_type, seed=k,
        )  # fmt: skip


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("family", COMPARED)
def test_feature_split(family: str, n: int, oracle: Oracle) -> None:
    policies = ("raise", "omit", "propagate", "replace")
    choices = product(SPLIT_METRICS, policies, RETURN_TYPES, (4, 9))
    for k, (metric, nan_policy, return_type, d) in enumerate(choices):
        X = matrix(family, n, d, (n, k), sorted(LAYOUTS)[k % len(LAYOUTS)])
        assert not compare(
            oracle, "feature_split", X, n_splits=4, metric=metric, nan_policy=nan_policy,
            return_type=return_type, seed=k,
        )  # fmt: skip
