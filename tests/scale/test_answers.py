"""What the public functions answer over streamed and over sampled pairs."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import StabilityResult
from scale.families import clusters, low_rank

RNG = np.random.default_rng(0)
X = low_rank(RNG, 900, 32)
Y = X + RNG.standard_normal(X.shape)
LABELS = (X[:, 0] > 0).astype(int) + (X[:, 1] > 1)
EVERYTHING = 10**9

Call = Callable[..., Any]
CALLS: dict[str, Call] = {
    "feature_split": lambda **options: fastshesha.feature_split(
        X, n_splits=3, seed=1, **{"max_samples": None, **options}
    ),
    "rdm_similarity": lambda **options: fastshesha.rdm_similarity(
        X, Y, metric="euclidean", seed=1, **options
    ),
    "rdm_drift": lambda **options: fastshesha.rdm_drift(
        X, Y, metric="correlation", seed=1, **options
    ),
    "replicate_stability": lambda **options: fastshesha.replicate_stability(
        X, Y, seed=1, **options
    ),
    "supervised_alignment": lambda **options: fastshesha.supervised_alignment(
        X, LABELS, seed=1, **{"max_samples": EVERYTHING, **options}
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_streamed_answers_keep_their_bound(name: str) -> None:
    expected = CALLS[name]()
    with fastshesha.config(exact_pairs=1000):
        streamed = CALLS[name](return_type="result")
        assert CALLS[name]() == streamed.estimate
    assert isinstance(streamed, StabilityResult)
    bound = streamed.metadata["error_bound"]
    assert abs(streamed.estimate - expected) <= bound < 1e-4
    assert abs(streamed.estimate - expected) <= 1e-6
    assert streamed.metadata["n_pairs"] == 900 * 899 // 2
    assert "error_bound" not in CALLS[name](return_type="result").metadata


@pytest.mark.parametrize("name", CALLS)
def test_sampled_answers_tell_their_error(name: str) -> None:
    expected = CALLS[name]()
    result = CALLS[name](max_pairs=60_000, return_type="result")
    told = result.metadata
    assert told["max_pairs"] == 60_000
    assert 50_000 <= told["n_pairs"] <= 60_000
    assert 8 <= told["n_rounds"] <= 15
    assert 1e-6 < told["pair_se"] < 1e-2
    assert abs(result.estimate - expected) <= 6 * told["pair_se"]
    assert told["pair_ci_low"] < result.estimate < told["pair_ci_high"]
    # Half of a t-interval of 8 to 15 rounds, in standard errors.
    half = 0.5 * (told["pair_ci_high"] - told["pair_ci_low"]) / told["pair_se"]
    assert 2.14 < half < 2.37
    assert CALLS[name](max_pairs=6e4) == result.estimate


@pytest.mark.parametrize("name", CALLS)
def test_as_many_pairs_as_there_are_make_no_error(name: str) -> None:
    result = CALLS[name](max_pairs=EVERYTHING, return_type="result")
    assert result.estimate == CALLS[name]()
    assert result.metadata["pair_se"] == 0.0
    assert result.metadata["pair_ci_low"] == result.metadata["pair_ci_high"] == result.estimate
    with fastshesha.config(exact_pairs=1000):
        told = CALLS[name](max_pairs=EVERYTHING, return_type="result").metadata
    assert (told["pair_se"], told["max_pairs"]) == (0.0, EVERYTHING)
    assert told["error_bound"] > 0.0


@pytest.mark.parametrize("name", CALLS)
def test_options_that_do_not_go_together(name: str) -> None:
    with pytest.raises(ValueError, match=r"^max_pairs and n_bootstrap_ci exclude each other, got"):
        CALLS[name](max_pairs=60_000, n_bootstrap_ci=5, return_type="result")
    with pytest.raises(ValueError, match=r"^max_pairs must be at least 8 for each of the 900 "):
        CALLS[name](max_pairs=7000)
    for wrong in ("1e8", 0, 2.5, math.inf, True):
        with pytest.raises(
            ValueError, match=r"^max_pairs must be a whole number >= 1 or None, got"
        ):
            CALLS[name](max_pairs=wrong)


def test_pearson_has_no_sampled_form() -> None:
    with pytest.raises(ValueError, match=r"^max_pairs needs method='spearman', got 'pearson'"):
        fastshesha.rdm_similarity(X, Y, method="pearson", max_pairs=60_000)


def test_sampling_draws_the_splits_of_all_samples() -> None:
    """And ``max_samples`` is ignored."""
    exact = CALLS["feature_split"](return_all_splits=True)["split_scores"]
    sampled = CALLS["feature_split"](max_pairs=60_000, max_samples=10, return_all_splits=True)
    assert np.allclose(sampled["split_scores"], exact, rtol=0, atol=0.01)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int16])
@pytest.mark.parametrize("order", ["C", "F"])
def test_other_types_are_read_as_they_lie(dtype: Any, order: Any) -> None:
    rows = np.asarray(np.rint(100 * X), dtype=dtype, order=order)
    options: Any = {"n_splits": 2, "seed": 1, "max_pairs": 60_000, "metric": "correlation"}
    found = fastshesha.feature_split(rows, **options)
    assert found == fastshesha.feature_split(rows.astype(np.float64), **options)


def with_zero_rows(n_zero: int) -> Any:
    zeroed = X.copy()
    zeroed[:n_zero] = 0.0
    return zeroed


@pytest.mark.parametrize("max_pairs", [None, 60_000])
@pytest.mark.parametrize("nan_policy", ["omit", "replace"])
def test_undefined_distances_are_treated_as_on_the_exact_path(
    max_pairs: int | None, nan_policy: Any
) -> None:
    zeroed = with_zero_rows(40)

    def call(**options: Any) -> Any:
        return fastshesha.rdm_similarity(zeroed, Y, seed=3, nan_policy=nan_policy, **options)

    with pytest.warns(UserWarning, match="undefined distances") as on_exact:
        expected = call()
    with (
        fastshesha.config(exact_pairs=1000),
        pytest.warns(UserWarning, match="undefined distances") as on_streamed,
    ):
        found = call(max_pairs=max_pairs)
    assert abs(found - expected) <= (1e-6 if max_pairs is None else 0.02)
    if max_pairs is None:
        assert str(on_streamed[0].message) == str(on_exact[0].message)


@pytest.mark.parametrize("max_pairs", [None, 60_000])
@pytest.mark.parametrize("name", ["rdm_similarity", "replicate_stability"])
def test_undefined_distances_stop_a_call(name: str, max_pairs: int | None) -> None:
    function: Call = getattr(fastshesha, name)
    with fastshesha.config(exact_pairs=1000):
        with pytest.raises(ValueError, match=r"^Undefined distances: \d+\. Under cosine"):
            function(with_zero_rows(2), Y, max_pairs=max_pairs)
        result = function(
            with_zero_rows(2), Y, nan_policy="propagate", max_pairs=max_pairs, return_type="result"
        )
    assert math.isnan(result.estimate)


@pytest.mark.parametrize("max_pairs", [None, 60_000])
def test_equal_distances_have_no_correlation(max_pairs: int | None) -> None:
    """0.0 for RDMs, NaN for replicates and splits, as on the exact path."""
    constant = np.repeat(np.eye(2)[[0]], 900, axis=0).repeat(4, axis=1) + np.arange(8) % 2
    options: Any = {"max_pairs": max_pairs}
    with warnings.catch_warnings(), fastshesha.config(exact_pairs=1000):
        warnings.simplefilter("ignore")
        assert fastshesha.rdm_similarity(constant, Y, **options) == 0.0
        assert fastshesha.rdm_drift(constant, Y, **options) == 1.0
        assert math.isnan(fastshesha.replicate_stability(constant, Y, **options))
        split = fastshesha.feature_split(constant, max_samples=None, **options)
    assert isinstance(split, float)
    assert math.isnan(split)


def test_overflow_is_an_error() -> None:
    huge = X * 1e160
    with (
        fastshesha.config(exact_pairs=1000),
        pytest.raises(ValueError, match=r"^Squared distances overflow; scale X and Y down$"),
    ):
        fastshesha.rdm_similarity(huge, Y, metric="euclidean")


def test_bootstraps_stay_exact() -> None:
    with fastshesha.config(exact_pairs=1000):
        result = CALLS["feature_split"](n_bootstrap_ci=2, return_type="result")
    assert "error_bound" not in result.metadata
    assert result.estimate == CALLS["feature_split"]()


def test_rows_of_one_cluster_after_the_other_are_sampled_evenly() -> None:
    sorted_rows = clusters(np.random.default_rng(3), 2000, 32)
    exact = fastshesha.feature_split(sorted_rows, n_splits=1, seed=1, max_samples=None)
    sampled = fastshesha.feature_split(
        sorted_rows, n_splits=1, seed=1, max_pairs=160_000, return_type="result"
    )
    assert isinstance(exact, float)
    assert isinstance(sampled, StabilityResult)
    assert abs(sampled.estimate - exact) <= 6 * sampled.metadata["pair_se"] < 0.05


@pytest.mark.parametrize("limit", [0, -1, True, 2.0, "5"])
def test_bad_limits_are_refused(limit: object) -> None:
    with pytest.raises(ValueError, match=r"^exact_pairs must be an integer >= 1, got "):
        fastshesha.config(exact_pairs=limit)  # type: ignore[arg-type]
