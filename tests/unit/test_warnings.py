"""Where warnings point, and their classes with and without SciPy."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

import fastshesha
from fastshesha import _warnings
from fastshesha._warnings import ConstantInputWarning, NearConstantInputWarning, WarningTally

# Equal euclidean distances so large that numpy's mean of them is off by a rounding error.
CONSTANT = np.eye(9) * 1e9
X = np.random.default_rng(0).standard_normal((9, 5))


def recorded(call: Callable[[], object]) -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return caught


ZERO_ROW = np.where(np.arange(9)[:, None] == 1, 0.0, X)


@pytest.mark.parametrize(
    "call",
    [
        lambda: fastshesha.rdm_similarity(ZERO_ROW, X, nan_policy="omit"),
        lambda: fastshesha.compute_rdm(ZERO_ROW, nan_policy="replace"),
        lambda: fastshesha.feature_split(X, 3, seed=1, target_mc_se=1e-9, max_splits=3),
        lambda: fastshesha.feature_split([ZERO_ROW], nan_policy="omit"),
        lambda: fastshesha.variance_ratio(X * 1e200, [0, 0, 0, 0, 1, 1, 1, 1, 1]),
    ],
)
def test_warnings_point_at_the_callers_line(call: Callable[[], object]) -> None:
    caught = recorded(call)
    assert [entry.filename for entry in caught] == [__file__]


def test_own_classes_without_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "scipy.stats", raising=False)
    with pytest.warns(ConstantInputWarning) as caught:
        fastshesha.rdm_similarity(CONSTANT, X, metric="euclidean")
    assert [entry.category for entry in caught] == [ConstantInputWarning]
    assert "scipy.stats" not in sys.modules


@pytest.mark.parametrize("own", [ConstantInputWarning, NearConstantInputWarning])
def test_scipys_classes_where_it_is_loaded(
    monkeypatch: pytest.MonkeyPatch, own: type[RuntimeWarning]
) -> None:
    theirs = type(own.__name__, (RuntimeWarning,), {})
    stats = ModuleType("scipy.stats")
    monkeypatch.setitem(sys.modules, "scipy.stats", stats)
    assert _warnings._category(own) is own
    setattr(stats, own.__name__, "not a class")
    assert _warnings._category(own) is own
    setattr(stats, own.__name__, theirs)
    assert _warnings._category(own) is theirs
    assert issubclass(own, RuntimeWarning)


def test_one_warning_for_many_notes() -> None:
    def note_all_twice() -> None:
        with WarningTally() as tally:
            for n_undefined in (3, 4):
                tally.undefined("omit", n_undefined)
                tally.constant()
                tally.near_constant()
                tally.overflowed()

    messages = [str(entry.message) for entry in recorded(note_all_twice)]
    assert [message.rpartition(" ")[2] for message in messages] == ["2"] * 4
    assert messages[0] == (
        "Omitted 7 undefined distances (nan_policy='omit'); comparisons of RDMs affected: 2"
    )


def test_propagated_distances_warn_nothing() -> None:
    def propagate() -> None:
        with WarningTally() as tally:
            tally.undefined("propagate", 3)

    assert recorded(propagate) == []


def test_an_error_leaves_no_warning_behind() -> None:
    def fail() -> None:
        with WarningTally() as tally:
            tally.undefined("omit", 3)
            raise KeyError

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(KeyError):
            fail()
