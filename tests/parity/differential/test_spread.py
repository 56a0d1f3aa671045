"""The tolerance behind the BLAS is the original's own spread, and no more."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from oracle.wire import Outcome, Raised

from .compare import TOLERANCE, differences_of
from .spread import FACTOR, agree, numbers_of, spread_of


def returned(value: Any) -> Outcome:
    return Outcome(value, None, ())


RAISED = Outcome(None, Raised("ValueError", ("ValueError",), "text"), ())
SPREADS: dict[str, tuple[list[Any], float]] = {
    "one original": ([0.5], 0.0),
    "equal": ([0.5, 0.5, 0.5], 0.0),
    "apart": ([0.5, 0.75, 0.625], 0.25),
    "relative beyond one": ([8.0, 10.0], 0.25),
    "the widest counts": ([{"a": 0.5, "b": [1.0]}, {"a": 0.625, "b": [1.5]}], 0.5),
    "all NaN": ([math.nan, math.nan], 0.0),
    "some NaN": ([math.nan, 0.5], math.inf),
    "infinite": ([math.inf, math.inf], 0.0),
    "some infinite": ([math.inf, 1.0], math.inf),
    "other keys": ([{"a": 1.0}, {"b": 1.0}], math.inf),
    "nothing to compare": (["text", "text"], 0.0),
}


@pytest.mark.parametrize("name", SPREADS)
def test_spread(name: str) -> None:
    values, expected = SPREADS[name]
    assert spread_of([returned(value) for value in values]) == expected


def test_the_spread_of_an_error_and_a_value_is_infinite() -> None:
    assert spread_of([RAISED, returned(0.5)]) == math.inf
    assert spread_of([RAISED, RAISED]) == 0.0


def test_ours_may_be_as_far_off_as_the_originals_are_apart() -> None:
    originals = [returned(0.5), returned(0.5 + 1e-9)]
    assert agree(returned(0.5 + 0.9 * FACTOR * 1e-9), originals).differences == []
    assert agree(returned(0.5 + 2.0 * FACTOR * 1e-9), originals).differences != []


def test_without_a_spread_the_tolerance_is_the_common_one() -> None:
    originals = [returned(0.5), returned(0.5)]
    assert agree(returned(0.5), originals).tolerance == TOLERANCE
    assert agree(returned(0.5 + 1e-11), originals).differences != []


def test_where_originals_differ_in_kind_ours_must_be_as_one_of_them() -> None:
    originals = [returned(math.nan), returned(0.0)]
    assert agree(returned(math.nan), originals).differences == []
    assert agree(RAISED, originals).differences != []
    assert agree(returned(None), originals).differences != []


FRAME = pd.DataFrame({"score": [0.5, np.nan], "n": [3, 4]}, index=pd.Index(["a", "b"], name="gene"))
OTHER_TABLES = {
    "value": FRAME.assign(score=[0.5 + 1e-9, np.nan]),
    "missing": FRAME.assign(score=[0.5, 0.5]),
    "type": FRAME.astype({"n": np.int32}),
    "columns": FRAME[["n", "score"]],
    "index": FRAME.set_axis(["a", "c"]).rename_axis("gene"),
    "name of the index": FRAME.rename_axis("cell"),
    "rows": FRAME.iloc[:1],
    "series": FRAME["score"],
}


def test_equal_tables_are_equal() -> None:
    close = FRAME.assign(score=FRAME["score"] + 1e-13)
    assert differences_of(returned(close), returned(FRAME)) == []
    assert differences_of(returned(close["score"]), returned(FRAME["score"])) == []


@pytest.mark.parametrize("name", OTHER_TABLES)
def test_differences_of_tables_are_seen(name: str) -> None:
    assert differences_of(returned(OTHER_TABLES[name]), returned(FRAME)) != []


def test_numbers_of_a_table_are_found() -> None:
    numbers = [number for _, number in numbers_of(FRAME)]
    assert numbers[:2] == [0.5, pytest.approx(math.nan, nan_ok=True)]
    assert numbers[2:] == [3.0, 4.0]
