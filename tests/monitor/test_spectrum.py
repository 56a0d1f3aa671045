"""`fastshesha.spectrum` against the definitions, written with numpy's own decompositions."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fastshesha import spectrum

Matrix = NDArray[np.float64]


def _singular_values(X: Matrix) -> Matrix:
    return np.asarray(np.linalg.svd(X, compute_uv=False), dtype=np.float64)


def _effective_rank(X: Matrix) -> float:
    shares = _singular_values(X) / _singular_values(X).sum() + 1e-7
    return float(np.exp(-(shares * np.log(shares)).sum()))


def _participation_ratio(X: Matrix) -> float:
    values = np.linalg.eigvalsh(np.cov(X.T))
    return float(values.sum() ** 2 / (values**2).sum())


def _alpha_req(X: Matrix) -> float:
    values = _singular_values(X - X.mean(axis=0)) ** 2
    values = values[values > values[0] * 1e-10]
    slope, _ = np.polyfit(np.log(np.arange(1, len(values) + 1)), np.log(values), 1)
    return float(-slope)


def _mean_cosine(X: Matrix) -> float:
    units = X / np.linalg.norm(X, axis=1, keepdims=True)
    return float((units @ units.T)[np.triu_indices(len(X), 1)].mean())


def _normalised_spread(X: Matrix) -> float:
    units = X / np.linalg.norm(X, axis=1, keepdims=True)
    return float(units.std(axis=0, ddof=1).mean() * math.sqrt(X.shape[1]))


PLAIN: dict[str, Callable[[Matrix], float]] = {
    "effective_rank": _effective_rank,
    "participation_ratio": _participation_ratio,
    "feature_participation_ratio": lambda X: float(X.var(0).sum() ** 2 / (X.var(0) ** 2).sum()),
    "normalised_spread": _normalised_spread,
    "energy": lambda X: float((X**2).mean()),
    "mean_cosine": _mean_cosine,
    "alpha_req": _alpha_req,
}


def skewed(n_samples: int, n_features: int) -> Matrix:
    """Features of different size about means of their own."""
    rng = np.random.default_rng(n_samples)
    sizes = np.linspace(0.2, 3.0, n_features)
    return rng.standard_normal((n_samples, n_features)) * sizes + rng.standard_normal(n_features)


@pytest.mark.parametrize("shape", [(60, 9), (7, 33), (2, 4), (12, 12)])
@pytest.mark.parametrize("name", PLAIN)
def test_values_are_those_of_the_definition(name: str, shape: tuple[int, int]) -> None:
    X = skewed(*shape)
    if name == "alpha_req" and min(shape) < 4:
        assert math.isnan(spectrum.alpha_req(X))
        return
    assert getattr(spectrum, name)(X) == pytest.approx(PLAIN[name](X), rel=1e-9)
    assert spectrum.summary(X)[name] == getattr(spectrum, name)(X)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int16])
def test_any_type_and_layout_is_read_as_its_values(name: str, dtype: type) -> None:
    X: NDArray[Any] = np.round(skewed(40, 6) * 8).astype(dtype)
    expected = getattr(spectrum, name)(X.astype(np.float64))
    for given in (X, np.asfortranarray(X), X[::-1][::-1], X.astype(X.dtype.newbyteorder())):
        assert getattr(spectrum, name)(given) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("shape", [(60, 9), (9, 60)])
def test_more_blocks_than_one_give_the_same(
    shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastshesha._spectrum.blocks._VALUES_PER_BLOCK", 65)
    X = skewed(*shape)
    expected = {name: plain(X) for name, plain in PLAIN.items()}
    assert spectrum.summary(X) == pytest.approx(expected, rel=1e-9)


def test_float32_is_not_copied_as_a_whole() -> None:
    X = skewed(40_000, 64).astype(np.float32)
    tracemalloc.start()
    spectrum.summary(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * X.nbytes  # a float64 copy of everything and one temporary would be 4


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_no_score_but_energy_depends_on_the_size(size: float) -> None:
    X = skewed(30, 8)
    large, usual = spectrum.summary(X * size), spectrum.summary(X)
    assert large.pop("energy") == (0.0 if size < 1 else math.inf)
    del usual["energy"]
    assert large == pytest.approx(usual, rel=1e-9)


def test_what_is_not_defined_is_nan() -> None:
    zeros = spectrum.summary(np.zeros((5, 3)))
    assert {name for name, value in zeros.items() if not math.isnan(value)} == {
        "energy",
        "normalised_spread",
    }
    constant = spectrum.summary(np.full((5, 3), 0.1))
    undefined = {name for name, value in constant.items() if math.isnan(value)}
    assert undefined == {"participation_ratio", "feature_participation_ratio", "alpha_req"}
    assert constant["effective_rank"] == pytest.approx(1.0, abs=1e-4)
    assert constant["mean_cosine"] == pytest.approx(1.0)


def test_options_of_the_effective_rank() -> None:
    X = skewed(30, 8)
    values = _singular_values(X - X.mean(axis=0)) ** 2
    shares = values / values.sum()
    expected = np.exp(-(shares * np.log(shares)).sum())
    found = spectrum.effective_rank(X, center=True, spectrum="eigen", eps=0.0)
    assert found == pytest.approx(expected)


def test_a_range_of_eigenvalues_can_be_fitted() -> None:
    X = skewed(30, 8)
    values = _singular_values(X - X.mean(axis=0))[1:5] ** 2
    slope, _ = np.polyfit(np.log(np.arange(2, 6)), np.log(values), 1)
    assert spectrum.alpha_req(X, first=2, last=5) == pytest.approx(-slope)


@pytest.mark.parametrize("name", PLAIN)
def test_bad_input_is_named(name: str) -> None:
    score = getattr(spectrum, name)
    with pytest.raises(ValueError, match="X must contain only finite values, got nan at row 1"):
        score([[1.0, 2.0], [math.nan, 1.0]])
    with pytest.raises(ValueError, match="X must be a 2-dimensional array"):
        score([1.0, 2.0])
    with pytest.raises(ValueError, match=r"X must have at least . rows? and 1 feature"):
        score(np.zeros((0, 3)))


def test_bad_options_are_named() -> None:
    X = skewed(5, 5)
    with pytest.raises(ValueError, match="eps must be a finite number >= 0, got -1"):
        spectrum.effective_rank(X, eps=-1)
    with pytest.raises(ValueError, match="Unknown spectrum: must be one of 'singular', 'eigen'"):
        spectrum.effective_rank(X, spectrum="other")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="last must be at least first = 4, got 3"):
        spectrum.alpha_req(X, first=4, last=3)
