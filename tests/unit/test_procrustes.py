"""procrustes_similarity."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha._sim import gram
from fastshesha.sim import procrustes_similarity
from oracle.client import Oracle

RNG = np.random.default_rng(4)
# The second and the last have half as many samples as features, or fewer.
SHAPES = [(30, 5), (8, 40), (12, 14), (5, 10)]
CHOICES = list(itertools.product([True, False], [True, False]))


def pair(n: int, d: int) -> tuple[Any, Any]:
    X = RNG.standard_normal((n, d)) + 2.0
    return X, 3.0 * X + RNG.standard_normal((n, d))


def plain(X: Any, Y: Any, center: bool = True, scale: bool = True) -> float:
    """One minus the residual of the best rotation."""
    if center:
        X, Y = X - X.mean(axis=0), Y - Y.mean(axis=0)
    if scale:
        X, Y = X / np.linalg.norm(X), Y / np.linalg.norm(Y)
    left, _, right = np.linalg.svd(Y.T @ X)
    residual = ((X - Y @ left @ right) ** 2).sum()
    return float(1.0 - residual / ((X**2).sum() + (Y**2).sum()))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("center", "scale"), CHOICES)
def test_definition(shape: Any, center: bool, scale: bool) -> None:
    X, Y = pair(*shape)
    expected = plain(X, Y, center, scale)
    assert procrustes_similarity(X, Y, center, scale) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_rotations_do_not_matter(shape: Any) -> None:
    X, Y = pair(*shape)
    rotation = np.linalg.qr(RNG.standard_normal((shape[1], shape[1])))[0]
    assert procrustes_similarity(X, 4.0 * X @ rotation - 7.0) == pytest.approx(1.0, abs=1e-12)
    turned = procrustes_similarity(X, Y @ rotation)
    assert turned == pytest.approx(procrustes_similarity(X, Y), abs=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int16, ">f8"])
@pytest.mark.parametrize("shape", SHAPES)
def test_types_and_blocks(shape: Any, dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    X, Y = ((9 * side).astype(dtype) for side in pair(*shape))
    expected = procrustes_similarity(X.astype(np.float64), Y.astype(np.float64))
    assert procrustes_similarity(np.asfortranarray(X), Y) == pytest.approx(expected, abs=1e-13)
    monkeypatch.setattr(gram, "BLOCK", 7)
    assert procrustes_similarity(X, Y) == pytest.approx(expected, abs=1e-13)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("center", "scale"), CHOICES)
def test_bootstrap(shape: Any, center: bool, scale: bool) -> None:
    X, Y = pair(*shape)
    rng = np.random.default_rng(9)
    expected = []
    for _ in range(5):
        rows = rng.choice(len(X), len(X), replace=True)
        expected.append(procrustes_similarity(X[rows], Y[rows], center, scale))
    found: Any = procrustes_similarity(X, Y, center, scale, 5, 0.5, 9)
    expected = [score for score in expected if math.isfinite(score)]
    assert found["n_bootstraps"] == len(expected) > 3
    assert found["mean"] == pytest.approx(np.mean(expected), abs=1e-12)
    interval = [found["ci_low"], found["ci_high"]]
    assert interval == pytest.approx(list(np.percentile(expected, [25, 75])), abs=1e-12)


@pytest.mark.parametrize("shape", [(6, 3), (4, 12)])
def test_replicates_with_a_constant_feature_are_skipped(shape: Any) -> None:
    X, Y = pair(*shape)
    X[:, 1] = np.arange(shape[0]) == 0
    rng = np.random.default_rng(1)
    drawn = [rng.choice(shape[0], shape[0], replace=True) for _ in range(20)]
    n_varied = sum(0 < (rows == 0).sum() < shape[0] for rows in drawn)
    result: Any = procrustes_similarity(X, Y, n_bootstrap_ci=20, seed=1, return_type="result")
    assert 0 < n_varied < 20
    assert result.n_bootstraps == n_varied
    assert len(result.warnings) == 1


@pytest.mark.parametrize("n_samples", [1, 5])
def test_constant_features(n_samples: int) -> None:
    X, Y = pair(n_samples, 3)
    X[:, 0] = 0.1
    assert math.isnan(procrustes_similarity(X, Y))
    assert math.isnan(procrustes_similarity(Y, X, n_bootstrap_ci=3))
    result: Any = procrustes_similarity(X, Y, n_bootstrap_ci=3, return_type="result")
    assert (result.n_bootstraps, result.ci_level, len(result.warnings)) == (0, 0.95, 1)


def test_small_representations() -> None:
    X, Y = pair(6, 3)
    assert math.isnan(procrustes_similarity(1e-13 * X, Y))
    tiny = 1e-7 * X
    assert math.isnan(procrustes_similarity(tiny, tiny, scale=False))
    assert procrustes_similarity(tiny, tiny) == pytest.approx(1.0, abs=1e-12)


def test_result() -> None:
    X, Y = pair(9, 3)
    result: Any = procrustes_similarity(X, Y, scale=False, return_type="result", ci=7)
    assert result.estimate == procrustes_similarity(X, Y, scale=False)
    assert (result.monte_carlo_se, result.ci_level, result.warnings) == (0.0, None, ())
    result.metadata.pop("bootstrap_unit")
    assert list(result.metadata.items()) == [
        ("estimator", "procrustes_similarity"),
        ("package_version", fastshesha.__version__),
        ("input_shapes", [[9, 3], [9, 3]]),
        ("center", True),
        ("scale", False),
        ("seed", None),
    ]


@pytest.mark.parametrize("shape", [(6, 2), (5, 3)])
def test_shapes_must_agree(shape: Any) -> None:
    X, Y = pair(6, 3)
    with pytest.raises(ValueError, match=r"X and Y must have the same shape for Procrustes"):
        procrustes_similarity(X, Y[: shape[0], : shape[1]])


def test_original(oracle: Oracle) -> None:
    for shape, dtype, (center, scale), options in itertools.product(
        SHAPES, [np.float64, np.float32], CHOICES, [{}, {"n_bootstrap_ci": 4, "seed": 3}]
    ):
        X, Y = (side.astype(dtype) for side in pair(*shape))
        function = "shesha.sim.procrustes_similarity"
        expected = oracle.call(function, X, Y, center=center, scale=scale, **options).value
        found = procrustes_similarity(X, Y, center, scale, **options)
        assert found == pytest.approx(expected, abs=1e-12)
