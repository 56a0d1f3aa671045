"""The callback in the training loop of the Transformers Trainer."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.callbacks.material import (
    HOSTILE,
    LABELS,
    N_CLASSES,
    OPTIONS,
    PROBES,
    Fading,
    same,
)

torch: Any = pytest.importorskip("torch")
transformers: Any = pytest.importorskip("transformers")


def model(**options: Any) -> Any:
    """A plain module in the form that the Trainer asks for."""
    from monitor.callbacks.torch_network import network

    class Model(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.network = network(**options)

        def forward(self, x: Any, labels: Any = None) -> Any:
            logits = self.network(x)
            if labels is None:
                return {"logits": logits}
            return {"loss": torch.nn.functional.cross_entropy(logits, labels), "logits": logits}

    return Model()


def samples() -> list[dict[str, Any]]:
    return [
        {"x": x, "labels": int(label)} for x, label in zip(PROBES[:64], LABELS[:64], strict=True)
    ]


def trainer(net: Any, folder: Path, *callbacks: Any, **options: Any) -> Any:
    named = {"compute_metrics": options.pop("compute_metrics", None)}
    arguments = {
        "output_dir": str(folder),
        "num_train_epochs": 4,
        "per_device_train_batch_size": 16,
        "eval_strategy": "epoch",
        "logging_strategy": "epoch",
        "save_strategy": "no",
        "lr_scheduler_type": "constant",
        "learning_rate": 0.01,
        "optim": "sgd",
        "use_cpu": True,
        "report_to": "none",
        "disable_tqdm": True,
        **options,
    }
    return transformers.Trainer(
        model=net,
        args=transformers.TrainingArguments(**arguments),
        train_dataset=samples(),
        eval_dataset=samples(),
        callbacks=[*callbacks],
        **named,
    )


def watching(embed: Any = "network.0", **options: Any) -> Any:
    from fastshesha.monitor.callbacks.transformers import TransformersMonitor

    return TransformersMonitor(PROBES, embed, **{**OPTIONS, **options})


BEST: dict[str, Any] = {
    "metric_for_best_model": "shesha_stability",
    "greater_is_better": True,
    "load_best_model_at_end": True,
    "save_strategy": "epoch",
}


def test_early_stopping_stops_on_the_metric(tmp_path: Path) -> None:
    """The network stands still, so that its stability never improves."""
    callback = watching("network.0.0")
    stopping = transformers.EarlyStoppingCallback(early_stopping_patience=2)
    options = {**BEST, "learning_rate": 0.0, "num_train_epochs": 9}
    running = trainer(model(), tmp_path, callback, stopping, **options)
    running.train()
    assert running.state.epoch == 3.0
    assert running.state.best_metric == callback.monitor.history["stability"][1]
    assert callback.monitor.history["epoch"] == [0.0, 1.0, 2.0, 3.0]


def test_behind_early_stopping_it_comes_too_late(tmp_path: Path) -> None:
    """What the documentation warns of; the helper makes the order immaterial."""
    for helped, n_epochs in ((False, 5.0), (True, 3.0)):
        callback = watching("network.0.0")
        stopping = transformers.EarlyStoppingCallback(early_stopping_patience=2)
        options = {**BEST, "learning_rate": 0.0, "num_train_epochs": 5}
        if helped:
            options["compute_metrics"] = callback.compute_metrics()
        running = trainer(model(), tmp_path / str(helped), stopping, callback, **options)
        running.train()
        assert running.state.epoch == n_epochs


def test_the_helper_brings_the_numbers_into_the_log(tmp_path: Path) -> None:
    def accuracy(prediction: Any) -> dict[str, float]:
        return {
            "accuracy": float(np.mean(prediction.predictions.argmax(1) == prediction.label_ids))
        }

    callback = watching()
    running = trainer(
        model(), tmp_path, callback, compute_metrics=callback.compute_metrics(accuracy)
    )
    running.train()
    logged = [entry for entry in running.state.log_history if "eval_loss" in entry]
    history = callback.monitor.history
    assert [entry["eval_shesha_stability"] for entry in logged] == history["stability"][1:]
    assert {"eval_accuracy", "eval_shesha_effective_rank"} <= set(logged[0])
    losses = [entry["loss"] for entry in running.state.log_history if "loss" in entry]
    assert history["loss"][1:] == pytest.approx(losses)
    again = running.evaluate()
    assert again["eval_shesha_stability"] == history["stability"][-1]
    assert len(callback.monitor.history["epoch"]) == 5, "the same step is no second check"


def test_an_alarm_can_stop_the_training(tmp_path: Path) -> None:
    callback = watching(Fading(), stop_on_alarm=True)
    running = trainer(model(), tmp_path, callback, num_train_epochs=9, learning_rate=0.2)
    running.train()
    assert (callback.monitor.diagnosis, running.state.epoch) == ("collapse", 4.0)


@pytest.mark.parametrize("fault", [*HOSTILE, "one class"])
def test_hostile_embeddings_end_no_training(fault: str, tmp_path: Path) -> None:
    if fault == "one class":
        callback = watching(labels=np.zeros_like(LABELS))
    else:
        callback = watching(lambda _, batch: HOSTILE[fault](batch.numpy()))
    stopping = transformers.EarlyStoppingCallback(early_stopping_patience=9)
    running = trainer(model(), tmp_path, callback, stopping, **BEST)
    running.train()
    assert running.state.epoch == 4.0
    history = callback.monitor.history
    assert len(history["epoch"]) == 5
    undefined = fault in ("nan", "raises", "three dimensions", "all zero", "constant rows")
    assert math.isfinite(history["stability"][-1]) is not undefined
    assert math.isfinite(history["alignment"][-1]) is not (undefined or fault == "one class")


def test_a_resumed_training_ends_in_the_same_state(tmp_path: Path) -> None:
    whole, resumed = watching(patience=1), watching(patience=1)
    running = trainer(model(dropout=0.0), tmp_path, whole, save_strategy="epoch")
    running.train()
    checkpoint = tmp_path / "checkpoint-8"
    saved = json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
    assert "fastshesha.shesha" in saved["stateful_callbacks"]
    again = trainer(model(seed=5, dropout=0.0), tmp_path / "again", resumed, save_strategy="epoch")
    again.train(resume_from_checkpoint=str(checkpoint))
    assert same(resumed.monitor.state_dict(), whole.monitor.state_dict())
    assert len(whole.monitor.history["epoch"]) == 5


def test_the_training_is_the_same_with_and_without(tmp_path: Path) -> None:
    ends = []
    for callbacks in ((), (watching(),)):
        net = model()
        trainer(net, tmp_path, *callbacks).train()
        ends.append(net.state_dict())
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_tokens_are_averaged_over_the_attention_mask(tmp_path: Path) -> None:
    """A hook on a transformer's own encoder, whose probes are what a tokenizer returns."""
    config = transformers.BertConfig(
        vocab_size=30, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, num_labels=N_CLASSES,
    )  # fmt: skip
    net = transformers.BertForSequenceClassification(config)
    tokens = torch.randint(0, 30, (40, 6))
    mask = (torch.arange(6) < torch.randint(1, 7, (40, 1))).long()
    from fastshesha.monitor.callbacks.torch_reader import TorchReader

    batch = {"input_ids": tokens, "attention_mask": mask}
    found = TorchReader().read(net, "bert.encoder", batch)
    with torch.no_grad():
        hidden = net.eval().bert(**batch).last_hidden_state.numpy()
    expected = [row[kept == 1].mean(axis=0) for row, kept in zip(hidden, mask.numpy(), strict=True)]
    np.testing.assert_allclose(found, np.stack(expected), rtol=1e-5, atol=1e-6)


def test_a_wrong_module_is_named_before_training(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"such as \[.*'network.0'.*got 'network.boby'"):
        trainer(model(), tmp_path, watching("network.boby")).train()
