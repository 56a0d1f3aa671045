"""Products of a matrix with its own transpose in parts."""

from __future__ import annotations

import numpy as np
import pytest

from fastshesha import _self_products, bio, sim
from fastshesha._self_products import self_product

RNG = np.random.default_rng(5)


@pytest.mark.parametrize("n_rows", [1, 9, 10, 11, 25, 40])
@pytest.mark.parametrize("is_transposed", [False, True])
def test_parts_make_the_whole(
    n_rows: int, is_transposed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_self_products, "LARGEST_ORDER", 10)
    rows = RNG.standard_normal((7, n_rows)).T if is_transposed else RNG.standard_normal((n_rows, 7))
    product = self_product(rows)
    np.testing.assert_allclose(product, rows @ rows.T, rtol=1e-13, atol=1e-13)
    assert np.array_equal(product, product.T)


def test_metrics_of_many_features(monkeypatch: pytest.MonkeyPatch) -> None:
    X = RNG.standard_normal((60, 30))
    Y = X + RNG.standard_normal(X.shape)
    calls = (
        lambda: bio.perturbation_coherence_whitened(X, Y),
        lambda: sim.cka_linear(X, Y),
        lambda: sim.cka_linear(X.T, Y.T),
    )
    expected = [call() for call in calls]
    for name in ("_self_products", "_bio.whitening"):
        monkeypatch.setattr(f"fastshesha.{name}.LARGEST_ORDER", 8)
    np.testing.assert_allclose([call() for call in calls], expected, rtol=1e-12)
