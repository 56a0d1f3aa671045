"""The comparator must see every kind of difference, and only differences."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from oracle.wire import Outcome, Raised, Record, Warned

from .cases import Case, draw_case
from .compare import differences_of, is_table, plain_table
from .intended import IntendedDifferences, Row, describe


def returned(value: Any, *categories: str) -> Outcome:
    warned = tuple(Warned(category, (category, "Warning"), "text") for category in categories)
    return Outcome(value, None, warned)


def raised(type_name: str, *categories: str) -> Outcome:
    exception = Raised(type_name, (type_name, "Exception"), "text")
    return Outcome(None, exception, returned(None, *categories).warnings)


@dataclass(frozen=True)
class Result:
    """Shaped like the results of both packages."""

    estimate: float = 0.5
    warnings: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)


def original_result(**fields: Any) -> Record:
    plain = {"estimate": 0.5, "warnings": (), "metadata": {}}
    return Record("Result", {**plain, **fields})


ARRAY = np.array([0.1, np.nan, 0.0])
EQUAL = {
    "same_float": (returned(0.5), returned(0.5)),
    "within_tolerance": (returned(0.5), returned(0.5 + 9e-13)),
    "both_nan": (returned(float("nan")), returned(float("nan"))),
    "nested": (returned([{"a": 1.0, "b": (1, None)}]), returned([{"a": 1.0, "b": (1, None)}])),
    "same_array": (returned(ARRAY), returned(ARRAY.copy())),
    "same_exception": (raised("ValueError"), raised("ValueError")),
    "repeated_warning": (returned(1.0, "UserWarning"), returned(1.0, *["UserWarning"] * 3)),
    "result": (returned(Result()), returned(original_result())),
    "result_version": (
        returned(Result(metadata={"package_version": "1", "seed": 3})),
        returned(original_result(metadata={"package_version": "2", "seed": 3})),
    ),
    "result_note_in_other_words": (
        returned(Result(warnings=("skipped 3 of 10",))),
        returned(original_result(warnings=("3 of 10 were unestimable",))),
    ),
    "result_note_that_says_more": (
        returned(Result(warnings=("of 10 splits 3 were skipped: below 1e-12",))),
        returned(original_result(warnings=("3 splits were skipped",))),
    ),
    "metadata_of_numpy_integers": (
        returned(Result(metadata={"n_splits": 3})),
        returned(original_result(metadata={"n_splits": np.int64(3)})),
    ),
    "equal_by_repr": (
        returned(np.random.SeedSequence(3)),
        returned(np.random.SeedSequence(3)),
    ),
}
DIFFERENT = {
    "beyond_tolerance": (returned(0.5), returned(0.5 + 1e-11)),
    "nan_against_number": (returned(float("nan")), returned(0.5)),
    "number_against_nan": (returned(0.5), returned(float("nan"))),
    "infinite": (returned(float("inf")), returned(0.5)),
    "other_type": (returned(np.float64(0.5)), returned(0.5)),
    "integer_for_float": (returned(1), returned(1.0)),
    "boolean_for_integer": (returned(True), returned(1)),
    "tuple_for_list": (returned((1.0,)), returned([1.0])),
    "shorter_list": (returned([1.0]), returned([1.0, 2.0])),
    "missing_key": (returned({"a": 1.0}), returned({"a": 1.0, "b": 2.0})),
    "order_of_keys": (returned({"a": 1, "b": 2}), returned({"b": 2, "a": 1})),
    "deep_number": (returned({"a": [0.0]}), returned({"a": [1e-11]})),
    "text": (returned("a"), returned("b")),
    "none": (returned(None), returned(1.0)),
    "array_bit": (returned(ARRAY), returned(np.nextafter(ARRAY, 1.0))),
    "array_sign_of_zero": (returned(ARRAY), returned(np.array([0.1, np.nan, -0.0]))),
    "array_nan_moved": (returned(ARRAY), returned(ARRAY[[1, 0, 2]])),
    "array_type": (returned(ARRAY), returned(ARRAY.astype(np.float32))),
    "array_shape": (returned(ARRAY), returned(ARRAY[:2])),
    "exception_type": (raised("TypeError"), raised("ValueError")),
    "exception_for_value": (raised("ValueError"), returned(0.5)),
    "value_for_exception": (returned(None), raised("ValueError")),
    "missing_warning": (returned(0.5), returned(0.5, "UserWarning")),
    "additional_warning": (returned(0.5, "UserWarning"), returned(0.5)),
    "other_category": (returned(0.5, "UserWarning"), returned(0.5, "RuntimeWarning")),
    "warning_before_exception": (raised("ValueError"), raised("ValueError", "UserWarning")),
    "result_field": (returned(Result()), returned(original_result(estimate=0.6))),
    "result_for_number": (returned(Result()), returned(0.5)),
    "result_metadata": (
        returned(Result(metadata={"seed": 3})),
        returned(original_result(metadata={"seed": 4})),
    ),
    "result_metadata_of_other_integer": (
        returned(Result(metadata={"n_splits": 3})),
        returned(original_result(metadata={"n_splits": np.int64(4)})),
    ),
    "result_note_missing": (
        returned(Result()),
        returned(original_result(warnings=("3 of 10 were unestimable",))),
    ),
    "result_note_other_number": (
        returned(Result(warnings=("skipped 2 of 10",))),
        returned(original_result(warnings=("3 of 10 were unestimable",))),
    ),
    "version_outside_metadata": (
        returned({"package_version": "1"}),
        returned({"package_version": "2"}),
    ),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_outcomes_are_equal(name: str) -> None:
    assert differences_of(*EQUAL[name]) == []


@pytest.mark.parametrize("name", DIFFERENT)
def test_differences_are_seen(name: str) -> None:
    assert len(differences_of(*DIFFERENT[name])) == 1


def test_all_differences_are_listed() -> None:
    ours, original = returned([0.0, 1.0, 2.0]), returned([0.5, 1.0, 2.5], "UserWarning")
    assert len(differences_of(ours, original)) == 3


ROW = Row(("rdm_*",), ("X=strings",), "X is text", "raises *", "returns *", "for this test")
STRINGS = Case(0, "rdm_drift", (), {}, frozenset({"X=strings", "odd=ci:1"}))


@pytest.mark.parametrize(
    ("function", "trait", "ours", "original", "covered"),
    [
        ("rdm_drift", "X=strings", raised("ValueError"), returned(0.5), True),
        ("compute_rdm", "X=strings", raised("ValueError"), returned(0.5), False),
        ("rdm_drift", "X=nan", raised("ValueError"), returned(0.5), False),
        ("rdm_drift", "X=strings", returned(0.5), returned(0.6), False),
        ("rdm_drift", "X=strings", raised("ValueError"), raised("TypeError"), False),
    ],
)
def test_a_row_covers_what_it_names(
    function: str, trait: str, ours: Outcome, original: Outcome, covered: bool
) -> None:
    case = Case(0, function, (), {}, frozenset({trait}))
    assert ROW.covers(case, ours, original) is covered


def test_rows_without_a_case_are_found() -> None:
    table = IntendedDifferences([ROW])
    assert table.unused() == [ROW]
    assert table.explain(STRINGS, raised("ValueError"), returned(0.5))
    assert table.unused() == []


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (returned(0.5), "returns float"),
        (returned(float("nan"), "B", "A", "A"), "returns float without score, warns A B"),
        (returned({"mean": float("nan")}), "returns dict without score"),
        (returned(Result()), "returns Result"),
        (returned(original_result(estimate=float("nan"))), "returns Result without score"),
        (raised("KeyError"), "raises KeyError"),
    ],
)
def test_describe(outcome: Outcome, words: str) -> None:
    assert describe(outcome) == words


def plain(argument: Any) -> Any:
    """Screens and tables as what they hold; they have no equality of their own."""
    if hasattr(argument, "to_df"):
        return [plain_table(argument.to_df()), plain_table(argument.obs)]
    return plain_table(argument) if is_table(argument) else argument


def test_a_case_is_the_same_call_every_time() -> None:
    for number in range(100):
        first, second = draw_case(number), draw_case(number)
        assert (first.function, first.traits) == (second.function, second.traits)
        assert list(first.kwargs) == list(second.kwargs)
        arguments = [tuple(map(plain, case.args)) for case in (first, second)]
        np.testing.assert_equal(arguments[0], arguments[1])
