"""How far a call is: shown by a bar, told to a callable, or not at all."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

import fastshesha
from fastshesha._progress import Progress


def advance_twice() -> None:
    with Progress("items", 2) as progress:
        progress.advance()
        progress.advance()


def test_a_callable_is_told_of_the_start_and_of_every_item() -> None:
    told: list[tuple[int, int]] = []
    with fastshesha.config(progress=lambda done, total: told.append((done, total))):
        advance_twice()
        with fastshesha.config(progress=False):
            advance_twice()
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_nothing_is_shown_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    advance_twice()


def test_true_draws_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    class Bar:
        def __init__(self, **options: Any) -> None:
            calls.append(options)

        def update(self, n_items: int) -> None:
            calls.append(n_items)

        def close(self) -> None:
            calls.append("close")

    monkeypatch.setitem(sys.modules, "tqdm", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "tqdm.auto", SimpleNamespace(tqdm=Bar))
    with fastshesha.config(progress=True):
        advance_twice()
    options = {"total": 2, "desc": "items", "disable": None}
    assert calls == [options, 1, 1, "close"]


def test_a_bar_without_tqdm_is_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with (
        fastshesha.config(progress=True),
        pytest.raises(ImportError, match="pip install tqdm, or pass a callable"),
    ):
        advance_twice()


@pytest.mark.parametrize("progress", [1, 0, "yes", 2.5])
def test_other_settings_are_refused_at_once(progress: object) -> None:
    with pytest.raises(TypeError) as caught:
        fastshesha.config(progress=progress)
    assert str(caught.value) == (
        f"progress must be True, False or a callable(done, total), got {progress!r}"
    )
