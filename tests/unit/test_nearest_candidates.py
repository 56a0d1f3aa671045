"""Candidates in float32 decide about time only: fewer queries are compared without them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fastshesha import _core

pytestmark = pytest.mark.usefixtures("level")
# Fewer than take candidates.
FEW = 20


def found(queries: Any, rows: Any, metric: str, n_kept: int, n_threads: int = 1) -> Any:
    return _core.find_nearest(queries, rows, metric, n_kept, n_threads)[:2]


def found_without_candidates(queries: Any, rows: Any, metric: str, n_kept: int) -> Any:
    parts = [
        found(queries[first : first + FEW], rows, metric, n_kept)
        for first in range(0, len(queries), FEW)
    ]
    return [np.concatenate(part) for part in zip(*parts, strict=True)]


def drawn(kind: str, rng: Any, n_rows: int, n_features: int) -> Any:
    X = rng.standard_normal((n_rows, n_features))
    return {
        "continuous": lambda: X,
        "binary": lambda: (X > 0).astype(float),
        "integers": lambda: rng.poisson(2.0, X.shape).astype(float),
        "duplicates": lambda: X[rng.integers(0, n_rows // 3 + 1, n_rows)],
        "equal": lambda: np.ones_like(X),
        "far": lambda: X + 1e5,
        "close": lambda: X[0] + 1e-7 * X,
        "nearer and nearer": lambda: X[np.argsort(-(X**2).sum(axis=1))],
        "outliers": lambda: np.where(np.arange(n_rows)[:, np.newaxis] % 50 == 0, 1e3, 1.0) * X,
        "any scale": lambda: X * 10.0 ** rng.integers(-25, 25, (n_rows, 1)),
        "tiny": lambda: X * 1e-30,
        "huge": lambda: X * 1e30,
        "zero rows": lambda: np.where(np.arange(n_rows)[:, np.newaxis] % 7 == 0, 0.0, X),
    }[kind]()


KINDS = [
    *("continuous", "binary", "integers", "duplicates", "equal", "far", "close"),
    *("nearer and nearer", "outliers", "any scale", "tiny", "huge", "zero rows"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_candidates_change_no_bit(kind: str, metric: str) -> None:
    rng = np.random.default_rng(41)
    for n_rows, n_features, n_kept in [(900, 50, 20), (700, 3, 9), (333, 17, 1), (1500, 130, 90)]:
        rows = drawn(kind, rng, n_rows, n_features)
        queries = drawn(kind, rng, 75, n_features)
        expected = found_without_candidates(queries, rows, metric, n_kept)
        for n_threads in (1, 2):
            for ours, theirs in zip(
                found(queries, rows, metric, n_kept, n_threads), expected, strict=True
            ):
                np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", ">f8", "i4"])
def test_rows_of_any_type_and_layout(kind: str) -> None:
    rng = np.random.default_rng(43)
    rows, queries = rng.standard_normal((800, 21)), rng.standard_normal((70, 21))
    whole = (8 * rows).astype(kind)
    unaligned = np.frombuffer(bytearray(whole.nbytes + 1), np.uint8)[1:].view(kind)
    unaligned = unaligned.reshape(whole.shape)
    unaligned[:] = whole
    expected = found_without_candidates(queries, whole.astype(float), "euclidean", 12)
    for layout in (whole, np.asfortranarray(whole), whole[::-1].copy()[::-1], unaligned):
        for ours, theirs in zip(found(queries, layout, "euclidean", 12), expected, strict=True):
            np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("kind", ["continuous", "binary", "nearer and nearer"])
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_several_blocks_of_rows(kind: str, metric: str) -> None:
    """Later blocks look for what is nearer than the rows of earlier ones."""
    rng = np.random.default_rng(47)
    rows, queries = drawn(kind, rng, 3000, 1500), drawn(kind, rng, 33, 1500)
    expected = found_without_candidates(queries, rows, metric, 30)
    for ours, theirs in zip(found(queries, rows, metric, 30, 2), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_distances_are_those_of_plain_sums() -> None:
    rng = np.random.default_rng(53)
    rows, queries = rng.standard_normal((2000, 40)), rng.standard_normal((100, 40))
    plain = ((queries[:, np.newaxis] - rows) ** 2).sum(axis=2)
    kept, distances = found(queries, rows, "euclidean", 25, 2)
    np.testing.assert_array_equal(kept, np.argsort(plain, axis=1)[:, :25])
    np.testing.assert_allclose(distances, np.sort(plain, axis=1)[:, :25], rtol=1e-12)


def test_rows_that_are_no_numbers_are_compared_in_float64() -> None:
    rng = np.random.default_rng(59)
    rows, queries = rng.standard_normal((900, 8)), rng.standard_normal((60, 8))
    rows[17, 3] = np.nan
    rows[80, 0] = np.inf
    expected = found_without_candidates(queries, rows, "euclidean", 9)
    for ours, theirs in zip(found(queries, rows, "euclidean", 9), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)
