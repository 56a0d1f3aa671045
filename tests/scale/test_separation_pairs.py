"""Class separation over a sample of the pairs."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import fastshesha
from fastshesha.scale.pair_plans import balanced_rounds
from fastshesha.scale.separation_pairs import sampled_sums

N_SAMPLES = 500
RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 3, N_SAMPLES)
ROWS = RNG.standard_normal((N_SAMPLES, 10)) + LABELS[:, None]


def all_distances(metric: str) -> NDArray[np.float64]:
    if metric == "euclidean":
        squares: NDArray[np.float64] = ((ROWS[:, None] - ROWS[None]) ** 2).sum(axis=2)
        return np.sqrt(squares)
    unit = ROWS / np.linalg.norm(ROWS, axis=1, keepdims=True)
    similarities: NDArray[np.float64] = unit @ unit.T
    return 1.0 - similarities


def ratio_of_all(metric: str) -> float:
    i, j = np.triu_indices(N_SAMPLES, 1)
    distances, same = all_distances(metric)[i, j], LABELS[i] == LABELS[j]
    return float(distances[~same].mean() / distances[same].mean())


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("per_row", [8, 50, 230])
def test_sums_are_those_of_the_pairs_of_the_plan(metric: str, per_row: int) -> None:
    codes = np.where(np.arange(N_SAMPLES) % 9, LABELS, -1)
    found, plan = sampled_sums(ROWS, codes, metric, per_row * N_SAMPLES, np.random.default_rng(3))
    assert plan is not None
    assert plan.n_pairs() > 0.8 * per_row * N_SAMPLES
    edges = np.arange(plan.n_blocks + 1) * N_SAMPLES // plan.n_blocks
    blocks = [plan.rows[start:stop] for start, stop in pairwise(edges)]
    distances = all_distances(metric)
    for k in range(plan.n_rounds):
        expected = np.zeros(4)
        for number, block in enumerate(blocks):
            pairs = np.ix_(block, blocks[(number + k + 1) % plan.n_blocks])
            left, right = codes[pairs[0]], codes[pairs[1]]
            within = (left == right) & (left >= 0)
            between = (left != right) & (left >= 0) & (right >= 0)
            for kind, chosen in enumerate((within, between)):
                expected[kind] += distances[pairs][chosen].sum()
                expected[kind + 2] += chosen.sum()
        assert [part[k] for part in found] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_the_interval_holds_the_ratio_of_all_pairs(metric: Any) -> None:
    truth = ratio_of_all(metric)
    results: list[Any] = [
        fastshesha.class_separation_ratio(
            ROWS, LABELS, metric=metric, seed=seed, max_pairs=16 * N_SAMPLES, return_type="result"
        )
        for seed in range(200)
    ]
    held = [r.metadata["pair_ci_low"] <= truth <= r.metadata["pair_ci_high"] for r in results]
    assert 0.9 <= np.mean(held) <= 0.99
    errors = np.array([r.estimate - truth for r in results])
    assert np.mean([r.metadata["pair_se"] for r in results]) == pytest.approx(
        np.sqrt(np.mean(errors**2)), rel=0.25
    )
    assert results[0].monte_carlo_se == results[0].metadata["pair_se"]
    assert results[0].metadata["n_pairs"] <= 16 * N_SAMPLES


def test_at_least_as_many_pairs_as_there_are_leave_no_error() -> None:
    result: Any = fastshesha.class_separation_ratio(
        ROWS, LABELS, max_pairs=1e9, return_type="result"
    )
    assert result.estimate == pytest.approx(ratio_of_all("euclidean"), rel=1e-12)
    assert result.metadata["pair_se"] == 0.0


def test_the_same_seed_gives_the_same_bits_on_any_number_of_threads() -> None:
    scores = set()
    for threads in (1, 2, 5):
        with fastshesha.config(threads=threads):
            scores.add(fastshesha.class_separation_ratio(ROWS, LABELS, seed=4, max_pairs=8000))
    assert len(scores) == 1
    assert scores != {fastshesha.class_separation_ratio(ROWS, LABELS, seed=5, max_pairs=8000)}


def test_options_that_exclude_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="max_pairs and n_bootstrap_ci exclude each other"):
        fastshesha.class_separation_ratio(ROWS, LABELS, max_pairs=8000, n_bootstrap_ci=5)
    with pytest.raises(ValueError, match="max_pairs must be at least 8 for each of the 500"):
        fastshesha.class_separation_ratio(ROWS, LABELS, max_pairs=100)


def test_few_samples_are_compared_completely() -> None:
    assert balanced_rounds(np.random.default_rng(0), 10, 3, 20) is None
    few = fastshesha.class_separation_ratio(ROWS[:12], LABELS[:12] % 2, max_pairs=20)
    assert few == fastshesha.class_separation_ratio(ROWS[:12], LABELS[:12] % 2, max_pairs=1e9)
