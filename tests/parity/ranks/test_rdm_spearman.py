"""Two RDMs compared by fused products correlate as those of SciPy's bits, or are left to them."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import _core, _kernels

pytestmark = pytest.mark.parametrize("level", ["avx2", "avx512"], indirect=True)
RNG = np.random.default_rng(8)
METRICS = ("cosine", "correlation")


def of_exact_distances(X: Any, Y: Any, metric: str) -> float:
    a, b = (_core.condensed_distances(rows, metric, 2) for rows in (X, Y))
    return _core.correlate(a, b, "spearman", "stop", 2).value


def replicates(n_samples: int, n_features: int = 33) -> tuple[Any, Any]:
    X = RNG.standard_normal((n_samples, n_features))
    return X, X[:, 3:] + RNG.standard_normal((n_samples, n_features - 3))


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("n_samples", [3, 40, 300, 400, 2200, 2900])
def test_the_same_bits(n_samples: int, metric: str) -> None:
    """Of few pairs, of RDMs that several threads rank, and of larger ones with some near-ties."""
    X, Y = replicates(n_samples)
    if n_samples > 1000:
        X[1] = X[0] * (1.0 + 1e-15 * RNG.standard_normal(X.shape[1]))
    expected = of_exact_distances(X, Y, metric)
    for n_threads in (1, 2, 3, 16):
        assert _core.rdm_spearman(X, Y, metric, n_threads) == expected


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("repeated", [False, True])
def test_more_distances_than_are_sorted_together(repeated: bool) -> None:
    """They are dealt into buckets; ranks name the second side's, positions where the first ties."""
    X, Y = replicates(8300, 12)
    if repeated:
        X[1], Y[1] = X[0], Y[0]
        Y[2] = Y[3] * (1.0 + 1e-15 * RNG.standard_normal(9))
    expected = of_exact_distances(X[:, :9], Y, "cosine")
    assert _core.rdm_spearman(X[:, :9], Y, "cosine", 2) == expected
    both = np.concatenate([X[:, :9], Y], axis=1)
    first, second = np.arange(9)[None], np.arange(9, 18)[None]
    scores, _ = _core.feature_split_scores(both, first, second, "cosine", "stop", 2, sys.maxsize)
    assert scores.tolist() == [expected]
    assert _core.rdm_spearman(X[:, :9], Y, "cosine", 5) == expected


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("n_far", [0, 1200])
def test_most_distances_in_one_bucket(n_far: int) -> None:
    """Most rows are alike, and the others span the range of the buckets."""
    X = 1.0 + 0.01 * RNG.standard_normal((8300, 9))
    Y = X + 0.005 * RNG.standard_normal(X.shape)
    X[:n_far] = RNG.standard_normal((n_far, 9))
    found = [_core.rdm_spearman(X, Y, "cosine", n_threads) for n_threads in (1, 3)]
    assert found[0] == found[1]
    assert found[0] in (None, of_exact_distances(X, Y, "cosine"))


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("n_far", [1, 40])
def test_most_distances_in_one_of_the_shares(n_far: int) -> None:
    X = 1.0 + 0.1 * RNG.standard_normal((400, 2000))
    Y = X + 0.01 * RNG.standard_normal(X.shape)
    X[:n_far] *= -1.0
    Y[n_far] *= -1.0
    expected = of_exact_distances(X, Y, "cosine")
    for n_threads in (1, 2, 7):
        assert _core.rdm_spearman(X, Y, "cosine", n_threads) == expected


@pytest.mark.usefixtures("level")
def test_fewer_pairs_than_parts() -> None:
    """Long rows make work for several threads, who have few distances to rank."""
    X, Y = replicates(6, 800_000)
    expected = of_exact_distances(X, Y, "cosine")
    for n_threads in (1, 2, 16):
        assert _core.rdm_spearman(X, Y, "cosine", n_threads) == expected


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("metric", METRICS)
def test_any_layout_and_type(metric: str) -> None:
    X, Y = replicates(90)
    X, Y = X.astype(np.float32)[::-1], np.asfortranarray((30 * Y).astype(np.int16))
    assert _core.rdm_spearman(X, Y, metric, 2) == of_exact_distances(X, Y, metric)


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("noise", [0.0, 1e-16, 1e-15, 1e-14, 1e-13])
@pytest.mark.parametrize("n_near", [1, 20, 100])
def test_rows_that_nearly_repeat(n_near: int, noise: float) -> None:
    """As many that threads rank them together, also where that takes too many exact distances."""
    X, Y = replicates(400)
    for rows in (X, Y):
        rows[:n_near] = rows[n_near : 2 * n_near] * (1.0 + noise * RNG.standard_normal((n_near, 1)))
    for metric in METRICS:
        found = _core.rdm_spearman(X, Y, metric, 1)
        assert found is None or found == of_exact_distances(X, Y, metric)
        for n_threads in (2, 7):
            assert _core.rdm_spearman(X, Y, metric, n_threads) == found


@pytest.mark.usefixtures("level")
def test_what_needs_exact_distances() -> None:
    X, Y = replicates(150)
    binary = (RNG.random(X.shape) < 0.1).astype(float)
    constant = np.eye(150)
    with_zero = X.copy()
    with_zero[7] = 0.0
    for other in (binary, constant, with_zero, 1e-200 * X, 1e200 * X):
        for pair in ((other, Y), (X, other)):
            assert _core.rdm_spearman(*pair, "cosine", 2) is None
    assert _core.rdm_spearman(X, Y, "euclidean", 2) is None
    assert _core.rdm_spearman(X[:2], Y[:2], "cosine", 2) is None


def test_without_fused_products(level: str) -> None:
    X, Y = replicates(60)
    _core._force_simd_level("baseline")
    assert _core.rdm_spearman(X, Y, "cosine", 2) is None
    _core._force_simd_level(level)


@pytest.mark.usefixtures("level")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_metrics_have_the_same_bits_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    X, Y = replicates(200)

    def scores() -> list[Any]:
        result = fastshesha.replicate.replicate_stability(X, Y, return_type="result")
        similarity = fastshesha.rdm_similarity(X, Y, return_type="result")
        return [
            *(result.estimate, result.metadata["n_pairs"]),
            *(similarity.estimate, fastshesha.rdm_similarity(X, Y)),
            fastshesha.rdm_drift(X, Y, metric="correlation"),
            fastshesha.sample_split(X, n_splits=3, seed=2),
        ]

    fused = scores()
    monkeypatch.setattr(_kernels, "rdm_spearman", lambda *_: None)
    assert scores() == fused


@pytest.mark.usefixtures("level")
def test_as_many_rows() -> None:
    with pytest.raises(ValueError, match="X and Y must have the same rows"):
        _core.rdm_spearman(np.ones((4, 2)), np.ones((5, 2)), "cosine", 1)
