"""Discriminants of resamples by products of samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import _core
from fastshesha._supervised import lda
from fastshesha._supervised.discriminant import discriminant
from fastshesha._supervised.resampled_discriminants import ResampledDiscriminants, products_pay

RNG = np.random.default_rng(8)
CODES = RNG.permutation(np.arange(200) % 2)
X = RNG.standard_normal((200, 160)) + 0.3 * np.outer(CODES, RNG.standard_normal(160))
DATA = {
    "normal": (X, CODES),
    "far from zero": (X + 1e4, CODES),
    "small": (X * 1e-3, CODES),
    "rows twice": (np.vstack([X[:100], X[:100]]), np.tile(CODES[:100], 2)),
    "unequal classes": (X, (np.arange(200) < 30).astype(np.int64)),
    "features that outweigh others": (X * np.geomspace(1.0, 100.0, 160), CODES),
}


def drawn(codes: Any, n_resamples: int, size: int) -> list[list[Any]]:
    members = [np.flatnonzero(codes == code) for code in (0, 1)]
    return [[RNG.choice(of_class, size) for of_class in members] for _ in range(n_resamples)]


def counted(resamples: list[list[Any]]) -> Any:
    return np.stack([np.bincount(np.concatenate(r), minlength=200) for r in resamples])


def exact(first: Any, second: Any) -> Any:
    """The direction in extended precision, by elimination; the matrix needs no pivots."""
    first, second = first.astype(np.longdouble), second.astype(np.longdouble)
    means = first.mean(axis=0), second.mean(axis=0)
    residuals = np.vstack([first - means[0], second - means[1]])
    system = residuals.T @ residuals / len(residuals) + 1e-6 * np.eye(residuals.shape[1])
    system = np.column_stack([system, means[1] - means[0]])
    for k, row in enumerate(system):
        row /= row[k]
        others = np.delete(np.arange(len(system)), k)
        system[others] -= np.outer(system[others, k], row)
    return system[:, -1] / np.linalg.norm(system[:, -1])


@pytest.mark.parametrize("name", DATA)
def test_they_are_those_of_the_drawn_rows(name: str) -> None:
    rows, codes = DATA[name]
    resamples = drawn(codes, 2, 50)
    found = ResampledDiscriminants(rows, codes).directions(counted(resamples))
    assert found is not None
    for ours, (first, second) in zip(found, resamples, strict=True):
        expected = exact(rows[first], rows[second])
        by_covariance = np.abs(discriminant(rows[first], rows[second]) - expected).max()
        assert by_covariance < 1e-6
        assert np.abs(ours - expected).max() <= max(1e-11, by_covariance)


@pytest.mark.parametrize(
    "rows",
    [np.ones_like(X), X[:, :1] * X[0], X * 1e200, X * 1e9],
    ids=["equal", "rank one", "overflow", "ridge below rounding"],
)
def test_what_would_lose_digits_is_refused(rows: Any) -> None:
    with np.errstate(all="ignore"):
        solver = ResampledDiscriminants(rows, CODES)
        assert solver.directions(counted(drawn(CODES, 3, 50))) is None


def test_where_products_pay() -> None:
    assert products_pay([100, 100], 160, 50, n_resamples=6)
    assert not products_pay([100, 100], 100, 50, n_resamples=6)
    assert not products_pay([100, 100], 160, 50, n_resamples=1)
    assert not products_pay([100, 100], 160, 200, n_resamples=6)
    assert not products_pay([3000, 3000], 8000, 50, n_resamples=6)


def test_batches_of_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    score = fastshesha.lda_stability(X, CODES, 10, seed=4)
    monkeypatch.setattr(lda, "_RESAMPLES_AT_ONCE", 3)
    assert fastshesha.lda_stability(X, CODES, 10, seed=4) == pytest.approx(score, abs=1e-13)
    monkeypatch.setattr(ResampledDiscriminants, "directions", lambda solver, counts: None)
    assert fastshesha.lda_stability(X, CODES, 10, seed=4) == pytest.approx(score, abs=1e-10)


def test_the_score_is_the_same_on_any_number_of_threads() -> None:
    scores = []
    for n_threads in (1, 2, 5):
        with fastshesha.config(threads=n_threads):
            scores.append(fastshesha.lda_stability(X, CODES, 10, seed=4))
    assert scores[0] == scores[1] == scores[2]


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 11, 12, 13, 24, 25, 47, 49, 100])
def test_systems_are_solved(n: int, level: str) -> None:
    factors = RNG.standard_normal((n, n + 3))
    products, right = factors @ factors.T, RNG.standard_normal((2, n))
    scales, shifts = RNG.uniform(0.5, 2.0, (2, n)), 0.1 * RNG.standard_normal((2, 2, n))
    scales[1, :: 2 if n > 1 else 1] = 0.0
    classes = np.arange(n) % 2
    found = _core.solve_resampled(products, classes, scales, shifts, right, 20.0, 2)
    for b in range(2):
        crossed = shifts[b][classes].T
        matrix = np.outer(scales[b], scales[b]) * (products - crossed - crossed.T)
        used = scales[b] > 0.0
        matrix = matrix[np.ix_(used, used)] + 20.0 * np.eye(used.sum())
        expected = np.zeros(n)
        expected[used] = np.linalg.solve(matrix, right[b][used])
        np.testing.assert_allclose(found[b], expected, rtol=1e-10, atol=1e-12)


def test_a_matrix_that_is_not_positive_definite_has_no_solution(level: str) -> None:
    products = np.diag([1.0, -1.0, 1.0])
    arguments = np.zeros(3, dtype=np.int64), np.ones((1, 3)), np.zeros((1, 2, 3)), np.ones((1, 3))
    assert np.isnan(_core.solve_resampled(products, *arguments, 0.5, 1)).all()
    for value in (np.nan, np.inf):
        assert np.isnan(_core.solve_resampled(np.full((3, 3), value), *arguments, 0.5, 1)).all()
