"""The callback in Keras's own training loop, on the backend that KERAS_BACKEND names."""

from __future__ import annotations

import logging
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.callbacks.material import (
    HOSTILE,
    LABELS,
    N_CLASSES,
    N_FEATURES,
    OPTIONS,
    PROBES,
    Fading,
    same,
)

keras: Any = pytest.importorskip("keras")


def model(learning_rate: float = 0.05, seed: int = 0, dropout: float = 0.0) -> Any:
    keras.utils.set_random_seed(seed)
    net = keras.Sequential(
        [
            keras.layers.Input((N_FEATURES,)),
            keras.layers.Dense(16, activation="tanh", name="first"),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(dropout),
            keras.layers.Dense(16, name="body"),
            keras.layers.Dense(N_CLASSES),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(optimizer=keras.optimizers.SGD(learning_rate), loss=loss)
    return net


def fit(net: Any, *callbacks: Any, **options: Any) -> Any:
    named = {"epochs": 4, "batch_size": 16, "shuffle": False, "verbose": 0, **options}
    return net.fit(PROBES, LABELS, callbacks=[*callbacks], **named)


def watching(embed: Any = "body", **options: Any) -> Any:
    from fastshesha.monitor.callbacks.keras import KerasMonitor

    return KerasMonitor(PROBES, embed, **{**OPTIONS, **options})


def test_early_stopping_stops_on_the_logs() -> None:
    """The network stands still, so that its stability never improves."""
    callback = watching("first")
    stopping = keras.callbacks.EarlyStopping("shesha_stability", mode="max", patience=2)
    history = fit(model(0.0), callback, stopping, epochs=9).history
    assert len(history["loss"]) == 3
    assert history["shesha_stability"] == callback.monitor.history["stability"][1:]
    assert callback.monitor.history["epoch"] == [0.0, 1.0, 2.0, 3.0]
    assert callback.monitor.history["loss"][1:] == pytest.approx(history["loss"])


def test_behind_early_stopping_it_comes_too_late() -> None:
    """What the documentation warns of."""
    stopping = keras.callbacks.EarlyStopping("shesha_stability", mode="max", patience=2)
    with pytest.warns(UserWarning, match="shesha_stability"):
        history = fit(model(0.0), stopping, watching("first"), epochs=5).history
    assert len(history["loss"]) == 5


def test_an_alarm_can_stop_the_training() -> None:
    callback = watching(Fading(), stop_on_alarm=True)
    history = fit(model(), callback, epochs=9).history
    assert (callback.monitor.diagnosis, len(history["loss"])) == ("collapse", 4)
    assert history["shesha_should_stop"] == [0.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize("fault", [*HOSTILE, "one class"])
def test_hostile_embeddings_end_no_training(fault: str) -> None:
    if fault == "one class":
        callback = watching(labels=np.zeros_like(LABELS))
    else:
        callback = watching(lambda _, batch: HOSTILE[fault](np.asarray(batch)))
    stopping = keras.callbacks.EarlyStopping("shesha_stability", mode="max", patience=9)
    assert len(fit(model(), callback, stopping).history["loss"]) == 4
    history = callback.monitor.history
    assert len(history["epoch"]) == 5
    undefined = fault in ("nan", "raises", "three dimensions", "all zero", "constant rows")
    assert math.isfinite(history["stability"][-1]) is not undefined
    assert math.isfinite(history["alignment"][-1]) is not (undefined or fault == "one class")


def test_a_resumed_training_ends_in_the_same_state(tmp_path: Path) -> None:
    path = tmp_path / "monitor-{epoch}.json"
    whole, resumed = watching(state_path=path), watching(state_path=path)
    keeping = keras.callbacks.ModelCheckpoint(str(tmp_path / "model-{epoch}.keras"))
    fit(model(), whole, keeping)
    net = keras.models.load_model(tmp_path / "model-2.keras")
    fit(net, resumed, initial_epoch=2)
    assert same(resumed.monitor.state_dict(), whole.monitor.state_dict())
    assert len(whole.monitor.history["epoch"]) == 5


def test_a_training_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    """Beside Keras's own backup of the model."""
    path = tmp_path / "monitor.json"

    class Cut(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            if epoch == 2:
                raise InterruptedError

    def backup() -> Any:
        return keras.callbacks.BackupAndRestore(str(tmp_path / "backup"))

    with pytest.raises(InterruptedError):
        fit(model(), watching(state_path=path), backup(), Cut())
    resumed, whole = watching(state_path=path), watching()
    fit(model(seed=5), resumed, backup())
    fit(model(), whole)
    assert same(resumed.monitor.state_dict(), whole.monitor.state_dict())


def test_a_state_of_another_epoch_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "monitor.json"
    fit(model(), watching(state_path=path))
    with pytest.raises(ValueError, match=r"must hold the state after 2 epochs, .* that after 4"):
        fit(model(), watching(state_path=path), initial_epoch=2)


def test_a_missing_or_unwritable_state_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    callback = watching(state_path=tmp_path / "file" / "monitor.json")
    with caplog.at_level(logging.WARNING, "fastshesha.monitor"):
        fit(model(), callback, initial_epoch=2)
    assert "it begins at epoch 2" in caplog.text
    assert "the state of the monitor cannot be written" in caplog.text
    assert len(callback.monitor.history["epoch"]) == 3


def test_a_second_training_begins_anew() -> None:
    callback = watching()
    for _ in range(2):
        fit(model(), callback, epochs=2)
        assert callback.monitor.history["epoch"] == [0.0, 1.0, 2.0]


def test_the_training_is_the_same_with_and_without() -> None:
    ends = []
    for callbacks in ((), (watching(),)):
        net = model(dropout=0.2)
        fit(net, *callbacks)
        ends.append(net.get_weights())
    assert all(map(np.array_equal, *ends))


def test_a_wrong_layer_is_named_before_training() -> None:
    with pytest.raises(ValueError, match="No such layer: boby"):
        fit(model(), watching("boby"))


def test_a_layer_of_a_model_without_a_graph_wants_a_callable() -> None:
    class Own(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.body = keras.layers.Dense(4, name="body")

        def call(self, inputs: Any) -> Any:
            return self.body(inputs)

    net = Own()
    net.compile(loss="mse", optimizer="sgd")
    with pytest.raises(ValueError, match="pass a callable of model and batch"):
        net.fit(PROBES, PROBES[:, :4], callbacks=[watching("body")], verbose=0)
    callback = watching(lambda model, batch: model.body(batch))
    net.fit(PROBES, PROBES[:, :4], callbacks=[callback], verbose=0)
    assert math.isfinite(callback.monitor.history["stability"][-1])


def test_probes_of_two_inputs_are_a_tuple() -> None:
    ends = [keras.layers.Input((N_FEATURES,)) for _ in range(2)]
    added = keras.layers.Add(name="added")([keras.layers.Dense(4)(end) for end in ends])
    net = keras.Model(ends, added)
    from fastshesha.monitor.callbacks.keras_reader import KerasReader

    found = KerasReader().read(net, "added", (PROBES, 2.0 * PROBES))
    expected = keras.ops.convert_to_numpy(net([PROBES, 2.0 * PROBES]))
    np.testing.assert_allclose(found, expected, rtol=1e-6)
