"""cka, cka_linear, cka_debiased and cka_unbiased."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import sim
from fastshesha._sim import alignment_bootstrap, gram
from oracle.client import Oracle

RNG = np.random.default_rng(11)
FUNCTIONS = [sim.cka_linear, sim.cka_debiased, sim.cka_unbiased]
# Fewer features than samples, more, and both.
SHAPES = [(30, 4, 6), (12, 40, 25), (20, 5, 50), (4, 3, 9)]
DTYPES = [np.float64, np.float32, np.float16, np.int32, np.bool_, ">f8"]


def pair(n: int, dx: int, dy: int) -> tuple[Any, Any]:
    X = RNG.standard_normal((n, dx))
    return X, RNG.standard_normal((n, dy)) + X[:, :1]


def centred_kernel(X: Any) -> Any:
    X = np.asarray(X, dtype=np.float64)
    centring = np.eye(len(X)) - 1 / len(X)
    return centring @ X @ X.T @ centring


def linear(X: Any, Y: Any) -> float:
    K, L = centred_kernel(X), centred_kernel(Y)
    return float((K * L).sum() / np.sqrt((K * K).sum() * (L * L).sum()))


def debiased(X: Any, Y: Any) -> float:
    n = len(X)

    def criterion(K: Any, L: Any) -> Any:
        bare, other = (M - np.diag(np.diag(M)) for M in (K, L))
        whole = bare.sum() * other.sum() / ((n - 1) * (n - 2))
        return (K * L).sum() + whole - 2 * (bare.sum(1) @ other.sum(1)) / (n - 2)

    K, L = centred_kernel(X), centred_kernel(Y)
    return float(criterion(K, L) / np.sqrt(criterion(K, K) * criterion(L, L)))


def unbiased(X: Any, Y: Any, counts: Any = None) -> float:
    """Means over tuples of distinct samples, one by one."""
    w = np.ones(len(X)) if counts is None else counts
    tuples = np.array(list(itertools.permutations(np.flatnonzero(w), 4)))
    i, j, q, r = tuples.T
    weights = w[tuples].prod(axis=1)

    def criterion(K: Any, L: Any) -> float:
        terms = K[i, j] * (L[i, j] - 2 * L[i, q] + L[q, r])
        return float(np.average(terms, weights=weights))

    K, L = np.asarray(X) @ np.asarray(X).T, np.asarray(Y) @ np.asarray(Y).T
    return criterion(K, L) / math.sqrt(criterion(K, K) * criterion(L, L))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("function", "definition"), [(sim.cka_linear, linear), (sim.cka_debiased, debiased)]
)
def test_definition(function: Any, definition: Any, shape: Any) -> None:
    X, Y = pair(*shape)
    assert function(X, Y) == pytest.approx(definition(X, Y), abs=1e-12)
    assert function(X + 100.0, 3.0 * Y) == pytest.approx(function(X, Y), abs=1e-11)


@pytest.mark.parametrize("shape", [(7, 3, 2), (6, 20, 30), (6, 2, 9)])
def test_unbiased_is_a_mean_over_distinct_samples(shape: Any) -> None:
    X, Y = pair(*shape)
    assert sim.cka_unbiased(X, Y) == pytest.approx(unbiased(X, Y), abs=1e-10)


def test_independent_data() -> None:
    values = []
    for _ in range(40):
        X, Y = RNG.standard_normal((2, 50, 200))
        values.append([function(X, Y) for function in FUNCTIONS])
    means = np.mean(values, axis=0)
    assert means[:2] == pytest.approx([0.80, 0.80], abs=0.01)
    assert abs(means[2]) < 0.02
    assert min(value[2] for value in values) < 0.0


@pytest.mark.parametrize("debiased", [False, True])
def test_cka_selects(debiased: bool) -> None:
    X, Y = pair(20, 3, 5)
    assert sim.cka(X, Y, debiased) == FUNCTIONS[debiased](X, Y)
    assert sim.cka(X, Y, debiased, 3, 0.9, 1) == FUNCTIONS[debiased](X, Y, 3, 0.9, 1)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_types_and_layouts(function: Any, dtype: Any) -> None:
    X, Y = (np.round(side).astype(dtype) for side in pair(15, 4, 30))
    expected = function(X.astype(np.float64), Y.astype(np.float64))
    layouts = [X, np.asfortranarray(X), np.repeat(X, 2, axis=0)[::2], X[::-1].copy()[::-1]]
    for layout in layouts:
        assert function(layout, Y) == pytest.approx(expected, abs=1e-13)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("shape", SHAPES)
def test_blocks(function: Any, shape: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    X, Y = pair(*shape)
    whole = function(X, Y)
    monkeypatch.setattr(gram, "BLOCK", 7)
    assert function(X, Y) == pytest.approx(whole, abs=1e-13)


def replicates(n: int, seed: int, number: int) -> list[Any]:
    rng = np.random.default_rng(seed)
    return [rng.choice(n, n, replace=True) for _ in range(number)]


@pytest.mark.parametrize("with_kernels", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("function", FUNCTIONS[:2])
def test_bootstrap_is_of_copied_rows(
    function: Any, shape: Any, with_kernels: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alignment_bootstrap, "_kernels_pay", lambda *_: with_kernels)
    X, Y = pair(*shape)
    expected = [function(X[rows], Y[rows]) for rows in replicates(len(X), 5, 6)]
    found = function(X, Y, n_bootstrap_ci=6, ci=0.5, seed=5)
    assert list(found) == ["mean", "ci_low", "ci_high", "std", "n_bootstraps", "ci_level"]
    assert found["mean"] == pytest.approx(np.mean(expected), abs=1e-12)
    assert found["std"] == pytest.approx(np.std(expected), abs=1e-12)
    interval = [found["ci_low"], found["ci_high"]]
    assert interval == pytest.approx(list(np.percentile(expected, [25, 75])), abs=1e-12)
    assert (found["n_bootstraps"], found["ci_level"]) == (6, 0.5)


@pytest.mark.parametrize("with_kernels", [True, False])
@pytest.mark.parametrize("shape", [(7, 3, 4), (6, 20, 10)])
def test_unbiased_bootstrap_compares_no_sample_with_itself(
    shape: Any, with_kernels: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alignment_bootstrap, "_kernels_pay", lambda *_: with_kernels)
    X, Y = pair(*shape)
    counts = [np.bincount(rows, minlength=len(X)) for rows in replicates(len(X), 5, 4)]
    expected = [unbiased(X, Y, count) for count in counts if np.count_nonzero(count) >= 4]
    found = sim.cka_unbiased(X, Y, n_bootstrap_ci=4, seed=5)
    assert found["n_bootstraps"] == len(expected) > 0
    assert found["mean"] == pytest.approx(np.mean(expected), abs=1e-10)


@pytest.mark.parametrize("function", FUNCTIONS[:2])
def test_bootstrap_with_an_outlier(function: Any) -> None:
    """Without the outlier, centring a replicate would cancel all digits of the kernel."""
    X, Y = pair(10, 4, 20)
    X[3], Y[3] = 1e6, -1e6
    expected = [function(X[rows], Y[rows]) for rows in replicates(10, 2, 12)]
    assert min(expected) < 0.9
    found = function(X, Y, n_bootstrap_ci=12, seed=2)
    assert found["mean"] == pytest.approx(np.mean(expected), abs=1e-12)


def test_result() -> None:
    X, Y = pair(20, 3, 5)
    result: Any = sim.cka(X, Y, n_bootstrap_ci=5, ci=0.8, seed=4, return_type="result")
    interval: Any = sim.cka(X, Y, n_bootstrap_ci=5, ci=0.8, seed=4)
    assert result.estimate == sim.cka(X, Y)
    assert (result.data_ci_low, result.data_ci_high) == (interval["ci_low"], interval["ci_high"])
    assert (result.n_bootstraps, result.ci_level, result.monte_carlo_se) == (5, 0.8, 0.0)
    result.metadata.pop("bootstrap_unit")
    assert list(result.metadata.items()) == [
        ("estimator", "cka"),
        ("package_version", fastshesha.__version__),
        ("input_shapes", [[20, 3], [20, 5]]),
        ("debiased", False),
        ("seed", 4),
    ]


def test_few_samples() -> None:
    X, Y = pair(3, 4, 2)
    assert sim.cka_debiased(X, Y) == sim.cka_linear(X, Y) == pytest.approx(linear(X, Y))
    assert math.isnan(sim.cka_unbiased(X, Y))
    skipped: Any = sim.cka_unbiased(X, Y, n_bootstrap_ci=3, return_type="result")
    assert (skipped.n_bootstraps, len(skipped.warnings)) == (0, 1)
    assert sim.cka_linear(X[:1], Y[:1]) == 0.0


@pytest.mark.parametrize("value", [0.0, 0.1, 7.7, 123456.789])
def test_constant_representations(value: float) -> None:
    X, Y = np.full((11, 3), value), RNG.standard_normal((11, 20))
    assert sim.cka_linear(X, Y) == pytest.approx(0.0, abs=1e-12)
    assert sim.cka_debiased(X, Y) == 0.0
    assert math.isnan(sim.cka_unbiased(X, Y))


@pytest.mark.parametrize("factor", [1e-60, 1e60])
@pytest.mark.parametrize("function", FUNCTIONS[1:])
def test_scale_does_not_matter(function: Any, factor: float) -> None:
    X, Y = pair(20, 4, 30)
    assert function(factor * X, factor * Y) == pytest.approx(function(X, Y), abs=1e-12)


@pytest.mark.parametrize("function", [*FUNCTIONS, sim.cka])
def test_errors(function: Any) -> None:
    X, Y = pair(6, 2, 3)
    with pytest.raises(ValueError, match=r"X and Y must have the same number of samples"):
        function(X, Y[:-1])
    with pytest.raises(ValueError, match=r"Y must contain only finite values"):
        function(X, np.vstack([Y[:-1], Y[-1:] * np.nan]))
    with pytest.raises(ValueError, match="return_type"):
        function(X, Y, return_type="dict")
    with pytest.raises(ValueError, match="n_bootstrap_ci"):
        function(X, Y, n_bootstrap_ci=0)
    with pytest.raises(ValueError, match="ci must be a number"):
        function(X, Y, ci=1.0)
    assert math.isfinite(function(X, Y, ci=1.0, return_type="result").estimate)
    with pytest.raises(ValueError, match="ci must be a number"):
        function(X, Y, ci=1.0, n_bootstrap_ci=2, return_type="result")


@pytest.mark.parametrize("name", ["cka", "cka_linear", "cka_debiased"])
def test_original(oracle: Oracle, name: str) -> None:
    for shape, dtype, options in itertools.product(
        SHAPES, [np.float64, np.float32, np.int8], [{}, {"n_bootstrap_ci": 4, "seed": 3}]
    ):
        X, Y = ((5 * side).astype(dtype) for side in pair(*shape))
        expected = oracle.call(f"shesha.sim.{name}", X, Y, **options).value
        assert getattr(sim, name)(X, Y, **options) == pytest.approx(expected, abs=1e-12)
