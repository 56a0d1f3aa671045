"""Splits that share their tiles' products: when they do, and that it changes nothing."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha.scale import pair_plans, shared_splits
from fastshesha.scale.shared_splits import shareable
from scale.families import anisotropic, integers, low_rank
from scale.split_streams import N_SPLITS, splits


@pytest.fixture(params=["cosine", "correlation"])
def metric(request: pytest.FixtureRequest) -> Any:
    return request.param


def massive(rng: np.random.Generator, n: int, d: int) -> Any:
    """A column that holds nearly all of a row's length."""
    X = low_rank(rng, n, d)
    X[:, 5] += 1e5 * rng.choice([-1.0, 1.0], n)
    return X


def far_means(rng: np.random.Generator, n: int, d: int) -> Any:
    """Means of random halves that differ far more than what varies around the mean of a row."""
    X = low_rank(rng, n, d)
    X[:, ::2] += 1e4 * rng.standard_normal((n, 1))
    return X


@pytest.mark.parametrize(
    ("make", "n_features"),
    [
        (anisotropic, 200),
        (anisotropic, 201),
        (integers, 200),
        (massive, 200),
        (massive, 201),
        (far_means, 200),
        (far_means, 201),
        (low_rank, 100),
        (low_rank, 127),
    ],
)
def test_what_would_lose_digits_is_not_shared(make: Any, n_features: int, metric: str) -> None:
    X = make(np.random.default_rng(2), 300, n_features)
    ready = splits(X, pair_plans.all_pairs(len(X), X.shape[1]), metric)
    assert len(ready) == N_SPLITS
    assert shareable(ready) == {}


def test_squared_distances_are_not_shared() -> None:
    X = low_rank(np.random.default_rng(2), 300, 200)
    assert shareable(splits(X, pair_plans.all_pairs(*X.shape), "euclidean")) == {}


def test_column_that_is_left_out_may_cost_too_many_digits() -> None:
    """Splits that do without it share products until there is one that does not."""
    X = low_rank(np.random.default_rng(2), 300, 201)
    X[:, 7] *= 1e4
    plan = pair_plans.all_pairs(*X.shape)
    ready = splits(X, plan, columns=np.delete(np.arange(201), 7))
    assert len(shareable(ready)) == N_SPLITS
    other = splits(X, plan, columns=np.arange(200))[0]
    ready[N_SPLITS] = replace(other, stream=replace(other.stream, is_single=True))
    assert shareable(ready) == {}


def test_splits_that_leave_out_more_are_not_shared() -> None:
    X = low_rank(np.random.default_rng(2), 300, 202)
    plan = pair_plans.all_pairs(*X.shape)
    ready = splits(X, plan, columns=np.arange(200))
    assert len(shareable(ready)) == N_SPLITS
    ready[N_SPLITS] = splits(X, plan)[0]
    assert shareable(ready) == {}


@pytest.mark.parametrize("n_features", [160, 161])
@pytest.mark.parametrize("nan_policy", ["omit", "replace"])
def test_scores_do_not_tell_whether_products_are_shared(
    nan_policy: Any, n_features: int, metric: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    X = low_rank(np.random.default_rng(3), 700, n_features)
    X[[5, 6, 7]] = 0.0
    options: Any = {
        "metric": metric,
        "n_splits": 7,
        "seed": 4,
        "max_samples": None,
        "nan_policy": nan_policy,
        "return_all_splits": True,
    }

    def scores(max_pairs: int | None = None) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told: Any = fastshesha.feature_split(X, **options, max_pairs=max_pairs)
            return told["split_scores"]

    monkeypatch.setattr(shared_splits, "MOST_SHARING", 3)
    monkeypatch.setattr("fastshesha.scale.split_scores.SPLITS_AT_ONCE", 4)
    exact = scores()
    with fastshesha.config(exact_pairs=1000):
        shared, sampled = scores(), scores(60_000)
        monkeypatch.setattr(shared_splits, "FEWEST_SHARING", 100)
        alone, alone_sampled = scores(), scores(60_000)
    assert np.abs(np.subtract(shared, exact)).max() <= 1e-7
    assert np.abs(np.subtract(shared, alone)).max() <= 1e-8
    assert np.abs(np.subtract(sampled, alone_sampled)).max() <= 1e-6
    # Replaced distances are all the same, and such ties ask for float64.
    was_shared = not np.array_equal(shared, alone) and not np.array_equal(sampled, alone_sampled)
    assert was_shared == (nan_policy == "omit")
