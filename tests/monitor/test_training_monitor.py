"""`TrainingMonitor`: what goes in, what comes out, and what is remembered."""

from __future__ import annotations

import json
import math
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import spectrum
from fastshesha.monitor import SIGNALS, MonitorWarning, TrainingMonitor
from monitor.runs import LABELS, embeddings, small_monitor

UNDEFINED_MATRICES = {
    "constant": np.ones((60, 12)),
    "zeros": np.zeros((60, 12)),
    "nan": np.full((60, 12), np.nan),
    "one row": np.ones((1, 12)),
    "no rows": np.ones((0, 12)),
    "no features": np.ones((60, 0)),
    "one dimension": np.ones(60),
    "text": np.full((60, 12), "a"),
    "no array": object(),
    "ragged": [[1.0], [1.0, 2.0]],
}


def test_the_signals_are_those_of_the_public_functions() -> None:
    X, Y = embeddings(0), embeddings(1)
    monitor = TrainingMonitor(seed=5)
    monitor.update(X, LABELS)
    values = monitor.update(Y, LABELS, loss=0.5).to_dict(prefix="")
    assert values["stability"] == fastshesha.feature_split(Y, n_splits=8, seed=5)
    assert values["alignment"] == fastshesha.supervised_alignment(Y, LABELS, seed=5)
    assert values["var_ratio"] == fastshesha.variance_ratio(Y, LABELS)
    assert values["drift_first"] == values["drift_previous"] == fastshesha.rdm_drift(X, Y)
    assert {name: values[name] for name in spectrum.summary(Y)} == spectrum.summary(Y)
    assert (values["zero_rows"], values["nonfinite_rows"], values["loss"]) == (0.0, 0.0, 0.5)
    assert set(values) == {*SIGNALS, "loss", "should_stop", "n_alarms"}
    assert all(type(value) is float for value in values.values())


def test_layers_have_keys_and_columns_of_their_own() -> None:
    monitor = small_monitor(signals=["energy"])
    monitor.update({"early": embeddings()})
    report = monitor.update({"early": embeddings(), "late": 2.0 * embeddings()}, epoch=7)
    flat = report.to_dict()
    assert flat["shesha/late/energy"] == pytest.approx(4.0 * flat["shesha/early/energy"])
    assert monitor.history["epoch"] == [0.0, 7.0]
    late = monitor.history["late/energy"]
    assert math.isnan(late[0])
    assert late[1] == flat["shesha/late/energy"]
    assert {len(column) for column in monitor.history.values()} == {2}


def test_keys_are_those_that_every_logger_takes() -> None:
    """Letters, digits and _ - . / alone, as MLflow has it; one loss whatever the layers."""
    flat = small_monitor().update({"a": embeddings(), "b.1": embeddings()}, loss=1).to_dict()
    assert [key for key in flat if re.fullmatch(r"[\w./-]+", key) is None] == []
    assert [key for key in flat if key.endswith("loss")] == ["shesha/loss"]


def test_only_signals_asked_for_are_computed() -> None:
    report = small_monitor(signals=["energy", "stability"]).update(embeddings(), LABELS)
    assert set(report.to_dict(prefix="")) == {"stability", "energy", "should_stop", "n_alarms"}
    assert report.statuses[""]["alignment"] == "not asked for"


@pytest.mark.parametrize("name", UNDEFINED_MATRICES)
def test_what_is_undefined_is_nan_with_one_counted_warning(name: str) -> None:
    monitor = small_monitor()
    monitor.update(embeddings(), LABELS)
    matrix: Any = UNDEFINED_MATRICES[name]
    labels = LABELS if len(getattr(matrix, "shape", ())) == 2 and len(matrix) == 60 else None
    with pytest.warns(MonitorWarning, match=r"epoch 1: \d+ signals are undefined") as caught:
        report = monitor.update(matrix, labels)
    assert len(caught) == 1
    values = report.to_dict(prefix="")
    told = {key for key, value in values.items() if math.isnan(value)}
    assert told
    assert told <= set(report.statuses[""])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the drift from rows that had no distances
        monitor.update(embeddings(), LABELS)
    assert monitor.history["stability"][0] == monitor.history["stability"][2]


@pytest.mark.parametrize("name", UNDEFINED_MATRICES)
def test_strict_raises_and_leaves_the_run_as_it_was(name: str) -> None:
    monitor = small_monitor(strict=True)
    monitor.update(embeddings())
    before = json.dumps(monitor.state_dict())
    with pytest.raises(ValueError, match="signals are undefined"):
        monitor.update(UNDEFINED_MATRICES[name])  # type: ignore[arg-type]
    assert json.dumps(monitor.state_dict()) == before


def test_rows_that_are_not_finite_are_left_out_and_counted() -> None:
    X = embeddings()
    X[3, 2], X[7, 0] = np.nan, np.inf
    monitor = small_monitor(signals=["energy", "nonfinite_rows", "drift_first"])
    with pytest.warns(MonitorWarning, match="some rows are not finite"):
        values = monitor.update(X).to_dict(prefix="")
    rest = np.delete(X, [3, 7], axis=0)
    assert values["energy"] == spectrum.energy(rest)
    assert values["nonfinite_rows"] == pytest.approx(2 / 60)


def test_labels_of_one_class_or_another_length_do_no_harm() -> None:
    monitor = small_monitor()
    with pytest.warns(MonitorWarning, match="alignment"):
        monitor.update(embeddings(), np.zeros(60))
    with pytest.warns(MonitorWarning, match="labels must hold one label for each of the 60 rows"):
        monitor.update(embeddings(), LABELS[:5])


def test_a_run_that_never_had_a_geometry_is_undetermined() -> None:
    monitor = small_monitor(signals=["normalised_spread"])
    for _ in range(4):
        monitor.update(np.ones((60, 3)))
    assert (monitor.diagnosis, monitor.should_stop) == ("undetermined", False)


def test_a_mapping_without_layers_is_told() -> None:
    with pytest.warns(MonitorWarning, match="epoch 0: the mapping of embeddings is empty"):
        small_monitor().update({})
    with pytest.raises(ValueError, match="the mapping of embeddings is empty"):
        small_monitor(strict=True).update({})


def test_drift_is_nan_when_the_rows_are_others() -> None:
    monitor = small_monitor(signals=["drift_first", "drift_previous"])
    X = embeddings()
    monitor.update(X, row_ids=range(60))
    assert abs(monitor.update(X, row_ids=range(60)).to_dict("")["drift_first"]) < 1e-12
    with pytest.warns(MonitorWarning, match="the number of rows or the row_ids changed"):
        monitor.update(X, row_ids=range(1, 61))
    with pytest.warns(MonitorWarning, match="drift_first: the number of rows"):
        again = monitor.update(X[:, ::-1], row_ids=range(1, 61)).to_dict("")
    assert math.isnan(again["drift_first"])
    assert again["drift_previous"] == pytest.approx(0.0, abs=1e-12)


def test_of_many_rows_the_same_sample_is_taken_each_time() -> None:
    X = np.random.default_rng(0).standard_normal((200, 6))
    monitor = small_monitor(max_samples=50, signals=["energy", "drift_first"])
    first = monitor.update(X, np.arange(200) % 2).to_dict("")
    assert first["energy"] != spectrum.energy(X)
    assert monitor.update(X).to_dict("") == pytest.approx({**first, "drift_first": 0.0}, abs=1e-12)
    assert small_monitor(max_samples=None).update(X).to_dict("")["energy"] == spectrum.energy(X)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int32, ">f4"])
def test_other_types_are_read_as_their_values(dtype: str, tmp_path: Path) -> None:
    X = np.round(embeddings() * 8).astype(dtype)
    np.save(tmp_path / "X.npy", X)
    expected = small_monitor().update(X.astype(np.float64), LABELS).to_dict()
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    for given in (X, np.asfortranarray(X), mapped):
        found = small_monitor().update(given, LABELS).to_dict()
        assert found == pytest.approx(expected, rel=1e-9, nan_ok=True)


class Tensor:
    """As much of a torch tensor as the monitor looks at."""

    def __init__(self, values: Any, dtype: str = "float32", device: str = "cpu") -> None:
        self.values, self.dtype = values, f"torch.{dtype}"
        self.device = type("Device", (), {"type": device})()
        self.steps: list[str] = []

    def _step(self, name: str) -> Tensor:
        self.steps.append(name)
        return self

    def detach(self) -> Tensor:
        return self._step("detach")

    def cpu(self) -> Tensor:
        return self._step("cpu")

    def float(self) -> Tensor:
        return self._step("float")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.asarray(self.values, dtype)


def test_tensors_are_detached_and_widened_but_never_moved() -> None:
    plain, brief = Tensor(embeddings()), Tensor(embeddings(), "bfloat16")
    monitor = small_monitor(signals=["energy"])
    found = {monitor.update(tensor).to_dict()["shesha/energy"] for tensor in (plain, brief)}
    assert found == {spectrum.energy(embeddings())}
    assert (plain.steps, brief.steps) == (["detach"], ["detach", "float"])
    with pytest.warns(MonitorWarning, match=r"a tensor on cuda; pass embeddings.cpu\(\)"):
        monitor.update(Tensor(embeddings(), device="cuda"))


def test_a_run_can_be_interrupted_anywhere(tmp_path: Path) -> None:
    """State through JSON: what follows is the same to the bit, NaN and references included."""
    matrices = [embeddings(seed) * size for seed, size in enumerate((1, 1, 0.1, 0.01, 0.0, 0.001))]
    whole = small_monitor()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for position, X in enumerate(matrices):
            whole.update({"a": X.astype(np.float32)}, LABELS, loss=1.0 / (position + 1))
            resumed = small_monitor()
            resumed.load_state_dict(json.loads(json.dumps(whole.state_dict())))
            for other in (whole, resumed):
                assert json.dumps(other.state_dict()) == json.dumps(whole.state_dict())
            for X_next in matrices[position + 1 :]:
                resumed.update({"a": X_next.astype(np.float32)}, LABELS)
            assert len(resumed.history["epoch"]) == len(matrices)
    assert str(resumed.history) == str(whole.history)
    assert resumed.alarms == whole.alarms


def _only_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(type(key) is str and _only_plain(entry) for key, entry in value.items())
    if isinstance(value, list):
        return all(map(_only_plain, value))
    return type(value) in (str, int, float)


def test_the_state_holds_plain_types_only() -> None:
    monitor = small_monitor(max_samples=None, n_splits=np.int64(2))
    monitor.update(embeddings(), LABELS, loss=np.float32(1), epoch=np.int64(3))
    assert _only_plain(monitor.state_dict())


def test_a_state_that_does_not_fit_is_refused() -> None:
    state = small_monitor().state_dict()
    with pytest.raises(
        ValueError, match=r"the state was made with .*'seed': 320.* has .*'seed': 1"
    ):
        small_monitor(seed=1).load_state_dict(state)
    with pytest.raises(ValueError, match="state must be of version 1; got 99"):
        small_monitor().load_state_dict({**state, "version": 99})


def test_reset_forgets_the_run() -> None:
    monitor = small_monitor()
    monitor.update(embeddings())
    monitor.reset()
    assert json.dumps(monitor.state_dict()) == json.dumps(small_monitor().state_dict())
    assert monitor.diagnosis == "undetermined"


def test_the_frame_has_a_row_for_every_epoch() -> None:
    pytest.importorskip("pandas")
    monitor = small_monitor()
    for epoch in (2, 4):
        monitor.update(embeddings(), epoch=epoch)
    frame = monitor.to_frame()
    assert list(frame["epoch"]) == [2, 4]
    assert list(frame.columns) == ["epoch", "loss", *SIGNALS]


def test_best_epochs_are_those_no_other_beats() -> None:
    monitor = small_monitor(signals=["energy", "normalised_spread"])
    for factor in (1.0, 2.0, 3.0):
        monitor.update(embeddings() * factor)
    assert monitor.best_epoch("energy", "normalised_spread") in ([2], [0, 2], [1, 2], [0, 1, 2])
    assert monitor.best_epoch("energy", "energy") == [2]
    assert monitor.best_epoch() == []
    with pytest.raises(ValueError, match="the history has no 'other'; it has 'epoch', 'loss'"):
        monitor.best_epoch("other")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("patience", 0, "patience must be a whole number of at least 1; got 0"),
        ("n_splits", 2.5, "n_splits must be a whole number of at least 1; got 2.5"),
        ("max_samples", 1, "max_samples must be a whole number of at least 2; got 1"),
        ("start_from_epoch", -1, "start_from_epoch must be a whole number of at least 0"),
        ("seed", True, "seed must be a whole number of at least 0; got True"),
        ("min_delta", math.nan, "min_delta must be a finite number of at least 0; got nan"),
        ("stability_threshold", "a", "stability_threshold must be a finite number"),
        ("signals", ["speed"], r"signals must be some of 'stability', .*; got \['speed'\]"),
        ("signals", [], "signals must be some of .*; got none"),
    ],
)
def test_a_bad_option_is_named(option: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TrainingMonitor(**{option: value})  # type: ignore[arg-type]
