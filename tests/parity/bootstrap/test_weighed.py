"""Weighed pairs correlate like resampled ones: replicate by replicate, at every level."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fastshesha import _core, _resamples
from fastshesha._pair_bootstrap import resampled_pairs
from parity.bootstrap.families import FAMILIES, Array, matrix

SIZES = (3, 6, 17, 40, 130)
N_REPLICATES = 35


def drawn(n: int, seed: int, n_replicates: int = N_REPLICATES) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.choice(n, n) for _ in range(n_replicates)]


def sides(family: str, n: int, metric: str, *, self_pairs: bool) -> list[Array]:
    """Distances of two matrices, with those of rows to their copies where these count."""
    found = []
    for k in range(2):
        X = matrix(family, n, 7, (n, k))
        distances = _core.condensed_distances(X, metric, 1)
        copies = _core.self_distances(X, metric) if self_pairs else np.empty(0)
        found.append(np.concatenate([distances, copies]))
    return found


def resampled_sides(family: str, metric: str, rows: np.ndarray, *, self_pairs: bool) -> list[Array]:
    n = len(rows)
    found = []
    for k in range(2):
        X = matrix(family, n, 7, (n, k))
        if self_pairs:
            found.append(_core.condensed_distances(X[rows], metric, 1))
        else:
            kept = resampled_pairs(rows, n, np.triu_indices(n, k=1))
            found.append(_core.condensed_distances(X, metric, 1)[kept])
    return found


@pytest.mark.parametrize("method", ["spearman", "pearson"])
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("family", FAMILIES)
def test_replicates(family: str, n: int, method: str, level: str) -> None:
    """Spearman's rho has the very bits, Pearson's r but for rounding, or the value is left open."""
    replicates = drawn(n, n)
    counts = _resamples.row_counts(replicates, n)
    for k, metric in enumerate(("cosine", "correlation", "euclidean")):
        for self_pairs, undefined in ((True, "omit"), (False, "omit"), (True, "replace")):
            a, b = sides(family, n, metric, self_pairs=self_pairs)
            values, n_undefined = _core.bootstrap_correlations(
                a, b, counts, self_pairs, method, undefined, k + 1
            )
            for rows, value, count in zip(replicates, values, n_undefined, strict=True):
                x, y = resampled_sides(family, metric, rows, self_pairs=self_pairs)
                direct = _core.correlate(x, y, method, undefined)
                assert count == direct.n_undefined
                if math.isnan(value):
                    continue
                assert direct.n_pairs >= 3
                assert min(direct.a.std, direct.b.std) > 1e-12
                tolerance = 0.0 if method == "spearman" else 1e-13
                assert abs(value - direct.value) <= tolerance, (metric, self_pairs, undefined)


@pytest.mark.parametrize("family", ["normal", "integers", "binary", "duplicated rows", "zero rows"])
def test_what_varies_is_not_left_open(family: str) -> None:
    n = 60
    counts = _resamples.row_counts(drawn(n, 1), n)
    for metric in ("cosine", "correlation", "euclidean"):
        for self_pairs in (True, False):
            a, b = sides(family, n, metric, self_pairs=self_pairs)
            for method in ("spearman", "pearson"):
                found = _core.bootstrap_correlations(a, b, counts, self_pairs, method, "omit", 1)
                assert np.isfinite(found[0]).all()


@pytest.mark.parametrize("method", ["spearman", "pearson"])
def test_neither_levels_nor_threads_change_a_bit(method: str) -> None:
    n = 140
    counts = _resamples.row_counts(drawn(n, 2, 100), n)
    a, b = sides("duplicated rows", n, "euclidean", self_pairs=True)
    before = _core.active_simd_level()
    outcomes = set()
    for level in _core.supported_simd_levels():
        _core._force_simd_level(level)
        for n_threads in (1, 2, 7):
            found = _core.bootstrap_correlations(a, b, counts, True, method, "omit", n_threads)
            outcomes.add((found[0].tobytes(), found[1].tobytes()))
    _core._force_simd_level(before)
    assert len(outcomes) == 1


def test_splits_neither() -> None:
    n = 70
    counts = _resamples.row_counts(drawn(n, 3, 50), n)
    X = matrix("zero rows", n, 12, (1,))
    rng = np.random.default_rng(5)
    halves = np.array([rng.permutation(12) for _ in range(11)])
    before = _core.active_simd_level()
    outcomes = set()
    for level in _core.supported_simd_levels():
        _core._force_simd_level(level)
        for n_threads in (1, 2, 7):
            found = _core.bootstrap_splits(
                X, halves[:, :6], halves[:, 6:], "cosine", counts, True, "omit", n_threads
            )
            outcomes.add((found[0].tobytes(), found[1].tobytes()))
    _core._force_simd_level(before)
    assert len(outcomes) == 1


@pytest.mark.parametrize("n_drawn", [100, 127, 128, 300])
def test_a_row_drawn_again_and_again(n_drawn: int) -> None:
    """Counts beyond what 32-bit sums allow are left open, and the other replicates stand."""
    n = 310
    replicates = drawn(n, 4, 20)
    replicates[3] = np.concatenate([np.full(n_drawn, 5), np.arange(n - n_drawn) % 300 + 6])
    counts = _resamples.row_counts(replicates, n)
    a, b = sides("normal", n, "cosine", self_pairs=True)
    values, _ = _core.bootstrap_correlations(a, b, counts, True, "spearman", "omit", 2)
    # 127^2 for each of this many pairs lies below 2^31.
    assert math.isnan(values[3]) == (n_drawn > 127)
    for rows, value in zip(replicates, values, strict=True):
        x, y = resampled_sides("normal", "cosine", rows, self_pairs=True)
        expected = _core.correlate(x, y, "spearman", "omit").value
        assert math.isnan(value) or value == expected


def test_a_tie_of_most_pairs() -> None:
    """Cubes of large tie groups need more than 63 bits; runs of singles are cut in parts."""
    n = 520
    replicates = drawn(n, 6, 18)
    X = np.eye(n)[np.random.default_rng(0).integers(0, 40, n)]
    Y = np.random.default_rng(1).standard_normal((n, 9))
    a, b = (_core.condensed_distances(Z, "euclidean", 1) for Z in (X, Y))
    counts = _resamples.row_counts(replicates, n)
    for first, second in ((a, b), (b, a), (a, a)):
        values, _ = _core.bootstrap_correlations(
            first, second, counts, False, "spearman", "omit", 2
        )
        for rows, value in zip(replicates, values, strict=True):
            kept = resampled_pairs(rows, n, np.triu_indices(n, k=1))
            direct = _core.correlate(first[kept], second[kept], "spearman", "omit")
            assert value == direct.value


@pytest.mark.parametrize("metric", ["cosine", "correlation", "euclidean"])
@pytest.mark.parametrize("d", [1, 2, 3, 5, 8, 127])
@pytest.mark.parametrize("family", FAMILIES)
def test_self_distances(family: str, d: int, metric: str) -> None:
    if d == 1 and family == "one-hot":
        return
    X = matrix(family, 12, d, (d,))
    expected = [_core.condensed_distances(X[[i, i]], metric, 1)[0] for i in range(len(X))]
    assert _core.self_distances(X, metric).tobytes() == np.array(expected).tobytes()
