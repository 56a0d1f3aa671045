"""StabilityResult: fields, equality, conversions."""

from __future__ import annotations

import copy
import json
import math
import pickle
from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

import fastshesha
from fastshesha import StabilityResult
from fastshesha._result import result_metadata

FULL = StabilityResult(
    0.5,
    component_scores=(0.25, 0.75),
    warnings=("one was skipped",),
    metadata={"seed": None, "shape": [2, (3, math.nan)], "weights": np.array([1.0, np.nan])},
)


def test_fields_and_defaults() -> None:
    assert [field.name for field in fields(StabilityResult)] == [
        "estimate",
        "data_ci_low",
        "data_ci_high",
        "ci_level",
        "partition_sd",
        "monte_carlo_se",
        "n_valid_splits",
        "n_bootstraps",
        "component_scores",
        "warnings",
        "metadata",
    ]
    assert StabilityResult(1.0) == StabilityResult(
        1.0, math.nan, math.nan, None, math.nan, math.nan, None, 0, (), (), {}
    )


def test_nan_equals_nan_at_any_depth() -> None:
    assert copy.deepcopy(FULL) == FULL
    assert StabilityResult(math.nan) == StabilityResult(float("nan"))


@pytest.mark.parametrize(
    "changed",
    [
        {"estimate": 0.25},
        {"estimate": math.nan},
        {"component_scores": (0.25, math.nan)},
        {"component_scores": (0.25,)},
        {"component_scores": [0.25, 0.75]},
        {"metadata": {}},
        {"metadata": {**FULL.metadata, "weights": np.array([1.0, 2.0])}},
        {"metadata": {**FULL.metadata, "weights": np.array(["a", "b"])}},
        {"metadata": {**FULL.metadata, "shape": [2, (3, 4.0)]}},
    ],
)
def test_unequal(changed: dict[str, object]) -> None:
    assert replace(FULL, **changed) != FULL


def test_equality_is_left_to_other_types() -> None:
    assert FULL.__eq__(0.5) is NotImplemented
    assert FULL != 0.5


def test_frozen_and_not_hashable() -> None:
    with pytest.raises(FrozenInstanceError):
        FULL.estimate = 1.0  # type: ignore[misc]
    with pytest.raises(TypeError, match="unhashable"):
        hash(FULL)


def test_float() -> None:
    assert float(FULL) == 0.5
    assert type(float(StabilityResult(np.float64(0.5)))) is float


def test_to_dict_is_ready_for_json_and_shares_nothing() -> None:
    result = replace(FULL, metadata={"input_shapes": [[3, 4]]})
    written = result.to_dict()
    assert list(written) == [field.name for field in fields(StabilityResult)]
    assert json.loads(json.dumps(written))["component_scores"] == [0.25, 0.75]
    assert written["warnings"] == ["one was skipped"]
    written["metadata"]["input_shapes"][0].append(5)
    assert result.metadata == {"input_shapes": [[3, 4]]}


def test_pickle() -> None:
    assert pickle.loads(pickle.dumps(FULL)) == FULL


def test_metadata_names_the_version_and_holds_plain_numbers() -> None:
    metadata = result_metadata(
        "some_metric", n_splits=np.int64(3), seed=None, share=np.float32(0.5)
    )
    assert metadata == {
        "estimator": "some_metric",
        "package_version": fastshesha.__version__,
        "n_splits": 3,
        "seed": None,
        "share": 0.5,
    }
    assert [type(metadata[name]) for name in ("n_splits", "share")] == [int, float]
