"""Labels become codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fastshesha._supervised.labels import as_labels


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


@pytest.mark.parametrize("n_labels", [1, 40, 2000])
@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", ">i4", "i8", "u8", ">u8", "?", "q", "Q"])
def test_whole_numbers_are_numbered_as_numpy_does(dtype: str, n_labels: int) -> None:
    rng = np.random.default_rng(n_labels)
    kind = np.dtype(dtype)
    ends = (0, 1) if kind == np.bool_ else (np.iinfo(kind).min, np.iinfo(kind).max)
    near_ends = [rng.integers(0, min(5, ends[1] - ends[0] + 1), n_labels) for _ in ends]
    cases = [
        np.array([ends[0] + int(step) for step in near_ends[0]], dtype=kind),
        np.array([ends[1] - int(step) for step in near_ends[1]], dtype=kind),
        rng.choice(np.array(ends, dtype=kind), n_labels),
        rng.integers(0, 2000, n_labels).astype(kind)[::-1],
    ]
    if kind == np.uint64:
        cases.append(np.array([2**63 - 3 + int(step) for step in near_ends[0]], dtype=kind))
    for y in cases:
        classes, codes = np.unique(y, return_inverse=True)
        labels = as_labels(y, n_labels)
        assert labels.classes.dtype == classes.dtype
        assert labels.classes.tolist() == classes.tolist()
        assert labels.codes.tolist() == codes.tolist()
        assert labels.codes.dtype == np.int64


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
