"""The random draws are those of plain numpy code, in the same order."""

from __future__ import annotations

import numpy as np
import pytest

from fastshesha import _plan


@pytest.mark.parametrize("n_features", [4, 5, 8, 33])
def test_subsample_comes_before_the_halves(n_features: int) -> None:
    rng = _plan.generator(320)
    rows = _plan.subsample(rng, 50, 20)
    first, second = _plan.feature_halves(rng, n_features, 3)

    plain = np.random.default_rng(320)
    assert rows is not None
    assert rows.tolist() == plain.choice(50, 20, replace=False).tolist()
    half = n_features // 2
    for split in range(3):
        permutation = plain.permutation(n_features)
        assert first[split].tolist() == permutation[:half].tolist()
        assert second[split].tolist() == permutation[half : 2 * half].tolist()


def test_the_draws_of_a_known_seed() -> None:
    """Pins the streams themselves: with other numbers no published score could be repeated."""
    rng = _plan.generator(320)
    rows_drawn = _plan.subsample(rng, 10, 4)
    assert rows_drawn is not None
    assert rows_drawn.tolist() == [8, 9, 2, 6]
    first, second = _plan.feature_halves(rng, 7, 2)
    assert first.tolist() == [[0, 4, 1], [6, 2, 4]]
    assert second.tolist() == [[2, 6, 3], [1, 5, 0]]
    rows = [rows.tolist() for rows in _plan.bootstrap_rows(320, 5, 2)]
    assert rows == [[1, 4, 1, 3, 1], [1, 2, 3, 2, 1]]
    rows = [rows.tolist() for rows in _plan.conditional_bootstrap_rows(320, 5, 2)]
    assert rows == [[4, 1, 0, 4, 2], [1, 4, 4, 1, 3]]


@pytest.mark.parametrize("max_samples", [None, 10, 11])
def test_nothing_is_drawn_where_there_are_few_rows(max_samples: int | None) -> None:
    rng = _plan.generator(0)
    before = rng.bit_generator.state
    assert _plan.subsample(rng, 10, max_samples) is None
    assert rng.bit_generator.state == before


def test_halves_in_batches_are_halves_at_once() -> None:
    at_once, _ = _plan.feature_halves(_plan.generator(1), 9, 5)
    rng = _plan.generator(1)
    batches = [_plan.feature_halves(rng, 9, size)[0] for size in (2, 3)]
    assert np.array_equal(np.concatenate(batches), at_once)


def test_bootstrap_rows_are_drawn_with_replacement() -> None:
    plain = np.random.default_rng(7)
    for rows in _plan.bootstrap_rows(7, 6, 4):
        assert rows.tolist() == plain.choice(6, 6, replace=True).tolist()


@pytest.mark.parametrize("n_samples", [1, 5, 6])
@pytest.mark.parametrize("indices_per_draw", [1, 13, 1000])
def test_replicates_drawn_together_are_those_drawn_one_by_one(
    monkeypatch: pytest.MonkeyPatch, n_samples: int, indices_per_draw: int
) -> None:
    monkeypatch.setattr(_plan, "_INDICES_PER_DRAW", indices_per_draw)
    plain = np.random.default_rng(7)
    expected = [plain.choice(n_samples, n_samples).tolist() for _ in range(9)]
    assert [rows.tolist() for rows in _plan.bootstrap_rows(7, n_samples, 9)] == expected


def test_a_generator_draws_a_replicate_when_it_is_asked_for() -> None:
    given, plain = np.random.default_rng(7), np.random.default_rng(7)
    for rows in _plan.bootstrap_rows(given, 5, 3):
        assert rows.tolist() == plain.choice(5, 5).tolist()
        assert given.random() == plain.random()


def test_conditional_rows_come_from_the_first_child_of_the_seed() -> None:
    plain = np.random.default_rng(np.random.SeedSequence(7).spawn(1)[0])
    for rows in _plan.conditional_bootstrap_rows(7, 6, 3):
        assert rows.tolist() == plain.choice(6, 6, replace=True).tolist()


def test_a_generator_is_used_as_it_stands() -> None:
    given = np.random.default_rng(3)
    assert _plan.generator(given) is given
