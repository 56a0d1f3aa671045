"""compare_rdms."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha._sim.rank_agreement import concordance, inversions
from fastshesha.sim import compare_rdms
from unit.plain import average_ranks

RNG = np.random.default_rng(6)
METHODS = ["spearman", "pearson", "cosine", "rho-a", "tau-a"]
N_PAIRS = 45


def stacks(kind: str) -> tuple[Any, Any]:
    a, b = RNG.random((3, N_PAIRS)), RNG.random((2, N_PAIRS))
    return (np.round(3 * a), np.round(2 * b)) if kind == "ties" else (a, b + a[:1])


def cosine(a: Any, b: Any) -> float:
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def plain(a: Any, b: Any, method: str) -> float:
    n = len(a)
    if method == "cosine":
        return cosine(a, b)
    if method == "tau-a":
        signs = np.sign(a[:, None] - a) * np.sign(b[:, None] - b)
        return float(signs.sum() / (n * (n - 1)))
    if method != "pearson":
        a, b = average_ranks(a), average_ranks(b)
    a, b = a - a.mean(), b - b.mean()
    return float(a @ b * 12 / (n**3 - n)) if method == "rho-a" else cosine(a, b)


@pytest.mark.parametrize("kind", ["plain", "ties"])
@pytest.mark.parametrize("method", METHODS)
def test_definition(method: Any, kind: str) -> None:
    a, b = stacks(kind)
    expected = [[plain(x, y, method) for y in b] for x in a]
    found = compare_rdms(a, b, method)
    assert found == pytest.approx(np.array(expected), abs=1e-14)
    assert compare_rdms(a[0], b, method) == pytest.approx(found[:1], abs=1e-15)
    single = compare_rdms(a[0], b[1], method)
    assert isinstance(single, float)
    assert single == pytest.approx(expected[0][1], abs=1e-14)


def test_rho_a_is_expected_under_random_order_of_ties() -> None:
    a, b = np.round(3 * RNG.random((2, 10)))
    rng = np.random.default_rng(0)
    scores = []
    for _ in range(4000):
        ranks = [np.lexsort((rng.random(10), side)).argsort() for side in (a, b)]
        scores.append(np.corrcoef(*ranks)[0, 1])
    error = np.std(scores) / math.sqrt(len(scores))
    assert compare_rdms(a, b, "rho-a") == pytest.approx(np.mean(scores), abs=4 * error)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 8, 9, 31, 100])
def test_inversions(n: int) -> None:
    permutation = RNG.permutation(n)
    expected = sum(int((permutation[:i] > permutation[i]).sum()) for i in range(n))
    assert inversions(permutation) == expected
    assert inversions(np.arange(n)[::-1]) == n * (n - 1) // 2


def test_concordance_counts_exactly() -> None:
    a = np.repeat(np.arange(-50, 50), 40)
    assert concordance(a, a) == 4000 * 3999 // 2 - 100 * (40 * 39 // 2)
    assert concordance(a, -a) == -concordance(a, a)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [0.0, 0.1])
def test_constant_rdms(method: Any, value: float) -> None:
    b = RNG.random(N_PAIRS)
    expected = cosine(np.ones(N_PAIRS), b) if method == "cosine" and value else 0.0
    constant = np.full(N_PAIRS, value)
    assert compare_rdms(constant, b, method) == pytest.approx(expected, abs=1e-14)
    assert compare_rdms(b, constant, method) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("factor", [1e-200, 1e200])
def test_scale_does_not_matter(factor: float) -> None:
    a, b = stacks("plain")
    for method in METHODS:
        found = compare_rdms(factor * a, b, method)  # type: ignore[arg-type]
        assert found == pytest.approx(compare_rdms(a, b, method), abs=1e-14)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.filterwarnings("ignore:.*undefined distances:UserWarning")
def test_policies(method: Any) -> None:
    a, b = stacks("plain")
    whole = compare_rdms(a, b, method)
    a[1, :4], b[0, 2] = np.nan, np.inf
    for policy, fill in (("omit", None), ("replace", 1.0), ("propagate", math.nan)):
        found = compare_rdms(a, b, method, policy)  # type: ignore[arg-type]
        for i, j in np.ndindex(found.shape):
            kept = np.isfinite(a[i]) & np.isfinite(b[j])
            if kept.all():
                assert found[i, j] == pytest.approx(whole[i, j], abs=1e-14)
            elif policy == "propagate":
                assert math.isnan(found[i, j])
            else:
                x = a[i][kept] if fill is None else np.where(np.isfinite(a[i]), a[i], fill)
                y = b[j][kept] if fill is None else np.where(np.isfinite(b[j]), b[j], fill)
                assert found[i, j] == pytest.approx(plain(x, y, method), abs=1e-14)


def test_messages_about_undefined_values() -> None:
    a, b = stacks("plain")
    a[1, :4] = np.nan
    with pytest.raises(ValueError, match=r"(?i)undefined distances: 4"):
        compare_rdms(a, b)
    with pytest.warns(UserWarning, match=r"8 undefined distances.*affected: 2$"):
        compare_rdms(a, b, nan_policy="omit")


@pytest.mark.parametrize("method", METHODS)
def test_few_pairs(method: Any) -> None:
    assert math.isnan(compare_rdms([], [], method))
    one = compare_rdms([2.0], [3.0], method)
    assert one == 1.0 if method == "cosine" else math.isnan(one)
    assert compare_rdms(np.zeros((0, 3)), np.zeros((2, 3)), method).shape == (0, 2)


def test_rdms_of_representations() -> None:
    X, Y = RNG.standard_normal((2, 12, 5))
    a, b = fastshesha.compute_rdm(X), fastshesha.compute_rdm(Y)
    expected = fastshesha.rdm_similarity(X, Y)
    assert compare_rdms(a, b) == pytest.approx(expected, abs=1e-12)
    objects = [SimpleNamespace(dissimilarities=rdm[None]) for rdm in (a, b)]
    assert compare_rdms(*objects) == pytest.approx(np.array([[expected]]), abs=1e-12)


def test_small_stacks_are_no_square_matrices() -> None:
    stack = RNG.random((3, 3))
    assert compare_rdms(stack, stack).shape == (3, 3)


@pytest.mark.parametrize(
    ("rdm", "message"),
    [
        (np.ones((10, 10)) - np.eye(10), "rdm_a must be a condensed RDM.*squareform"),
        (np.zeros((2, 10, 10)), "rdm_a must be a condensed RDM.*squareform"),
        (np.zeros((2, 3, 1)), r"rdm_a must be a condensed RDM.*got shape \(2, 3, 1\)$"),
        (np.float64(1.0), "rdm_a must be a condensed RDM"),
        (np.zeros(8), r"rdm_a .*no number has 8 pairs.*rdm_similarity"),
        (np.zeros(6), "rdm_a and rdm_b must have the same number of pairs, got 6 and 10"),
        ([["a"]], "rdm_a must be a rectangular array of numbers"),
    ],
)
def test_errors(rdm: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compare_rdms(rdm, np.arange(10.0))


@pytest.mark.parametrize("option", [{"method": "kendall"}, {"nan_policy": "drop"}])
def test_unknown_options(option: Any) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(option))}.* must be one of"):
        compare_rdms(np.arange(10.0), np.arange(10.0), **option)
