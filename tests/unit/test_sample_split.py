"""sample_split, as far as it says something: its draws, its forms, its warning."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import fastshesha
from unit.plain import distances, spearman

X = np.random.default_rng(3).standard_normal((40, 6))
pytestmark = pytest.mark.filterwarnings("ignore:sample_split correlates unmatched:FutureWarning")


@pytest.mark.parametrize("metric", ["cosine", "correlation"])
def test_definition(metric: Any) -> None:
    rng = np.random.default_rng(5)
    kept = X[rng.choice(40, 30, replace=False)]
    expected = []
    for _ in range(4):
        rdms = [distances(kept[rng.choice(30, 15, replace=False)], metric) for _ in range(2)]
        expected.append(spearman(*rdms))
    options = {"metric": metric, "seed": 5, "max_samples": 30, "subsample_fraction": 0.5}
    found = fastshesha.sample_split(X, 4, **options, return_all_splits=True)
    assert found["split_scores"] == pytest.approx(expected, abs=1e-12)
    assert found["mean"] == pytest.approx(float(np.mean(expected)), abs=1e-12)
    assert fastshesha.sample_split(X, 4, **options) == found["mean"]


def test_dict_bootstrap() -> None:
    rng = np.random.default_rng(2)
    scores = [
        fastshesha.sample_split(X[rng.choice(40, 40, replace=True)], 2, seed=2) for _ in range(5)
    ]
    found = fastshesha.sample_split(X, 2, seed=2, n_bootstrap_ci=5, ci=0.5)
    assert list(found) == ["mean", "ci_low", "ci_high", "std", "n_bootstraps", "ci_level"]
    assert found["mean"] == pytest.approx(float(np.mean(scores)), abs=1e-15)
    assert (found["n_bootstraps"], found["ci_level"]) == (5, 0.5)


def test_too_few_samples_are_a_number_in_every_form() -> None:
    assert math.isnan(fastshesha.sample_split(X[:9]))
    assert math.isnan(fastshesha.sample_split(X[:9], return_all_splits=True))
    assert math.isnan(fastshesha.sample_split(X, subsample_fraction=0.1))


def test_undefined_distances() -> None:
    with_zeros = np.vstack([np.zeros((4, 6)), X])
    with pytest.raises(ValueError, match="distances"):
        fastshesha.sample_split(with_zeros, seed=1)
    found = fastshesha.sample_split(
        with_zeros, seed=1, nan_policy="propagate", return_all_splits=True
    )
    assert math.isnan(found["mean"])
    assert found["split_scores"] == []
    for policy in ("omit", "replace"):
        with pytest.warns(UserWarning, match=policy):
            assert math.isfinite(fastshesha.sample_split(with_zeros, seed=1, nan_policy=policy))


def test_options() -> None:
    for wrong in (0.0, 1.5, True, "0.5", None, math.nan):
        with pytest.raises(ValueError, match=r"^subsample_fraction must be a number in \(0, 1\]"):
            fastshesha.sample_split(X, subsample_fraction=wrong)
    with pytest.raises(ValueError, match="return_all_splits and n_bootstrap_ci exclude"):
        fastshesha.sample_split(X, n_bootstrap_ci=2, return_all_splits=True)


@pytest.mark.filterwarnings("default")
def test_it_warns_at_the_line_of_the_caller_also_with_wrong_options() -> None:
    with pytest.warns(FutureWarning, match="replicate_stability") as caught:
        fastshesha.sample_split(X, 1)
    assert caught[0].filename == __file__
    with (
        pytest.warns(FutureWarning, match="unmatched RDM entries"),
        pytest.raises(ValueError, match="n_splits"),
    ):
        fastshesha.shesha(X, variant="sample_split", n_splits=0)
