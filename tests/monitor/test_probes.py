"""Probe sets and what embeds them, and a check of a model of no framework."""

from __future__ import annotations

import logging
import math
from typing import Any

import numpy as np
import pytest

from fastshesha.monitor.callbacks.probes import batches_of, joined, sources_of
from fastshesha.monitor.callbacks.ranks import Ranks
from fastshesha.monitor.callbacks.watch import Watch
from monitor.runs import LABELS, embeddings

X = embeddings()
ALONE = Ranks(True, lambda value: value)


class Reader:
    """Runs a model that is a function."""

    def require(self, model: Any, name: str) -> None:
        raise ValueError(f"{type(model).__name__} has no {name}")

    def read(self, model: Any, source: Any, batch: Any) -> Any:
        return source(model, batch)


def watch(embed: Any, labels: Any = LABELS, **options: Any) -> Watch:
    return Watch(Reader(), X, embed, labels, 25, "a/", True, {"n_splits": 2, **options})


def test_arrays_are_cut_and_iterables_are_read_once() -> None:
    assert [len(batch) for batch in batches_of(X, 25)] == [25, 25, 10]
    assert [len(batch[1]) for batch in batches_of((X, LABELS), 59)] == [59, 1]
    assert [sorted(batch) for batch in batches_of({"x": X, "y": LABELS}, 60)] == [["x", "y"]]
    assert [batch is X for batch in batches_of(iter([X, X]), 5)] == [True, True]


@pytest.mark.parametrize(
    ("probes", "batch_size", "message"),
    [
        (X, 0, "batch_size must be at least 1; got 0"),
        (X[:0], 5, "probes must hold at least one row; got none"),
        ([], 5, "probes must hold at least one row; got none"),
        ({}, 5, "probes must hold at least one row; got none"),
        (7, 5, "probes must be an array, .* got int"),
    ],
)
def test_bad_probes_are_named(probes: Any, batch_size: int, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        batches_of(probes, batch_size)


@pytest.mark.parametrize("embed", [None, 3, {"a": 1.0}, {}])
def test_a_bad_embed_is_named(embed: Any) -> None:
    with pytest.raises(TypeError, match=r"embed must .*; got "):
        sources_of(embed)


def test_the_row_of_a_last_batch_of_one_may_be_a_vector() -> None:
    assert joined([X[:59], X[59]]).shape == X.shape
    assert joined([X[0]]).ndim == 1, "the monitor refuses it: a vector may be one value a row"
    with pytest.raises(ValueError, match="same number of dimensions"):
        joined([X[:59], X[59, :3]])


def test_a_check_has_the_numbers_of_the_monitor() -> None:
    looked = watch({"one": lambda model, batch: model(batch), "two": lambda _, batch: batch})
    looked.begin(np.tanh, ALONE, fresh=True)
    flat = looked.check(np.tanh, 0.5, ALONE)
    report = {**looked.monitor.history}
    assert flat["a/one/stability"] == report["one/stability"][1]
    assert flat["a/two/energy"] == report["two/energy"][0]
    assert (flat["a/loss"], looked.should_stop) == (0.5, False)
    assert 0.0 < looked.time_share < 1.01


def test_one_layer_that_fails_leaves_the_others_their_numbers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(model: Any, batch: Any) -> Any:
        raise MemoryError("none left")

    looked = watch({"bad": refuse, "good": lambda _, batch: batch})
    with caplog.at_level(logging.INFO, "fastshesha.monitor"):
        looked.begin(None, ALONE, fresh=True)
    assert math.isnan(looked.latest["a/bad/stability"])
    assert math.isfinite(looked.latest["a/good/stability"])
    assert "the probes cannot be embedded: MemoryError: none left" in caplog.text
    assert "epoch 0: undetermined, in " in caplog.text


def test_a_name_that_is_not_there_is_an_error_at_the_beginning() -> None:
    with pytest.raises(ValueError, match="NoneType has no encoder"):
        watch("encoder").begin(None, ALONE, fresh=True)


def test_a_run_that_is_resumed_is_not_looked_at_again() -> None:
    looked = watch(lambda _, batch: batch)
    for fresh, n_epochs in ((True, 1), (False, 1), (True, 1)):
        looked.begin(None, ALONE, fresh=fresh)
        assert len(looked.monitor.history["epoch"]) == n_epochs
