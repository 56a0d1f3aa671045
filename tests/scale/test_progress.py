"""How far streamed calls are: all splits told of as one, whatever the callback does."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

import fastshesha
from scale.streamed import EXACT_PAIRS, split


def told_of(callback: Callable[[int, int], object]) -> float:
    with fastshesha.config(exact_pairs=EXACT_PAIRS, progress=callback):
        score = split(n_splits=3)
    assert isinstance(score, float)
    return score


@pytest.fixture(scope="module")
def expected() -> float:
    return told_of(lambda done, total: None)


def test_tiles_of_all_splits_are_counted(expected: float) -> None:
    told: list[tuple[int, int]] = []
    assert told_of(lambda done, total: told.append((done, total))) == expected
    done = [count for count, _ in told]
    assert done[0] == 0
    assert done == sorted(done)
    assert {total for _, total in told} == {done[-1]}
    assert len(told) >= 7


def test_a_slow_callback_changes_nothing(expected: float) -> None:
    assert told_of(lambda done, total: time.sleep(0.05)) == expected


@pytest.mark.parametrize("last", [0, 1, 5])
def test_a_callback_that_raises_or_cancels_ends_the_call(last: int, expected: float) -> None:
    def stop(done: int, total: int) -> bool:
        if done >= last:
            raise ZeroDivisionError
        return True

    with pytest.raises(ZeroDivisionError):
        told_of(stop)
    with pytest.raises(fastshesha.Cancelled, match=r"^progress returned False after \d+ of \d+$"):
        told_of(lambda done, total: done < last)
    assert told_of(lambda done, total: 0) == expected
