"""Numbers of epochs and ids of rows that cannot be used: the epoch counts all the same."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest

from fastshesha.monitor import MonitorWarning
from monitor.runs import LABELS, embeddings, small_monitor


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


@pytest.mark.parametrize("epoch", ["second", math.nan, math.inf, [1], object(), Unprintable()])
def test_an_epoch_that_is_no_number_is_counted_on(epoch: Any) -> None:
    monitor = small_monitor()
    monitor.update(embeddings(), epoch=4)
    with pytest.warns(MonitorWarning, match="epoch must be a whole number; got .*, counted as 5"):
        report = monitor.update(embeddings(1), epoch=epoch)
    assert (report.epoch, monitor.history["epoch"]) == (5, [4.0, 5.0])
    assert math.isfinite(report.to_dict("")["stability"])


@pytest.mark.parametrize(
    ("row_ids", "told"),
    [
        (7, "row_ids cannot be read: TypeError: 'int' object is not iterable"),
        ([Unprintable()] * 60, "row_ids cannot be read: RuntimeError: no text"),
        (range(59), "row_ids must hold one id for each of the 60 rows, got 59"),
    ],
)
def test_row_ids_that_tell_nothing_leave_the_drift_undefined(row_ids: Any, told: str) -> None:
    monitor = small_monitor()
    monitor.update(embeddings(), LABELS)
    with pytest.warns(MonitorWarning, match=f"2 signals are undefined .drift_first: {told}"):
        report = monitor.update(embeddings(), LABELS, row_ids=row_ids)
    assert report.statuses[""]["drift_previous"] == told
    assert math.isfinite(report.to_dict("")["stability"])
    after = monitor.update(embeddings(), LABELS).to_dict("")
    assert abs(after["drift_first"]) < 1e-12, "the epoch was remembered"


@pytest.mark.parametrize("unusable", [{"epoch": "x"}, {"row_ids": 7}])
def test_strict_refuses_both_and_records_nothing(unusable: Any) -> None:
    monitor = small_monitor(strict=True, signals=["energy", "drift_first"])
    monitor.update(embeddings())
    with pytest.raises(ValueError, match=f"{next(iter(unusable))}"):
        monitor.update(embeddings(), **unusable)
    assert monitor.history["epoch"] == [0.0]


def test_an_iterator_of_ids_is_read_once() -> None:
    monitor = small_monitor(signals=["drift_first"])
    for _ in range(2):
        layers = {"a": embeddings(), "b": embeddings()}
        report = monitor.update(layers, row_ids=itertools.islice(itertools.count(), 60))
    assert all(abs(values["drift_first"]) < 1e-12 for values in report.values.values())
