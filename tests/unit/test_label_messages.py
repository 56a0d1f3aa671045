"""Mistakes in labels and in the choice of a variant."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import fastshesha

X = np.random.default_rng(0).standard_normal((12, 8))
LABELS = np.repeat([0, 1, 2], 4)
METRICS = [fastshesha.supervised_alignment, fastshesha.variance_ratio]

BAD_LABELS: dict[str, tuple[object, str]] = {
    "too few": (
        LABELS[:5],
        "y must match number of samples: expected 12 labels, got 5",
    ),
    "a column": (
        LABELS[:, None],
        "y must be a 1-dimensional array with one label per sample, got shape (12, 1)",
    ),
    "None": (None, "y must be a 1-dimensional array with one label per sample, got shape ()"),
    "one single sample": (
        ["cat"] * 11 + ["dog"],
        "every class in y must have at least 2 observations; too small: 'dog' (1)",
    ),
    "only single samples": (
        np.arange(12),
        "every class in y must have at least 2 observations; too small: 0 (1), 1 (1), 2 (1), "
        "3 (1), 4 (1) and 7 more",
    ),
}


@pytest.mark.parametrize("kind", BAD_LABELS)
@pytest.mark.parametrize("return_type", ["float", "result"])
@pytest.mark.parametrize("metric", METRICS)
def test_labels(metric: Callable[..., object], return_type: str, kind: str) -> None:
    labels, expected = BAD_LABELS[kind]
    with pytest.raises(ValueError) as caught:
        metric(X, labels, return_type=return_type)
    assert str(caught.value) == expected


@pytest.mark.parametrize("metric", METRICS)
def test_labels_of_two_kinds(metric: Callable[..., object]) -> None:
    labels = np.array(["cat"] * 6 + [1] * 6, dtype=object)
    with pytest.raises(TypeError) as caught:
        metric(X, labels)
    assert str(caught.value).startswith("y must hold labels of one kind that can be sorted (")
    assert str(caught.value).endswith("; numpy.asarray(y).astype(str) makes them so")


@pytest.mark.parametrize("return_type", ["float", "result"])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"max_samples": None}, "max_samples must be an integer >= 1, got None"),
        ({"max_samples": "9"}, "max_samples must be an integer >= 1, got '9'"),
        (
            {"metric": "euclidean"},
            "Unknown metric: must be one of 'cosine', 'correlation'; got 'euclidean'",
        ),
    ],
)
def test_options_of_supervised_alignment(
    return_type: str, options: dict[str, object], expected: str
) -> None:
    with pytest.raises(ValueError) as caught:
        fastshesha.supervised_alignment(X, LABELS, return_type=return_type, **options)
    assert str(caught.value) == expected


@pytest.mark.parametrize("metric", METRICS)
def test_bootstrap_options(metric: Callable[..., object]) -> None:
    with pytest.raises(
        ValueError, match=r"^n_bootstrap_ci must be an integer >= 1 or None, got 0$"
    ):
        metric(X, LABELS, n_bootstrap_ci=0)
    with pytest.raises(ValueError, match=r"^ci must be a number strictly between 0 and 1, got 2$"):
        metric(X, LABELS, ci=2)
    with pytest.raises(ValueError, match=r"^ci must be a number strictly between 0 and 1, got 2$"):
        metric(X, LABELS, ci=2, n_bootstrap_ci=3, return_type="result")
    accepted = r"^Unknown return_type: must be one of 'float', 'result'; got 1$"
    with pytest.raises(ValueError, match=accepted):
        metric(X, LABELS, return_type=1)


@pytest.mark.parametrize("variant", ["anchors", None, ["feature_split"]])
def test_unknown_variant(variant: object) -> None:
    with pytest.raises(ValueError) as caught:
        fastshesha.shesha(X, variant=variant)
    assert str(caught.value) == (
        "Unknown variant: must be one of 'feature_split', 'sample_split', 'anchor', 'variance', "
        f"'supervised'; got {variant!r}"
    )


@pytest.mark.parametrize("variant", ["variance", "supervised"])
def test_missing_labels(variant: str) -> None:
    with pytest.raises(ValueError) as caught:
        fastshesha.shesha(X, variant=variant)
    assert str(caught.value) == (
        f"Labels required: variant='{variant}' needs y, one label per sample"
    )


def test_unknown_keyword_of_a_variant() -> None:
    with pytest.raises(TypeError, match="variant='variance' got unknown keywords 'n_splits'; "):
        fastshesha.shesha(X, LABELS, variant="variance", n_splits=3)
    with pytest.raises(TypeError, match="unexpected keyword argument 'frobnicate'"):
        fastshesha.shesha(X, LABELS, variant="supervised", frobnicate=3)
