"""Scores from fused products are those of SciPy's bits, however close distances lie.

The baseline kernels have no fused products, so their scores rest on exact distances alone. Ranks
are integers: any wrong order of two distances shows in the score's bits.
"""

from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from fastshesha import _core

Matrix = NDArray[np.float64]

pytestmark = pytest.mark.parametrize("level", ["avx2", "avx512"], indirect=True)


def scores(X: Matrix, level: str, metric: str, n_threads: int = 2) -> Matrix:
    _core._force_simd_level(level)
    rng = np.random.default_rng(1)
    halves = np.stack([rng.permutation(X.shape[1]) for _ in range(4)])
    half = X.shape[1] // 2
    first, second = halves[:, :half].copy(), halves[:, half : 2 * half].copy()
    return _core.feature_split_scores(X, first, second, metric, "omit", n_threads, sys.maxsize)[0]


def assert_same_scores(X: Matrix, level: str) -> None:
    """Also where threads rank a split together, as they do when there are more than splits."""
    for metric in ("cosine", "correlation"):
        expected = scores(X, "baseline", metric).tobytes()
        for n_threads in (2, 5):
            assert scores(X, level, metric, n_threads).tobytes() == expected


@pytest.mark.parametrize("n_near", [2, 8, 60, 200])
@pytest.mark.parametrize("noise", [0.0, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12])
def test_rows_that_nearly_repeat(noise: float, n_near: int, level: str) -> None:
    rng = np.random.default_rng(n_near)
    X = rng.standard_normal((240, 37))
    X[:n_near] = X[n_near : 2 * n_near] if n_near <= 120 else X[0]
    X[:n_near] *= 1.0 + noise * rng.standard_normal((n_near, 37))
    assert_same_scores(X, level)


@pytest.mark.parametrize("noise", [0.0, 1e-16, 1e-15, 1e-14, 1e-13])
def test_one_row_that_nearly_repeats(noise: float, level: str) -> None:
    """Few enough near-ties for all of them to be computed again one by one."""
    rng = np.random.default_rng(7)
    X = rng.standard_normal((1200, 37))
    X[0] = X[1] * (1.0 + noise * rng.standard_normal(37))
    assert_same_scores(X, level)


@pytest.mark.parametrize("scale", [1e-200, 1e-120, 1.0, 1e120, 1e200])
def test_any_scale(scale: float, level: str) -> None:
    assert_same_scores(scale * np.random.default_rng(2).standard_normal((90, 30)), level)


def test_an_outlying_feature(level: str) -> None:
    X = np.random.default_rng(3).standard_normal((300, 64))
    X[:, 5] *= 1e3
    X[:, 6] = 1e6 + X[:, 6]
    assert_same_scores(X, level)


@pytest.mark.parametrize("n_features", [36, 37])
@pytest.mark.parametrize("offset", [0.0, 1.0, 30.0, 1e3])
@pytest.mark.parametrize("n_heavy", [0, 1, 3, 12])
def test_heavy_features_and_means(n_features: int, offset: float, n_heavy: int, level: str) -> None:
    """What is a term of its own in grouped splits, with rows that hardly differ."""
    rng = np.random.default_rng(n_features)
    for heaviness in (30.0, 1e4):
        for noise in (0.0, 1e-14):
            X = offset + rng.standard_normal((110, n_features))
            X[:, rng.permutation(n_features)[:n_heavy]] *= heaviness
            X[:6] = X[6:12] * (1.0 + noise * rng.standard_normal((6, n_features)))
            assert_same_scores(X / np.linalg.norm(X, axis=1, keepdims=True), level)


def test_tied_data(level: str) -> None:
    rng = np.random.default_rng(4)
    assert_same_scores((rng.random((150, 40)) < 0.1).astype(float), level)
    assert_same_scores(rng.integers(0, 3, (150, 40)).astype(float), level)
    assert_same_scores(rng.standard_normal((5, 40))[rng.integers(0, 5, 150)], level)


@pytest.mark.parametrize("n_sparse", [5, 10, 25])
def test_many_equal_distances_of_one_half(n_sparse: int, level: str) -> None:
    """Rows without a common feature but one: in the half without it their distances are 1."""
    rng = np.random.default_rng(n_sparse)
    X = rng.standard_normal((500, 64))
    own = np.array_split(rng.permutation(np.arange(1, 64)), n_sparse)
    for row, features in enumerate(own):
        X[row] = 0.0
        X[row, features] = rng.standard_normal(features.size)
        X[row, 0] = rng.uniform(0.5, 2.0)
    assert_same_scores(X, level)


def test_one_distance_far_from_all_others(level: str) -> None:
    """Almost all distances fall into a small part of their range."""
    X = np.random.default_rng(5).standard_normal((200, 4000))
    X[0] = X[1]
    assert_same_scores(X, level)


def test_more_splits_than_threads_share_work_space(level: str) -> None:
    """A split's score does not depend on the one its thread scored before."""
    X = np.random.default_rng(6).standard_normal((120, 21))
    assert np.unique(scores(X, level, "cosine")).size == 4
    assert_same_scores(X, level)
