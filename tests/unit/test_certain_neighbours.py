"""Neighbours found by compiled products, against those of the formula that decides."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fastshesha import _core
from fastshesha._bio import nearest
from fastshesha._bio.certain import certainly_nearest
from fastshesha._bio.neighbours import Neighbours

pytestmark = pytest.mark.usefixtures("level")
RNG = np.random.default_rng(29)


def drawn(kind: str, n_rows: int, n_features: int) -> Any:
    rows = RNG.standard_normal((n_rows, n_features))
    changes: dict[str, Any] = {
        "continuous": lambda: rows,
        "resampled": lambda: rows[RNG.integers(0, n_rows, n_rows)],
        "outliers": lambda: np.where(np.arange(n_rows)[:, np.newaxis] % 50 == 0, 1e3, 1.0) * rows,
        "far": lambda: rows + 1e6,
        "tenths": lambda: np.round(rows, 1),
        "zero rows": lambda: np.where(np.arange(n_rows)[:, np.newaxis] % 7 == 0, 0.0, rows),
        "overflow": lambda: rows * 10.0 ** RNG.integers(-200, 200, (n_rows, 1)),
        "underflow": lambda: rows * 1e-160,
    }
    return changes[kind]()


KINDS = ["continuous", "resampled", "outliers", "far", "tenths", "zero rows", "overflow"]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("kind", [*KINDS, "underflow"])
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_neighbours_and_their_means_are_those_of_the_formula(
    kind: str, metric: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n_rows, n_features, k in [(700, 1, 9), (401, 5, 30), (900, 33, 50), (60, 20, 60)]:
        rows, queries = drawn(kind, n_rows, n_features), drawn(kind, 150, n_features)
        reference = Neighbours.from_rows(rows, k, metric)
        found, centroids = reference.nearest(queries), reference.local_centroids(queries)
        with monkeypatch.context() as patch:
            patch.setattr(nearest, "_FEWEST_QUERIES", 151)
            expected = reference.nearest(queries)
        np.testing.assert_array_equal(rows[found], rows[expected])
        np.testing.assert_array_equal(centroids, rows[expected].mean(axis=1))


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_what_leaves_no_doubt(metric: Any) -> None:
    """Otherwise the formula would decide every time, and agree with itself."""
    for kind in ("continuous", "resampled", "outliers"):
        rows, queries = drawn(kind, 3000, 40), drawn(kind, 200, 40)
        assert certainly_nearest(queries, rows, 50, metric)[1].mean() < 0.1
    rows[20:] = rows[0] + 1e-15 * rows[20:]
    assert certainly_nearest(queries, rows, 50, metric)[1].all()


def test_rows_as_near_as_the_last_are_in_doubt() -> None:
    """Where only copies stand at the k-th place there is none, if that can be seen."""
    rows = np.arange(40.0)[:, np.newaxis] * np.ones(3)
    queries = np.zeros((1, 3))
    for n_copies, is_certain in [(3, True), (8, True), (9, False)]:
        rows[10 : 10 + n_copies] = 10.0
        rows[10 + n_copies :] = 99.0
        assert certainly_nearest(queries, rows, 11, "euclidean")[1].item() != is_certain
    rows[10:12] = [[10.0, 0.0, 0.0], [0.0, 10.0, 0.0]]
    assert certainly_nearest(queries, rows[:12], 11, "euclidean")[1].all()
    assert not certainly_nearest(queries, rows[:11], 11, "euclidean")[1].any()


@pytest.mark.parametrize("order", ["as drawn", "rising", "falling", "equal", "halves"])
@pytest.mark.parametrize("n_kept", [1, 7, 200, 999])
def test_rows_in_any_order(order: str, n_kept: int) -> None:
    """The first of equal rows, in chunks and on threads."""
    lengths = RNG.integers(0, 500, 999).astype(float)
    arranged = {"rising": np.sort(lengths), "falling": np.sort(lengths)[::-1]}
    arranged |= {"equal": np.ones(999), "halves": np.arange(999.0) % 2}
    rows = np.outer(arranged.get(order, lengths), [3.0, 4.0]).astype(np.float32)
    expected = np.argsort(rows[:, 0], kind="stable")[:n_kept]
    for n_threads in (1, 3):
        found, distances, largest = _core.find_nearest(
            np.zeros((70, 2)), rows, "euclidean", n_kept, n_threads
        )
        np.testing.assert_array_equal(found, np.tile(expected, (70, 1)))
        np.testing.assert_allclose(distances[0], (rows[expected] ** 2).sum(axis=1), rtol=1e-14)
        assert largest == pytest.approx((rows**2).sum(axis=1).max())


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_products_that_overflow_leave_doubt(metric: Any) -> None:
    """A row without a place among the others must not keep the place of another in silence."""
    rows = np.vstack([drawn("continuous", 30, 2), [[1e200, 1e200]]])
    found, distances, _ = _core.find_nearest(np.array([[1e200, -1e200]]), rows, metric, 31, 1)
    assert not np.isfinite(distances).all()
    assert found.max() < 31
    for n_rows in (30, 31):
        in_doubt = certainly_nearest(np.ones((5, 2)), rows[:n_rows], 3, "euclidean")[1]
        assert in_doubt.all() == (n_rows == 31)


def test_many_rows_are_packed_in_parts() -> None:
    rows = RNG.standard_normal((4000, 1100))
    queries = RNG.standard_normal((3, 1100))
    found, distances, _ = _core.find_nearest(queries, rows, "euclidean", 5, 2)
    expected = ((queries[:, np.newaxis] - rows[found]) ** 2).sum(axis=2)
    np.testing.assert_allclose(distances, expected, rtol=1e-12)
    squares = (rows**2).sum(axis=1) - 2 * queries @ rows.T
    np.testing.assert_array_equal(found, np.argsort(squares, axis=1)[:, :5])


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", ">f8", "i4", "?"])
def test_means_are_numpys_to_the_bit(kind: str) -> None:
    chosen = RNG.integers(0, 90, (70, 40))
    for n_features in (1, 2, 13):
        rows = (50 * RNG.standard_normal((90, n_features))).astype(kind)
        for layout in (rows, np.asfortranarray(rows), rows[::-1]):
            expected = layout.astype(float)[chosen].mean(axis=1)
            np.testing.assert_array_equal(_core.mean_rows(layout, chosen, 2), expected)


@pytest.mark.parametrize("chosen", [[[3]], [[-1]], [[]], [0]])
def test_means_of_rows_that_are_not_there(chosen: Any) -> None:
    with pytest.raises(ValueError, match="chosen must"):
        _core.mean_rows(np.zeros((3, 2)), np.array(chosen, dtype=np.int64), 1)


def test_searches_that_cannot_be() -> None:
    queries, rows = np.zeros((2, 2)), np.zeros((3, 2))
    for n_kept in (0, 4):
        with pytest.raises(ValueError, match="n_kept must be from 1 to the number of rows"):
            _core.find_nearest(queries, rows, "euclidean", n_kept, 1)
    with pytest.raises(ValueError, match="as many columns"):
        _core.find_nearest(queries, np.zeros((3, 3)), "euclidean", 1, 1)
