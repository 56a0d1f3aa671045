"""The pipe to the oracle must neither change what is sent nor hide what comes back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from oracle.client import Oracle
from oracle.wire import Outcome, Record, Request, observe, receive, send

BASE = np.arange(120, dtype=np.float64).reshape(10, 12)
LAYOUTS = {
    "c": BASE,
    "f": np.asfortranarray(BASE),
    "rows_and_columns_skipped": BASE[1::2, ::3],
    "rows_reversed": BASE[::-1],
    "both_reversed": BASE[::-2, ::-3],
    "transposed": BASE.T,
    "broadcast": np.broadcast_to(BASE[0], (5, 12)),
    "zero_dimensional": np.array(2.5),
    "no_rows": np.empty((0, 7)),
    "big_endian": BASE.astype(">f8"),
    "float16": BASE.astype(np.float16),
    "boolean": BASE > 50,
    "strings": np.array(["a", "longer"]),
    "unaligned": np.frombuffer(b"x" + BASE.tobytes(), dtype=np.uint8)[1:].view(np.float64),
}


def through_a_pipe(message: Any) -> Any:
    stream = io.BytesIO()
    send(stream, message)
    stream.seek(0)
    return receive(stream)


@pytest.mark.parametrize("name", LAYOUTS)
def test_arrays_keep_values_and_layout(name: str) -> None:
    sent = LAYOUTS[name]
    received = through_a_pipe({"x": [sent]})["x"][0]
    assert received.dtype == sent.dtype
    assert received.strides == sent.strides
    assert received.flags.writeable == sent.flags.writeable
    assert received.flags.aligned == sent.flags.aligned
    if sent.size:
        assert received.ctypes.data % 64 == sent.ctypes.data % 64
    np.testing.assert_array_equal(received, sent, strict=True)


def test_arrays_of_objects_are_sent_by_value() -> None:
    received = through_a_pipe(np.array([1, "two", None], dtype=object))
    assert received.tolist() == [1, "two", None]


def test_dataclasses_arrive_as_records() -> None:
    @dataclass
    class Point:
        x: float
        y: np.ndarray

    received = through_a_pipe([Point(1.0, np.arange(3))])[0]
    assert isinstance(received, Record)
    assert received.type_name == "Point"
    assert list(received.fields) == ["x", "y"]


def test_observe_reports_exceptions_and_warnings() -> None:
    def function() -> None:
        np.float64(1.0) / np.float64(0.0)
        raise FileNotFoundError("nothing here")

    outcome = observe(function, (), {})
    assert outcome.value is None
    assert outcome.exception is not None
    assert outcome.exception.type_name == "FileNotFoundError"
    assert "OSError" in outcome.exception.bases
    assert [warned.category for warned in outcome.warnings] == ["RuntimeWarning"]


def test_oracle_runs_the_pinned_original(oracle: Oracle) -> None:
    versions = [
        oracle.call("importlib.metadata.version", name).value
        for name in ("shesha-geometry", "numpy", "scipy")
    ]
    assert versions == ["0.3.0", "2.4.6", "1.17.1"]


@pytest.mark.parametrize("name", LAYOUTS)
def test_oracle_sees_the_layout_that_was_sent(oracle: Oracle, name: str) -> None:
    sent = LAYOUTS[name]
    seen = [oracle.call("builtins.getattr", sent, field).value for field in ("strides", "dtype")]
    assert seen == [sent.strides, sent.dtype]


def test_oracle_answers_a_batch_in_order(oracle: Oracle) -> None:
    outcomes = oracle.call_many(Request("math.sqrt", (x,), {}) for x in (4.0, -1.0, 9.0))
    assert [outcome.value for outcome in outcomes] == [2.0, None, 3.0]
    assert outcomes[1].exception is not None
    assert outcomes[1].exception.type_name == "ValueError"


def test_what_the_other_side_prints_does_not_disturb(oracle: Oracle) -> None:
    assert oracle.call("builtins.print", "printed by the oracle") == Outcome(None, None, ())
    assert oracle.call("math.sqrt", 4.0).value == 2.0


def test_results_of_the_original_arrive_as_records(oracle: Oracle) -> None:
    X = np.random.default_rng(0).standard_normal((8, 6))
    result = oracle.call("shesha.feature_split", X, seed=1, return_type="result").value
    assert isinstance(result, Record)
    assert result.type_name == "StabilityResult"
    assert result.fields["n_valid_splits"] == 30


def test_unknown_function_ends_with_a_clear_error(oracle_python: str) -> None:
    with Oracle(oracle_python) as other, pytest.raises(RuntimeError, match="oracle ended"):
        other.call("no_such_module.function")
