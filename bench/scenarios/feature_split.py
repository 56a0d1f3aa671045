"""feature_split of continuous, heavy and tie-rich data, against the original and the limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.contest import Call
from bench.data import Data
from bench.limit import Work
from bench.scenario import ORIGINAL, OURS, Entry, Scenario, Turn, both

SEED = 320
Shape = tuple[int, int, int]  # samples, features, splits
SMALL, LARGE, TALL, HUGE = (500, 256, 30), (1600, 768, 30), (4000, 384, 5), (10_000, 768, 6)
WIDENED = "fastshesha, as float64"


def options_of(shape: Shape) -> dict[str, Any]:
    return {"n_splits": shape[2], "seed": SEED, "max_samples": None}


def _entries(shape: Shape, kind: str, dtype: str) -> Callable[[Data], list[Entry]]:
    def entries(data: Data) -> list[Entry]:
        X = data.matrix(shape[:2], kind, dtype=dtype)
        return both("feature_split", (X,), options_of(shape))

    return entries


def _scenario(
    shape: Shape,
    kind: str = "normal",
    target: float | None = None,
    share: float | None = None,
    quick: bool = False,
) -> Scenario:
    return Scenario(
        _name(shape, kind),
        _entries(shape, kind, "float64"),
        targets={} if target is None else {ORIGINAL: target},
        work=Work(*shape),
        share_target=share,
        quick=quick,
    )


def _name(shape: Shape, what: str) -> str:
    return f"feature_split/{shape[0]}x{shape[1]}, {shape[2]} splits/{what}"


def _single_precision(shape: Shape, target: float, quick: bool = False) -> Scenario:
    """The same values twice, as float32 and widened: the narrow ones must not cost more."""

    def entries(data: Data) -> list[Entry]:
        narrow = _entries(shape, "normal", "float32")(data)
        wide = data.widened(narrow[0].turns[0].calls[0].arguments[0])
        call = Call(f"{OURS}.feature_split", (wide,), options_of(shape))
        return [*narrow, Entry(OURS, (Turn((call,)),), label=WIDENED)]

    targets = {ORIGINAL: target, WIDENED: 1.0}
    name = _name(shape, "normal float32")
    return Scenario(name, entries, targets, work=Work(*shape), quick=quick)


def _ours_alone(shape: Shape, kind: str, share: float) -> Scenario:
    """Where the original would take minutes: what counts is the limit."""

    def entries(data: Data) -> list[Entry]:
        return _entries(shape, kind, "float64")(data)[:1]

    return Scenario(_name(shape, kind), entries, work=Work(*shape), share_target=share)


SCENARIOS = (
    _scenario(SMALL, target=40.0, quick=True),
    _single_precision(SMALL, target=40.0, quick=True),
    _scenario(SMALL, "binary 10%", target=15.0, quick=True),
    _scenario(LARGE, target=45.0, share=0.95),
    _single_precision(LARGE, target=45.0),
    _scenario(LARGE, "outlier dimension", target=40.0),
    _scenario(LARGE, "binary 10%", target=15.0),
    _scenario(LARGE, "integers 0..2", target=15.0),
    _scenario(LARGE, "20 distinct rows", target=15.0),
    # So many equal distances that only sums in the exact order settle the ranks.
    _scenario(LARGE, "5% of rows twice", share=0.58),
    _scenario(TALL, target=45.0),
    _ours_alone(HUGE, "normal", share=0.85),
    _ours_alone(HUGE, "5% of rows twice", share=0.60),
)
