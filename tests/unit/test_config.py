"""The settings of ``config``."""

from __future__ import annotations

import contextvars
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha._config import Settings, current_settings


def test_settings_hold_inside_the_block_and_nest() -> None:
    assert current_settings() == Settings(threads=None)
    with fastshesha.config(threads=3) as outer:
        assert outer == current_settings() == Settings(threads=3)
        with fastshesha.config(threads=np.int64(5)):
            assert current_settings() == Settings(threads=5)
        with fastshesha.config() as unchanged:
            assert unchanged == Settings(threads=3)
        assert current_settings() == Settings(threads=3)
    assert current_settings() == Settings()


def test_settings_end_with_an_error() -> None:
    with pytest.raises(KeyError), fastshesha.config(threads=3):
        raise KeyError
    assert current_settings() == Settings()


def test_a_block_can_be_entered_again() -> None:
    block = fastshesha.config(threads=2)
    with block, fastshesha.config(threads=4), block:
        assert current_settings() == Settings(threads=2)
    with block:
        assert current_settings() == Settings(threads=2)
    assert current_settings() == Settings()


def test_settings_belong_to_the_task() -> None:
    with fastshesha.config(threads=3):
        task = contextvars.copy_context()
        inside = task.run(fastshesha.config(threads=9).__enter__)
        assert inside == task.run(current_settings) == Settings(threads=9)
        assert current_settings() == Settings(threads=3)


@pytest.mark.parametrize("threads", [0, -1, 4097, True, 2.0, "2"])
def test_bad_numbers_of_threads_are_refused_at_once(threads: object) -> None:
    with pytest.raises(ValueError) as caught:
        fastshesha.config(threads=threads)
    assert str(caught.value) == f"threads must be an integer from 1 to 4096, got {threads!r}"


@pytest.mark.parametrize(
    ("memory", "n_bytes"),
    [(1, 1), (np.int32(5), 5), ("64MiB", 2**26), ("1.5 GB", 15 * 10**8), ("100kB", 10**5)],
)
def test_amounts_of_memory(memory: int | str, n_bytes: int) -> None:
    with fastshesha.config(memory=memory) as settings:
        assert settings == Settings(memory=n_bytes)


@pytest.mark.parametrize("memory", [0, -1, True, 2.5, "", "64", "MiB", "64 mib", "0B", "-1MiB"])
def test_bad_amounts_of_memory_are_refused(memory: Any) -> None:
    with pytest.raises(ValueError, match=r"^memory must be a positive number of bytes") as caught:
        fastshesha.config(memory=memory)
    assert str(caught.value).endswith(f"got {memory!r}")


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'thread'"):
        fastshesha.config(thread=2)
