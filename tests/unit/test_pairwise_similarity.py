"""pairwise_similarity."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import _kernels, sim
from fastshesha._sim import cached_rdms
from fastshesha.sim import pairwise_similarity

RNG = np.random.default_rng(8)
SHARED = RNG.standard_normal((15, 3))
# Fewer features than samples, and more.
LAYERS = [SHARED @ RNG.standard_normal((3, d)) + RNG.random((15, d)) for d in (4, 30, 12, 20)]
LAYERS[3] = np.round(LAYERS[3]).astype(np.float32)
OTHERS = [np.asfortranarray(LAYERS[1][:, ::2]), RNG.standard_normal((15, 6))]
SQUARE = [RNG.standard_normal((15, 6)) + 0.3 * k for k in range(3)]
WIDE = [RNG.standard_normal((5, 12)) for _ in range(3)]

CKA = {
    "cka": sim.cka,
    "cka_linear": sim.cka_linear,
    "cka_debiased": sim.cka_debiased,
    "cka_unbiased": sim.cka_unbiased,
}
RDM_OPTIONS = [
    {"metric": metric, "method": method}
    for metric in ("cosine", "correlation", "euclidean")
    for method in ("spearman", "pearson")
]
CASES: list[tuple[str, Any, dict[str, Any], Any, Any]] = [
    *((name, function, {}, LAYERS, OTHERS) for name, function in CKA.items()),
    *(("rdm", sim.rdm_similarity, options, LAYERS, OTHERS) for options in RDM_OPTIONS),
    ("procrustes", sim.procrustes_similarity, {}, SQUARE, SQUARE[:2]),
    ("procrustes", sim.procrustes_similarity, {"center": False, "scale": False}, WIDE, WIDE),
]


@pytest.mark.parametrize(("measure", "function", "options", "left", "right"), CASES)
def test_single_calls(measure: Any, function: Any, options: Any, left: Any, right: Any) -> None:
    found = pairwise_similarity(left, right, measure, **options)
    assert found.shape == (len(left), len(right))
    assert found.dtype == np.float64
    expected = [[function(X, Y, **options) for Y in right] for X in left]
    assert found == pytest.approx(np.array(expected), abs=1e-15, rel=0)


@pytest.mark.parametrize(("measure", "function", "options", "left", "right"), CASES)
def test_symmetric(measure: Any, function: Any, options: Any, left: Any, right: Any) -> None:
    found = pairwise_similarity(left, measure=measure, **options)
    assert np.array_equal(found, found.T)
    expected = [[function(X, Y, **options) for Y in left] for X in left]
    assert found == pytest.approx(np.array(expected), abs=1e-15, rel=0)


def test_distances_and_ranks_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = {"distances": 0, "ranks": 0}
    distances, ranks = _kernels.condensed_distances, cached_rdms.centred_ranks

    def counted_distances(*args: Any) -> Any:
        calls["distances"] += 1
        return distances(*args)

    def counted_ranks(*args: Any) -> Any:
        calls["ranks"] += 1
        return ranks(*args)

    monkeypatch.setattr(_kernels, "condensed_distances", counted_distances)
    monkeypatch.setattr(cached_rdms, "centred_ranks", counted_ranks)
    pairwise_similarity(LAYERS, measure="rdm")
    assert calls == {"distances": 4, "ranks": 4}


@pytest.mark.parametrize("method", ["spearman", "pearson"])
def test_degenerate_rdms(method: Any) -> None:
    layers = [np.eye(15), LAYERS[0], 1e-14 * LAYERS[1]]
    options = {"metric": "euclidean", "method": method}
    found = pairwise_similarity(layers, measure="rdm", **options)
    expected = [[sim.rdm_similarity(X, Y, **options) for Y in layers] for X in layers]
    assert found[:2, :2] == pytest.approx(np.array(expected)[:2, :2], abs=1e-15)
    assert found[2].tolist() == [0.0, 0.0, 0.0]


def test_undefined_distances() -> None:
    layers = [LAYERS[0], LAYERS[2].copy(), LAYERS[1]]
    layers[1][4] = 0.0
    with pytest.raises(ValueError, match=r"(?i)^list_of_X\[1\]: undefined distances: 14"):
        pairwise_similarity(layers, measure="rdm")
    with pytest.warns(UserWarning, match=r"42 undefined distances.*affected: 3$") as caught:
        found = pairwise_similarity(layers[:2], layers[1:], "rdm", nan_policy="omit")
    assert len(caught) == 1
    with pytest.warns(UserWarning, match="undefined distances"):
        assert found[0, 0] == sim.rdm_similarity(layers[0], layers[1], nan_policy="omit")
    found = pairwise_similarity(layers, measure="rdm", nan_policy="propagate")
    assert np.isnan(found).tolist() == [[i == 1 or j == 1 for j in range(3)] for i in range(3)]


@pytest.mark.parametrize("options", RDM_OPTIONS)
def test_streamed_pairs(options: Any) -> None:
    """Beyond the exact limit, entries are what a single call streams."""
    rng = np.random.default_rng(9)
    left, right = ([rng.standard_normal((80, d)) for d in sizes] for sizes in ((4, 9), (5, 7)))
    told: list[tuple[int, int]] = []
    with fastshesha.config(exact_pairs=1000):
        with fastshesha.config(progress=lambda done, total: told.append((done, total))):
            found = pairwise_similarity(left, measure="rdm", **options)
        crossed = pairwise_similarity(left, right, "rdm", **options)
        expected = [[sim.rdm_similarity(X, Y, **options) for Y in left + right] for X in left]
    # Pearson's correlation needs no pass over the pairs unless distances are Euclidean.
    assert bool(told) == ("euclidean" in options.values() or "spearman" in options.values())
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert np.array_equal(found, found.T)
    assert np.hstack([found, crossed]).tolist() == [
        [expected[min(i, j)][max(i, j)] if j < 2 else expected[i][j] for j in range(4)]
        for i in range(2)
    ]


def test_undefined_distances_of_streamed_pairs() -> None:
    layers = [np.random.default_rng(10).standard_normal((80, 5)) for _ in range(2)]
    layers[1][4] = 0.0
    with fastshesha.config(exact_pairs=1000):
        message = r"(?i)^list_of_X\[0\] and list_of_X\[1\]: undefined distances: 79"
        with pytest.raises(ValueError, match=message):
            pairwise_similarity(layers, measure="rdm")
        found = pairwise_similarity(layers, measure="rdm", nan_policy="propagate")
    assert np.isnan(found).tolist() == [[False, True], [True, True]]


def test_few_samples() -> None:
    assert np.isnan(pairwise_similarity([X[:2] for X in LAYERS], measure="rdm")).all()
    assert pairwise_similarity([]).shape == (0, 0)
    assert pairwise_similarity(LAYERS, []).shape == (4, 0)


def test_tables() -> None:
    pandas = pytest.importorskip("pandas")
    named = {"first": LAYERS[0], "second": LAYERS[1]}
    expected = pairwise_similarity(LAYERS[:2], OTHERS)
    table: Any = pairwise_similarity(named, {"x": OTHERS[0], "y": OTHERS[1]})
    assert isinstance(table, pandas.DataFrame)
    assert (list(table.index), list(table.columns)) == (["first", "second"], ["x", "y"])
    assert np.array_equal(table.to_numpy(), expected)
    table = pairwise_similarity(named)
    assert list(table.index) == list(table.columns) == ["first", "second"]
    table = pairwise_similarity(LAYERS[:2], OTHERS, names=["a", "b"], names_Y=(1, 2))
    assert (list(table.index), list(table.columns)) == (["a", "b"], [1, 2])
    table = pairwise_similarity(LAYERS[:2], OTHERS, names=["a", "b"])
    assert (list(table.index), list(table.columns)) == (["a", "b"], [0, 1])


def test_tables_need_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="without names"):
        pairwise_similarity({"first": LAYERS[0]})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([LAYERS[0], LAYERS[1][0]],), r"^list_of_X\[1\] must be a 2-dimensional array"),
        ((LAYERS[0],), r"^list_of_X\[0\] .*list_of_X is a sequence of such matrices"),
        (({"a": LAYERS[0], "b": np.full((15, 2), np.nan)},), r"^list_of_X\['b'\] must contain"),
        (([*LAYERS, LAYERS[0][:9]],), r"^list_of_X\[0\] and list_of_X\[4\] must have the same"),
        ((LAYERS, [LAYERS[0][:9]]), r"^list_of_X\[0\] and list_of_Y\[0\] must have the same"),
        ((LAYERS, None, "procrustes"), r"^list_of_X\[0\] and list_of_X\[1\] .*same shape"),
        ((LAYERS, None, "cca"), "measure.* must be one of 'cka'"),
    ],
)
def test_errors(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pairwise_similarity(*arguments)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metric": "cosine"}, "measure='cka' does not take 'metric'; it has no options"),
        ({"measure": "rdm", "scale": True}, "does not take 'scale'; its options are 'metric'"),
        ({"measure": "rdm", "method": "kendall"}, "method.* must be one of"),
        ({"names": ["a"]}, "names must have one name per matrix: expected 4, got 1"),
        ({"names_Y": ["a"]}, "names_Y needs list_of_Y"),
    ],
)
def test_wrong_options(options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pairwise_similarity(LAYERS, **options)


@pytest.mark.parametrize("wrong", [None, 3.0, "layers"])
def test_no_sequence(wrong: Any) -> None:
    with pytest.raises(TypeError, match="list_of_X must be a sequence of matrices"):
        pairwise_similarity(wrong)
    with pytest.raises(TypeError, match="names must be a sequence of names"):
        pairwise_similarity(LAYERS, names="abcd")
