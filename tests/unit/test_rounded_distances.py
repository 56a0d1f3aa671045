"""Distances that need not be exact: nearly so, and exact where digits would be lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import _kernels
from fastshesha._supervised import pair_sums

pytestmark = pytest.mark.usefixtures("level")
RNG = np.random.default_rng(12)
X = RNG.standard_normal((61, 97))
CLASSES = np.arange(61) % 3
DATA = {
    "normal": X,
    "clusters": 1e-6 * X + 100.0 * RNG.standard_normal((3, 97))[CLASSES],
    "far from zero": X + 1e6,
    "rows twice": X[np.arange(61) % 30],
    "one large feature": X * np.where(np.arange(97) == 5, 1e4, 1.0),
    "tiny": X * 1e-160,
    "huge": X * 1e153,
    "zero rows": np.where(np.arange(61)[:, None] % 4 == 0, 0.0, X),
    "single precision": X.astype(np.float32),
    "integers": RNG.integers(-3, 4, (61, 97)),
}


@pytest.mark.parametrize("name", DATA)
def test_rounded_distances_are_close_to_each_exact_one(name: str) -> None:
    rows = DATA[name]
    exact = _kernels.condensed_distances(rows, "euclidean")
    rounded = _kernels.condensed_distances(rows, "euclidean", exact=False)
    np.testing.assert_allclose(rounded, exact, rtol=2e-13, atol=0.0)
    exact = _kernels.cross_distances(rows[:20], rows[15:], "euclidean")
    rounded = _kernels.cross_distances(rows[:20], rows[15:], "euclidean", exact=False)
    np.testing.assert_allclose(rounded, exact, rtol=2e-13, atol=0.0)


@pytest.mark.parametrize("metric", ["cosine", "correlation"])
def test_rounded_angles(metric: str) -> None:
    exact = _kernels.condensed_distances(X, metric)
    rounded = _kernels.condensed_distances(X, metric, exact=False)
    np.testing.assert_allclose(rounded, exact, rtol=0.0, atol=1e-14)


@pytest.mark.parametrize("name", sorted(set(DATA) - {"tiny", "huge"}))
def test_class_separation_is_that_of_exact_distances(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def score() -> Any:
        return fastshesha.class_separation_ratio(DATA[name], CLASSES, seed=4)

    found = score()
    monkeypatch.setattr(pair_sums, "lie_far_off", lambda rows: True)
    assert found == pytest.approx(score(), rel=2e-13)


def test_products_serve_data_about_zero() -> None:
    served = {name for name, rows in DATA.items() if not pair_sums.lie_far_off(rows)}
    assert served == set(DATA) - {"far from zero", "huge"}
