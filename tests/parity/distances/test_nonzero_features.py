"""Rows of which few features are not zero have the bits of SciPy's distances, as all others."""

from __future__ import annotations

import numpy as np
import pytest

import fastshesha
from fastshesha import _core
from oracle.client import Oracle
from parity.distances.factors import LEVELS, Array

pytestmark = [
    pytest.mark.parametrize("level", LEVELS, indirect=True),
    pytest.mark.usefixtures("level"),
]


def sparse_rows(density: float, n_samples: int, n_features: int, seed: int = 3) -> Array:
    """Zeros of both signs around normal values; the first row is zero, the second is not."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n_samples, n_features))
    X[rng.random(X.shape) >= density] = 0.0
    X[0] = 0.0
    X[rng.random(X.shape) < 0.5] *= -1.0
    return X


def same_bits(expected: Array, found: Array) -> bool:
    """NaN by position, and a zero's sign, too."""
    undefined = np.isnan(expected)
    return np.array_equal(undefined, np.isnan(found)) and np.array_equal(
        expected[~undefined].view(np.int64), found[~undefined].view(np.int64)
    )


@pytest.mark.parametrize("density", [0.0, 0.01, 0.1, 0.33, 0.37])
@pytest.mark.parametrize("n_features", [1, 2, 3, 64, 385])
def test_pairs_of_one_set(density: float, n_features: int, oracle: Oracle) -> None:
    X = sparse_rows(density, 90, n_features)
    expected = oracle.call("scipy.spatial.distance.pdist", X, metric="cosine").value
    for n_threads in (1, 2):
        assert same_bits(expected, _core.condensed_distances(X, "cosine", n_threads))


@pytest.mark.parametrize("of_others", [0.1, 1.0])
def test_pairs_of_two_sets(of_others: float, oracle: Oracle) -> None:
    A, B = sparse_rows(0.1, 50, 65), sparse_rows(of_others, 70, 65, seed=4)
    for rows, others in ((A, B), (B, A)):
        expected = oracle.call("scipy.spatial.distance.cdist", rows, others, metric="cosine").value
        found = _core.cross_distances(rows, others, "cosine", 2)
        assert same_bits(expected.ravel(), np.asarray(found).ravel())


@pytest.mark.parametrize("share", [0.45, 0.5, 0.55, 1.0])
def test_a_row_with_many_more(share: float, oracle: Oracle) -> None:
    X = sparse_rows(0.05, 60, 101)
    X[37, : round(share * 101)] = 1.25
    expected = oracle.call("scipy.spatial.distance.pdist", X, metric="cosine").value
    assert same_bits(expected, _core.condensed_distances(X, "cosine", 2))


# The product of zero with what is not finite is no zero.
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e200, 5e-324])
def test_extreme_values(value: float, oracle: Oracle) -> None:
    X = sparse_rows(0.1, 40, 33)
    X[5, 7] = value
    expected = oracle.call("scipy.spatial.distance.pdist", X, metric="cosine").value
    assert same_bits(expected, _core.condensed_distances(X, "cosine", 2))


@pytest.mark.parametrize("values", ["continuous", "binary"])
def test_feature_splits(values: str, oracle: Oracle) -> None:
    X = np.abs(sparse_rows(0.1, 120, 81))[1:]
    X[:, :10] = 1.0
    X = X if values == "continuous" else np.sign(X)
    expected = oracle.call("shesha.feature_split", X, n_splits=4, seed=2).value
    assert fastshesha.feature_split(X, n_splits=4, seed=2) == pytest.approx(expected, abs=1e-14)
