"""The simulated runs are the tutorial's: same draws, same formulas."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fastshesha.demo.simulation import SCENARIOS, simulate_training
from parity.tutorial.make_tutorial_values import VALUES_FILE, array_digest


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_arrays_are_those_the_reference_values_were_computed_on(scenario: str) -> None:
    history, labels = simulate_training(scenario=scenario)
    expected = json.loads(VALUES_FILE.read_text())["array_digests"][scenario]
    assert array_digest([*history, labels]) == expected


def test_the_digest_sees_draws_out_of_order() -> None:
    healthy, _ = simulate_training(scenario="healthy", n_epochs=3)
    another_seed, _ = simulate_training(scenario="healthy", n_epochs=3, seed=321)
    assert array_digest(healthy) != array_digest(another_seed)
    assert array_digest(healthy) != array_digest(healthy[::-1])


def test_the_class_signal_is_the_unit_direction_of_each_class() -> None:
    _, labels = simulate_training(n_samples=10, n_features=8, n_epochs=1)
    assert labels.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    early, late = simulate_training(10, 8, 4, "overfit", seed=5)[0][1:3]
    rng = np.random.default_rng(5)
    base = rng.standard_normal((10, 30)) @ rng.standard_normal((30, 8))
    base /= base.std()
    directions = rng.standard_normal((5, 8))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    noise = [rng.standard_normal((10, 8)) for _ in range(3)]
    np.testing.assert_allclose(
        early, 0.875 * base + directions[labels] + 0.2 * noise[1], rtol=0, atol=1e-14
    )
    np.testing.assert_allclose(
        late, 0.75 * base + 2 * directions[labels] + 0.4 * noise[2], rtol=0, atol=1e-14
    )


def test_collapse_draws_nothing_and_fades_the_last_features() -> None:
    history, _ = simulate_training(20, 40, 2, "collapse")
    start, half = history
    np.testing.assert_array_equal(half[:, :22], start[:, :22])
    np.testing.assert_array_equal(half[:, 22:], start[:, 22:] * 0.5)


@pytest.mark.parametrize("n_samples", [0, 4, 12, -5])
def test_rows_that_do_not_divide_into_five_classes_are_refused(n_samples: int) -> None:
    with pytest.raises(
        ValueError, match=rf"n_samples must be a positive multiple of 5; got {n_samples}"
    ):
        simulate_training(n_samples=n_samples)


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"one of 'healthy', .*'overfit'; got 'sick'"):
        simulate_training(scenario="sick")
