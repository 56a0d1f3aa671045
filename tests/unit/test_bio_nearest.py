"""Nearest rows, and which of equally near ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fastshesha._bio import nearest, smallest
from fastshesha._bio.bounded_heap import BoundedHeap
from fastshesha._bio.kd_tree import KDTree, sums_of_squares
from fastshesha._bio.nearest import nearest_rows
from fastshesha._bio.selection import select_in_place
from fastshesha._column_sums import column_means, column_variances
from oracle.client import Oracle
from oracle.wire import Request

RNG = np.random.default_rng(11)


def plain_distances(queries: Any, rows: Any, metric: str) -> Any:
    if metric == "euclidean":
        return ((queries[:, None] - rows) ** 2).sum(axis=2)
    lengths = np.outer(np.linalg.norm(queries, axis=1), np.linalg.norm(rows, axis=1))
    return 1 - queries @ rows.T / lengths


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize(("n_rows", "n_features", "k"), [(5000, 3, 9), (2600, 20, 40), (9, 2, 9)])
def test_continuous_data(n_rows: int, n_features: int, k: int, metric: Any) -> None:
    rows = RNG.standard_normal((n_rows, n_features))
    queries = RNG.standard_normal((30, n_features))
    expected = np.argsort(plain_distances(queries, rows, metric), axis=1)[:, :k]
    np.testing.assert_array_equal(nearest_rows(queries, rows, k, metric), expected)


def test_blocks_of_queries_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, queries = RNG.standard_normal((80, 4)), RNG.standard_normal((600, 4))
    whole = nearest_rows(queries, rows, 6, "euclidean")
    monkeypatch.setattr(nearest, "_MOST_VALUES_KEPT", 4000)
    monkeypatch.setattr(smallest, "_FIRST_COLUMNS", 8)
    np.testing.assert_array_equal(nearest_rows(queries, rows, 6, "euclidean"), whole)


def divide_into_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a hundred values be too many for memory, and blocks hold ten rows."""
    limits = {"_MOST_VALUES_AT_ONCE": 100, "_VALUES_PER_BLOCK": 1, "_MOST_VALUES_KEPT": 9000}
    monkeypatch.setattr(nearest, "QUERIES_PER_PRODUCT", 10)
    for name, limit in limits.items():
        monkeypatch.setattr(nearest, name, limit)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize(("n_features", "k"), [(3, 1), (3, 9), (20, 9), (4, 120), (20, 201)])
def test_blocks_of_rows_change_nothing(
    n_features: int, k: int, metric: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = RNG.standard_normal((201, n_features)).astype(np.float32)
    rows[150:] = rows[:51]
    queries = RNG.standard_normal((30, n_features))
    whole = nearest_rows(queries, rows.astype(float), k, metric)
    divide_into_blocks(monkeypatch)
    for layout in (rows, np.asfortranarray(rows), rows[::-1].copy()[::-1]):
        found = nearest_rows(queries, layout, k, metric)
        np.testing.assert_array_equal(rows[found], rows[whole])
        assert {len(set(row)) for row in found.tolist()} == {k}


def test_blocks_of_rows_keep_equal_integers_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    for n_features, k in [(2, 7), (20, 9), (3, 120)]:
        rows, queries = drawn("integers", 230, n_features), drawn("integers", 40, n_features)
        with monkeypatch.context() as patch:
            whole = np.sort(nearest_rows(queries, rows, k, "euclidean"), axis=1)
            divide_into_blocks(patch)
            found = np.sort(nearest_rows(queries, rows, k, "euclidean"), axis=1)
        np.testing.assert_array_equal(found, whole)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_distances_that_overflow_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = RNG.standard_normal((90, 20))
    rows[::3] *= 1e200
    whole = [np.sort(nearest_rows(rows[:9], rows, k, "euclidean"), axis=1) for k in (50, 70)]
    divide_into_blocks(monkeypatch)
    for k, expected in zip((50, 70), whole, strict=True):
        found = np.sort(nearest_rows(rows[:9], rows, k, "euclidean"), axis=1)
        np.testing.assert_array_equal(found, expected)


def test_differences_decide_what_products_cannot() -> None:
    """Far from the origin the products lose the last digits of a distance."""
    rows = 1e7 + RNG.standard_normal((200, 3))
    queries = 1e7 + RNG.standard_normal((20, 3))
    expected = np.argsort(plain_distances(queries, rows, "euclidean"), axis=1)[:, :5]
    found = nearest_rows(queries, rows, 5, "euclidean")
    assert [set(row) for row in found.tolist()] == [set(row) for row in expected.tolist()]


def drawn(kind: str, n_rows: int, n_features: int, rng: Any = RNG) -> Any:
    if kind == "integers":
        return rng.integers(0, 4, (n_rows, n_features)).astype(float)
    if kind == "binary":
        return rng.integers(0, 2, (n_rows, n_features)).astype(float)
    if kind == "duplicates":
        return rng.standard_normal((n_rows // 3 + 1, n_features))[
            rng.integers(0, n_rows // 3 + 1, n_rows)
        ]
    return np.round(rng.standard_normal((n_rows, n_features)), 1)


KINDS = ["integers", "binary", "duplicates", "tenths"]
SEARCHES = [(kind, metric, False) for kind in KINDS for metric in ("cosine", "euclidean")]
# The rounding of products, and with it a tie that is not exact, differs between blocks.
SEARCHES_IN_BLOCKS = [(kind, "euclidean", True) for kind in KINDS[:3]]


@pytest.mark.parametrize(("kind", "metric", "in_blocks"), SEARCHES + SEARCHES_IN_BLOCKS)
def test_ties_fall_as_in_scikit_learn(
    kind: str, metric: Any, in_blocks: bool, oracle: Oracle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to 256 rows: beyond, its choice depends on its number of threads."""
    rng = np.random.default_rng(3)
    cases = []
    for n_rows, n_features, k in [(250, 2, 7), (250, 5, 60), (200, 20, 9), (60, 3, 31), (7, 1, 2)]:
        rows, queries = (drawn(kind, n, n_features, rng) for n in (n_rows, 25))
        cases.append((rows, queries, k))
    requests = [
        Request("oracle.neighbours.nearest", (rows, queries, k, metric), {})
        for rows, queries, k in cases
    ]
    if in_blocks:
        divide_into_blocks(monkeypatch)
    for (rows, queries, k), outcome in zip(cases, oracle.call_many(requests), strict=True):
        found = nearest_rows(queries, rows, k, metric)
        for ours, theirs in zip(found, outcome.value, strict=True):
            assert sorted(rows[ours].tolist()) == sorted(rows[theirs].tolist())


def test_selection_leaves_a_partition() -> None:
    for n in (1, 2, 3, 4, 7, 50, 333):
        numbers = RNG.permutation(n).tolist()
        for nth in {0, n // 2, n - 1}:
            selected = list(numbers)
            select_in_place(selected, nth)
            assert sorted(selected) == list(range(n))
            assert selected[nth] == nth
            assert set(selected[:nth]) == set(range(nth))


def test_heap_keeps_the_smallest() -> None:
    values = RNG.permutation(1000).astype(float)
    heap = BoundedHeap(20)
    heap.push_all(values, np.arange(1000))
    assert sorted(heap.values) == list(range(20))
    assert values[heap.items].tolist() == heap.values


def test_tree_walk_finds_the_nearest() -> None:
    rows = RNG.standard_normal((700, 4))
    tree = KDTree(rows)
    assert len(tree.nodes) == 2**5 - 1
    query = RNG.standard_normal(4)
    expected = np.argsort(sums_of_squares(query, rows.T))[:12]
    assert set(tree.kept(query, 12).tolist()) == set(expected.tolist())


@pytest.mark.parametrize("n_features", [0, 1, 2, 65, 129, 200])
@pytest.mark.parametrize("kind", ["f2", "f4", "f8", ">f8", "i4", "?"])
def test_moments_are_numpys_to_the_bit(kind: str, n_features: int) -> None:
    for shape in [(9, n_features), (1000, n_features)]:
        whole = (50 * RNG.standard_normal(shape)).astype(kind)
        for rows in (whole, np.asfortranarray(whole), whole[::-1, ::-1]):
            plain = np.asarray(rows, dtype=np.float64)
            np.testing.assert_array_equal(column_means(rows), plain.mean(axis=0))
            np.testing.assert_array_equal(column_variances(rows), plain.var(axis=0, ddof=1))
