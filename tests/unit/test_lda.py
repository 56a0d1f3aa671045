"""lda_stability."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha._supervised.discriminant import discriminant, reduced

LABELS = np.random.default_rng(1).permutation(np.arange(40) % 2)
RNG = np.random.default_rng(6)
X = RNG.standard_normal((40, 5)) + LABELS[:, None]
WIDE = RNG.standard_normal((40, 150)) + 0.1 * LABELS[:, None]


def plain_direction(first: Any, second: Any) -> Any:
    residuals = np.vstack([side - side.mean(axis=0) for side in (first, second)])
    S = residuals.T @ residuals / len(residuals) + 1e-6 * np.eye(residuals.shape[1])
    w = np.linalg.solve(S, second.mean(axis=0) - first.mean(axis=0))
    return w / (np.linalg.norm(w) + 1e-12)


def plain_score(rows: Any, labels: Any, n: int, fraction: float, seed: int) -> float:
    rng = np.random.default_rng(seed)
    first, second = (np.flatnonzero(labels == label) for label in np.unique(labels))
    size = int(len(rows) * fraction) // 2
    whole = plain_direction(rows[first], rows[second])
    cosines = []
    for _ in range(n):
        drawn = [rng.choice(members, size, replace=True) for members in (first, second)]
        cosines.append(abs(whole @ plain_direction(*(rows[part] for part in drawn))))
    return float(np.mean(cosines))


@pytest.mark.parametrize("fraction", [0.5, 1.0, 0.1])
@pytest.mark.parametrize("labels", [LABELS, np.array(["x", "y"])[LABELS], LABELS > 0])
def test_definition(labels: Any, fraction: float) -> None:
    expected = plain_score(X, labels, 8, fraction, 3)
    assert fastshesha.lda_stability(X, labels, 8, fraction, 3) == pytest.approx(expected, abs=1e-10)


def test_more_features_than_samples() -> None:
    assert reduced(WIDE).shape == (40, 40)
    expected = plain_score(WIDE, LABELS, 8, 0.5, 3)
    assert fastshesha.lda_stability(WIDE, LABELS, 8, seed=3) == pytest.approx(expected, abs=1e-8)
    rng = np.random.default_rng(5)
    scores = []
    for _ in range(3):
        rows = rng.choice(40, 40, replace=True)
        scores.append(plain_score(WIDE[rows], LABELS[rows], 4, 0.5, 5))
    found = fastshesha.lda_stability(WIDE, LABELS, 4, seed=5, n_bootstrap_ci=3)
    assert found["mean"] == pytest.approx(float(np.mean(scores)), abs=1e-8)


def test_reduced_rows_keep_their_products() -> None:
    coordinates = reduced(WIDE)
    np.testing.assert_allclose(coordinates @ coordinates.T, WIDE @ WIDE.T, atol=1e-11)


@pytest.mark.parametrize(
    "rows",
    [X, np.ones((40, 150)), np.vstack([WIDE[:39], WIDE[:1]]), np.outer(X[:, 0], WIDE[0])],
    ids=["few_features", "equal", "one_twice", "rank_one"],
)
def test_rows_that_depend_on_each_other_are_not_reduced(rows: Any) -> None:
    assert reduced(rows) is rows


def test_equal_rows_have_no_direction() -> None:
    assert fastshesha.lda_stability(np.ones((40, 150)), LABELS, 4, seed=1) == 0.0


def test_direction_is_a_unit_vector() -> None:
    w = discriminant(X[LABELS == 0], X[LABELS == 1])
    assert np.linalg.norm(w) == pytest.approx(1.0, abs=1e-9)


def test_it_takes_two_classes() -> None:
    with pytest.raises(ValueError, match=r"^lda_stability needs exactly 2 classes in y, got 3$"):
        fastshesha.lda_stability(X, np.arange(40) % 3)
    with pytest.raises(ValueError, match=r"exactly 2 classes in y, got 1$"):
        fastshesha.lda_stability(X, np.zeros(40), return_type="result")
    with pytest.raises(ValueError, match="exactly 2 classes in y and no missing labels, got 20"):
        fastshesha.lda_stability(X, np.where(LABELS == 0, np.nan, 1.0), n_bootstrap_ci=2)


def test_empty_resamples_and_overflow_are_told() -> None:
    with pytest.warns(RuntimeWarning, match="drew no samples"):
        assert math.isnan(fastshesha.lda_stability(X, LABELS, subsample_frac=0.04))
    with pytest.warns(RuntimeWarning, match="overflow in lda_stability") as caught:
        found = fastshesha.lda_stability(X * 1e200, LABELS, n_bootstrap_ci=3)
    assert math.isnan(found["mean"])
    assert len(caught) == 1


def test_result() -> None:
    result = fastshesha.lda_stability(X, LABELS, seed=1, n_bootstrap_ci=3, return_type="result")
    found = fastshesha.lda_stability(X, LABELS, seed=1, n_bootstrap_ci=3)
    assert result.estimate == fastshesha.lda_stability(X, LABELS, seed=1)
    assert (result.data_ci_low, result.data_ci_high) == (found["ci_low"], found["ci_high"])
    assert math.isnan(result.monte_carlo_se)
    result.metadata.pop("bootstrap_unit")
    assert list(result.metadata.items()) == [
        ("estimator", "lda_stability"),
        ("package_version", fastshesha.__version__),
        ("input_shapes", [[40, 5], [40]]),
        ("n_bootstrap", 50),
        ("subsample_frac", 0.5),
        ("seed", 1),
    ]
