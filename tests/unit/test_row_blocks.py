"""Large matrices are summed block by block, to the numbers of the whole."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import bio, replicate
from fastshesha._column_sums import column_means, column_variances
from fastshesha._row_blocks import float64_blocks

N_SAMPLES, N_FEATURES = 700, 24
RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 5, N_SAMPLES)
SIDES = LABELS > 2
X = (RNG.standard_normal((N_SAMPLES, N_FEATURES)) + SIDES[:, None]).astype(np.float32)
Y = X + RNG.standard_normal(X.shape).astype(np.float32)
SHIFTED = X + 500.0
WITH_ZERO = X.copy()
WITH_ZERO[5] = 0.0
SOME_LABELS = np.where(LABELS == 2, np.nan, LABELS)


def separation(rows: Any, labels: Any, metric: Any) -> float:
    return fastshesha.class_separation_ratio(rows, labels, n_bootstrap=6, metric=metric, seed=1)


def profiles(rows: Any, **options: Any) -> Any:
    return replicate.anchor_profile_stability(
        rows, Y, anchor_ids=range(20), return_type="result", **options
    )


CALLS: dict[str, Callable[[], Any]] = {
    "lda": lambda: fastshesha.lda_stability(X, SIDES, n_bootstrap=6, seed=1),
    "lda, far from zero": lambda: fastshesha.lda_stability(SHIFTED, SIDES, n_bootstrap=6, seed=1),
    "cosine": lambda: separation(X, LABELS, "cosine"),
    "cosine, small angles": lambda: separation(SHIFTED, LABELS, "cosine"),
    "cosine, row of zeros": lambda: separation(WITH_ZERO, LABELS, "cosine"),
    "cosine, missing labels": lambda: separation(X, SOME_LABELS, "cosine"),
    "euclidean": lambda: separation(X, LABELS, "euclidean"),
    "coherence": lambda: bio.perturbation_coherence(X, Y),
    "whitened": lambda: bio.perturbation_coherence_whitened(X, Y),
    "effect size": lambda: bio.perturbation_effect_size(X, Y, metric="cohen"),
    "profiles": lambda: profiles(X).component_scores,
    "profiles, omit": lambda: profiles(WITH_ZERO, nan_policy="omit").component_scores,
    "profiles, propagate": lambda: profiles(WITH_ZERO, nan_policy="propagate").estimate,
}


@pytest.fixture
def in_blocks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def divide() -> None:
        for name, value in {
            "_row_blocks._LARGEST_COPY": 10,
            "_row_blocks._VALUES_PER_BLOCK": 37 * N_FEATURES,
            "_rdms.anchor_profiles._DISTANCES_PER_GROUP": 3000,
            "_rdms.anchor_profiles._VALUES_PER_COPY": 1000,
            "scale.lda_blocks._VALUES_PER_PASS": 2 * N_FEATURES**2,
            "scale.separation_blocks._VALUES_PER_PASS": 10 * N_FEATURES,
        }.items():
            monkeypatch.setattr(f"fastshesha.{name}", value)

    return divide


@pytest.mark.parametrize("name", CALLS)
def test_blocks_give_the_numbers_of_the_whole(name: str, in_blocks: Callable[[], None]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        expected = CALLS[name]()
        in_blocks()
        found = CALLS[name]()
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16])
@pytest.mark.parametrize("order", ["C", "F"])
def test_means_and_variances_keep_every_bit(
    dtype: Any, order: Any, in_blocks: Callable[[], None]
) -> None:
    rows = np.asarray((1000 * X).astype(dtype), order=order)
    in_blocks()
    assert np.array_equal(column_means(rows), rows.astype(np.float64).mean(axis=0))
    assert np.array_equal(column_variances(rows), rows.astype(np.float64).var(axis=0, ddof=1))


def test_every_row_is_in_one_block(in_blocks: Callable[[], None]) -> None:
    in_blocks()
    blocks = [block for _, block in float64_blocks(X)]
    assert len(blocks) > 10
    assert np.array_equal(np.concatenate(blocks), X)


def test_undefined_profiles_are_counted_once(in_blocks: Callable[[], None]) -> None:
    in_blocks()
    with pytest.warns(UserWarning, match="Omitted 680 undefined.*affected: 1"):
        profiles(WITH_ZERO, nan_policy="omit")
    with pytest.raises(ValueError, match="Undefined distances: 680"):
        profiles(WITH_ZERO)


def test_distances_that_do_not_fit_are_refused_before_rows_are_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fastshesha._resources.pair_memory._WORTH_ASKING", 10)
    monkeypatch.setattr("fastshesha._resources.pair_memory.memory_limit", lambda: 10**6)
    monkeypatch.setattr("fastshesha._rdms.distances.unit_rows", None)
    monkeypatch.setattr("fastshesha._splits.forms.scaled", None)
    message = "the distances of all 244650 pairs of 700 samples take 1957200 bytes"
    with pytest.raises(MemoryError, match=message):
        fastshesha.compute_rdm(X)
    with pytest.raises(MemoryError, match=message):
        fastshesha.feature_split(X, n_bootstrap_ci=3)
