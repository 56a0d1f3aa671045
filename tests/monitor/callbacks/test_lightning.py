"""The callback in Lightning's own training loop."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.callbacks.material import HOSTILE, LABELS, OPTIONS, PROBES, Fading, same

torch: Any = pytest.importorskip("torch")
lightning: Any = pytest.importorskip("lightning.pytorch")


def module(learning_rate: float = 0.05, **options: Any) -> Any:
    from monitor.callbacks.torch_network import network

    class Module(lightning.LightningModule):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.network = network(**options)

        def forward(self, x: Any) -> Any:
            return self.network(x)

        def on_train_epoch_start(self) -> None:
            self.network[1].eval()

        def training_step(self, batch: Any, batch_idx: int) -> Any:
            return torch.nn.functional.cross_entropy(self(batch[0]), batch[1])

        def validation_step(self, batch: Any, batch_idx: int) -> None:
            self.log("val_loss", torch.nn.functional.cross_entropy(self(batch[0]), batch[1]))

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=learning_rate)

    return Module()


def loader() -> Any:
    from monitor.callbacks.torch_network import samples

    return torch.utils.data.DataLoader(samples(), batch_size=16)


def trainer(folder: Path, *callbacks: Any, **options: Any) -> Any:
    quiet: dict[str, Any] = {
        "accelerator": "cpu",
        "logger": False,
        "enable_checkpointing": any("Checkpoint" in type(c).__name__ for c in callbacks),
        "enable_progress_bar": False,
        "enable_model_summary": False,
        "default_root_dir": folder,
    }
    return lightning.Trainer(callbacks=[*callbacks], **{**quiet, "max_epochs": 4, **options})


def watching(embed: Any = "network.0", **options: Any) -> Any:
    from fastshesha.monitor.callbacks.lightning import LightningMonitor

    return LightningMonitor(PROBES, embed, **{**OPTIONS, **options})


@pytest.mark.parametrize("validation", [False, True])
@pytest.mark.parametrize("before", [False, True])
def test_early_stopping_stops_on_what_is_logged(
    validation: bool, before: bool, tmp_path: Path
) -> None:
    """The network stands still, so that its stability never improves."""
    stopping = lightning.callbacks.EarlyStopping("shesha/stability", mode="max", patience=2)
    callback = watching("network.0.0")
    callbacks = (callback, stopping) if before else (stopping, callback)
    running = trainer(tmp_path, *callbacks, max_epochs=9)
    running.fit(module(0.0), loader(), loader() if validation else None)
    assert running.current_epoch == 3
    assert stopping.stopped_epoch == 2
    logged = float(running.callback_metrics["shesha/stability"])
    assert logged == pytest.approx(callback.monitor.history["stability"][-1], rel=1e-6)
    assert callback.monitor.history["epoch"] == [0.0, 1.0, 2.0, 3.0]


def test_the_loggers_of_the_trainer_get_the_numbers(tmp_path: Path) -> None:
    callback = watching()
    logger = lightning.loggers.CSVLogger(tmp_path)
    trainer(tmp_path, callback, logger=logger, max_epochs=2).fit(module(), loader())
    with open(Path(logger.log_dir) / "metrics.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name in ("stability", "loss", "effective_rank"):
        logged = [float(row[f"shesha/{name}"]) for row in rows]
        assert logged == pytest.approx(callback.monitor.history[name][1:], rel=1e-6)


def test_the_loss_is_the_mean_of_the_steps(tmp_path: Path) -> None:
    callback, net = watching(), module(0.0)
    net.network.eval()
    net.network.train = lambda mode=True: net.network
    trainer(tmp_path, callback, max_epochs=1).fit(net, loader())
    with torch.no_grad():
        expected = [float(net.training_step(batch, 0)) for batch in loader()]
    assert callback.monitor.history["loss"][1:] == pytest.approx([np.mean(expected)], rel=1e-5)


def test_checks_can_be_kept_to_the_end_of_epochs(tmp_path: Path) -> None:
    """Two validations an epoch are two checks, unless asked otherwise."""
    for at_end, n_checks in ((None, 4), (True, 2)):
        callback = watching(check_on_train_epoch_end=at_end)
        options = {"max_epochs": 2, "val_check_interval": 0.5}
        trainer(tmp_path, callback, **options).fit(module(), loader(), loader())
        assert len(callback.monitor.history["epoch"]) == 1 + n_checks


def test_an_alarm_can_stop_the_trainer(tmp_path: Path) -> None:
    callback = watching(Fading(), stop_on_alarm=True)
    running = trainer(tmp_path, callback, max_epochs=9)
    running.fit(module(), loader())
    assert (callback.monitor.diagnosis, running.current_epoch) == ("collapse", 4)


@pytest.mark.parametrize("fault", HOSTILE)
def test_hostile_embeddings_end_no_training(fault: str, tmp_path: Path) -> None:
    callback = watching(lambda _, batch: HOSTILE[fault](batch.numpy()))
    stopping = lightning.callbacks.EarlyStopping(
        "shesha/stability", mode="max", patience=9, check_finite=False
    )
    running = trainer(tmp_path, callback, stopping)
    running.fit(module(), loader())
    assert running.current_epoch == 4
    history = callback.monitor.history
    assert len(history["epoch"]) == 5
    known = [value for value in history["stability"] if math.isfinite(value)]
    undefined = fault in ("nan", "raises", "three dimensions", "all zero", "constant rows")
    assert len(known) == (0 if undefined else 5)


def test_one_class_ends_no_training(tmp_path: Path) -> None:
    callback = watching(labels=np.zeros_like(LABELS))
    running = trainer(tmp_path, callback)
    running.fit(module(), loader())
    assert running.current_epoch == 4
    assert all(map(math.isnan, callback.monitor.history["alignment"]))
    assert all(map(math.isfinite, callback.monitor.history["stability"]))


def test_a_resumed_training_ends_in_the_same_state(tmp_path: Path) -> None:
    """Through a checkpoint that is read with `weights_only`."""
    keeping = lightning.callbacks.ModelCheckpoint(tmp_path, filename="{epoch}", save_top_k=-1)
    whole, resumed = watching(patience=1), watching(patience=1)
    trainer(tmp_path, whole, keeping).fit(module(dropout=0.0), loader())
    options = {"ckpt_path": tmp_path / "epoch=1.ckpt", "weights_only": True}
    trainer(tmp_path, resumed).fit(module(seed=5, dropout=0.0), loader(), **options)
    assert same(resumed.monitor.state_dict(), whole.monitor.state_dict())
    assert len(whole.monitor.history["epoch"]) == 5


def test_a_second_training_begins_anew(tmp_path: Path) -> None:
    callback = watching()
    for _ in range(2):
        trainer(tmp_path, callback, max_epochs=2).fit(module(), loader())
        assert callback.monitor.history["epoch"] == [0.0, 1.0, 2.0]


def test_the_training_is_the_same_with_and_without(tmp_path: Path) -> None:
    ends = []
    for callbacks in ((), (watching(),)):
        net = module()
        trainer(tmp_path, *callbacks).fit(net, loader())
        ends.append(net.state_dict())
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_a_wrong_module_is_named_before_training(tmp_path: Path) -> None:
    callback = watching("network.boby")
    with pytest.raises(ValueError, match=r"such as \[.*'network.0'.*got 'network.boby'"):
        trainer(tmp_path, callback).fit(module(), loader())


def test_only_strict_raises(tmp_path: Path) -> None:
    callback = watching(lambda _, batch: HOSTILE["raises"](batch), strict=True)
    with pytest.raises(RuntimeError, match="out of memory"):
        trainer(tmp_path, callback).fit(module(), loader())
