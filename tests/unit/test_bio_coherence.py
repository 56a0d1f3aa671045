"""perturbation_coherence and its two short forms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from fastshesha import StabilityResult, __version__
from fastshesha._bio import nearest
from fastshesha._bio.whitening import Whitening
from fastshesha.bio import (
    perturbation_coherence,
    perturbation_coherence_knn,
    perturbation_coherence_whitened,
)

RNG = np.random.default_rng(3)
CONTROL = RNG.standard_normal((40, 6)) * [1, 2, 3, 1, 1, 1]
PERTURBED = RNG.standard_normal((25, 6)) + np.array([1, 0, 0, 0, 0, 2])
METHODS = ["standard", "whitened", "knn"]


def mean_cosine(shifts: Any) -> float:
    mean = shifts.mean(axis=0)
    return float(np.mean(shifts @ mean / np.linalg.norm(shifts, axis=1)) / np.linalg.norm(mean))


def test_definition_of_standard() -> None:
    shifts = PERTURBED - CONTROL.mean(axis=0)
    assert perturbation_coherence(CONTROL, PERTURBED) == pytest.approx(mean_cosine(shifts))
    spread = ((shifts - shifts.mean(axis=0)) ** 2).sum() / (shifts**2).sum()
    found = perturbation_coherence(CONTROL, PERTURBED, metric="euclidean")
    assert found == pytest.approx(1 - spread)


def test_definition_of_whitened() -> None:
    values, vectors = np.linalg.eigh(np.cov(CONTROL.T) + 0.5 * np.eye(6))
    whitening = vectors @ np.diag(values**-0.5) @ vectors.T
    expected = mean_cosine((PERTURBED - CONTROL.mean(axis=0)) @ whitening)
    found = perturbation_coherence_whitened(CONTROL, PERTURBED, 0.5)
    assert found == pytest.approx(expected, abs=1e-12)
    assert found == perturbation_coherence(CONTROL, PERTURBED, "whitened", regularization=0.5)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_definition_of_knn(metric: Any) -> None:
    distances = np.linalg.norm(PERTURBED[:, None] - CONTROL, axis=2)
    if metric == "cosine":
        lengths = np.outer(np.linalg.norm(PERTURBED, axis=1), np.linalg.norm(CONTROL, axis=1))
        distances = -PERTURBED @ CONTROL.T / lengths
    closest = np.argsort(distances, axis=1)[:, :7]
    expected = mean_cosine(PERTURBED - CONTROL[closest].mean(axis=1))
    found = perturbation_coherence_knn(CONTROL, PERTURBED, 7, metric)
    assert found == pytest.approx(expected, abs=1e-12)
    assert found == perturbation_coherence(CONTROL, PERTURBED, "knn", metric, 7)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_neighbours_among_many_controls(metric: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    control = np.asfortranarray(CONTROL.astype(np.float32))
    expected = perturbation_coherence_knn(control, PERTURBED, 7, metric)
    for limit in ("_MOST_VALUES_AT_ONCE", "_VALUES_PER_BLOCK", "QUERIES_PER_PRODUCT"):
        monkeypatch.setattr(nearest, limit, 16)
    found = perturbation_coherence_knn(control, PERTURBED, 7, metric)
    assert found == pytest.approx(expected, abs=1e-14)


def test_more_neighbours_than_controls_are_all_of_them() -> None:
    shifts = PERTURBED - CONTROL.mean(axis=0)
    assert perturbation_coherence_knn(CONTROL, PERTURBED, 50) == pytest.approx(mean_cosine(shifts))


@pytest.mark.parametrize("method", METHODS)
def test_a_subsample_is_drawn_from_the_perturbed(method: Any) -> None:
    rows = np.random.default_rng(4).choice(25, 10, replace=False)
    expected = perturbation_coherence(CONTROL, PERTURBED[rows], method, k=5)
    found = perturbation_coherence(CONTROL, PERTURBED, method, k=5, seed=4, max_samples=10)
    assert found == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("method", METHODS)
def test_bootstrap_resamples_both_samples_on_their_own(method: Any) -> None:
    rng = np.random.default_rng(5)
    scores = []
    for _ in range(6):
        first = rng.choice(40, 40, replace=True)
        second = rng.choice(25, 25, replace=True)
        scores.append(perturbation_coherence(CONTROL[first], PERTURBED[second], method, k=5))
    found = perturbation_coherence(CONTROL, PERTURBED, method, k=5, seed=5, n_bootstrap_ci=6)
    assert found["mean"] == np.mean(scores)
    assert (found["n_bootstraps"], found["ci_level"]) == (6, 0.95)
    options: Any = {"k": 5, "seed": 5, "n_bootstrap_ci": 6, "return_type": "result"}
    result = perturbation_coherence(CONTROL, PERTURBED, method, **options)
    assert isinstance(result, StabilityResult)
    assert (result.data_ci_low, result.data_ci_high) == (found["ci_low"], found["ci_high"])
    assert result.estimate == perturbation_coherence(CONTROL, PERTURBED, method, k=5)


def test_results_say_where_they_come_from() -> None:
    result: Any = perturbation_coherence(CONTROL, PERTURBED, seed=1, return_type="result", ci="?")
    assert (result.monte_carlo_se, result.ci_level) == (0.0, None)
    result.metadata.pop("bootstrap_unit")
    assert list(result.metadata.items()) == [
        ("estimator", "perturbation_coherence"),
        ("package_version", __version__),
        ("input_shapes", [[40, 6], [25, 6]]),
        ("method", "standard"),
        ("metric", "cosine"),
        ("k", 50),
        ("regularization", 1e-6),
        ("seed", 1),
        ("max_samples", 1000),
    ]
    drawn: Any = perturbation_coherence(CONTROL, PERTURBED, max_samples=9, return_type="result")
    assert math.isnan(drawn.monte_carlo_se)


@pytest.mark.parametrize("method", METHODS)
def test_degenerate_samples(method: Any) -> None:
    assert math.isnan(perturbation_coherence(CONTROL[:4], PERTURBED, method))
    assert math.isnan(perturbation_coherence(CONTROL, PERTURBED[:4], method))
    assert perturbation_coherence(CONTROL * 0, np.zeros((9, 6)), method) == 0.0
    replicates = perturbation_coherence(CONTROL, PERTURBED[:4], method, n_bootstrap_ci=3)
    assert replicates["n_bootstraps"] == 0
    assert math.isnan(replicates["mean"])


def test_few_moved_samples() -> None:
    perturbed = np.zeros((9, 2))
    perturbed[:4] = [1.0, 0.0]
    control = np.zeros((8, 2))
    assert perturbation_coherence(control, perturbed) == pytest.approx(4 / 9)
    assert perturbation_coherence_whitened(control, perturbed) == 0.0
    assert perturbation_coherence_knn(control, perturbed, 3) == 0.0


def test_one_feature_can_be_whitened() -> None:
    control, perturbed = CONTROL[:, :1], np.array([[1.0]] * 6 + [[-1.0]] * 2)
    assert perturbation_coherence_whitened(control - control.mean(), perturbed) == 0.5


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_an_overflowing_covariance_leaves_the_shifts_as_they_are() -> None:
    assert Whitening.from_rows(CONTROL * 1e200, 1e-6).transform is None
    expected = mean_cosine(PERTURBED - 0.5)
    found = Whitening(np.full(6, 0.5), None).coherence(PERTURBED)
    assert found == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("kind", ["f2", ">f4", "i4", "?"])
@pytest.mark.parametrize("method", METHODS)
def test_any_numeric_type(method: Any, kind: str) -> None:
    control, perturbed = (np.round(3 * X).astype(kind) for X in (CONTROL, PERTURBED))
    expected = perturbation_coherence(control.astype(float), perturbed.astype(float), method, k=9)
    assert perturbation_coherence(control, perturbed, method, k=9) == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "nearest"}, "method: must be one of 'standard', 'whitened', 'knn'; got"),
        ({"metric": "cityblock"}, "metric: must be one of 'cosine', 'euclidean'; got"),
        ({"k": 0}, "k must be an integer >= 1, got 0"),
        ({"regularization": 0.0}, "regularization must be a finite number > 0, got 0.0"),
        ({"max_samples": 2.5}, "max_samples must be an integer >= 1 or None, got 2.5"),
        ({"n_bootstrap_ci": 0}, "n_bootstrap_ci must be an integer >= 1 or None, got 0"),
        ({"ci": 1.0}, "ci must be a number strictly between 0 and 1, got 1.0"),
        ({"return_type": "dict"}, "return_type: must be one of 'float', 'result'; got 'dict'"),
        ({"X_perturbed": PERTURBED[:, :5]}, r"same number of features \(columns\), got shapes"),
        ({"X_control": [[math.nan, 0.0]]}, "X_control must contain only finite values"),
        ({"X_perturbed": [1.0, 2.0]}, "X_perturbed must be a 2-dimensional array"),
    ],
)
def test_messages(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        perturbation_coherence(**{"X_control": CONTROL, "X_perturbed": PERTURBED, **arguments})


def test_neighbours_need_features() -> None:
    with pytest.raises(ValueError, match=r"needs at least one feature, got X_control of shape"):
        perturbation_coherence_knn(np.empty((9, 0)), np.empty((9, 0)))
    assert perturbation_coherence(np.empty((9, 0)), np.empty((9, 0))) == 0.0
