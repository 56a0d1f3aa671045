"""Labels become codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fastshesha._labels import as_labels


@pytest.mark.parametrize(
    "y",
    [
        ["b", "a", "b", "c"],
        np.array(["b", "a", "b", "c"], dtype=object),
        (2, 1, 2, 3),
        [2.5, -1.0, 2.5, np.inf],
        np.array(["2020-02", "2020-01", "2020-02", "2021-01"], dtype="M8[M]"),
        [2**60 + 1, 2**60, 2**60 + 1, 2**60 + 2],
    ],
)
def test_codes_number_the_sorted_labels(y: Any) -> None:
    labels = as_labels(y, 4)
    assert labels.codes.tolist() == [1, 0, 1, 2]
    assert labels.codes.dtype == np.int64
    assert labels.n_classes == 3
    assert labels.class_sizes().tolist() == [1, 2, 1]
    assert not labels.missing.any()


def test_booleans() -> None:
    assert as_labels(np.array([True, False, True]), 3).codes.tolist() == [1, 0, 1]


def test_missing_labels_are_one_class_and_yet_all_different() -> None:
    labels = as_labels([np.nan, 1.0, np.nan, 1.0, 0.0], 5)
    assert labels.n_classes == 3
    assert labels.class_sizes().tolist() == [1, 2, 2]
    assert labels.missing.tolist() == [True, False, True, False, False]
    own = labels.distinct_missing_codes()
    assert own[[1, 3, 4]].tolist() == [1, 1, 0]
    assert len(set(own.tolist())) == 4


def test_missing_dates_count_as_missing() -> None:
    labels = as_labels(np.array(["2020", "NaT", "NaT"], dtype="M8[Y]"), 3)
    assert labels.missing.tolist() == [False, True, True]
    assert labels.n_classes == 2


def test_a_resample_keeps_the_classes() -> None:
    labels = as_labels(["a", "b", "c", "b"], 4).take(np.array([1, 3, 3]))
    assert labels.codes.tolist() == [1, 1, 1]
    assert labels.class_sizes().tolist() == [0, 3, 0]


def test_no_labels() -> None:
    assert as_labels([], 0).n_classes == 0
