"""One of two processes that train together: ``one_of_two.py FRAMEWORK FOLDER``.

RANK and its companions in the environment say which. Writes what it saw to ``FOLDER/RANK.json``.
The network stands still, so that early stopping ends the training where it sees the stability.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any


def main(framework: str, folder: Path) -> None:
    rank = int(os.environ["RANK"])
    calls: list[int] = []

    def embed(_: Any, batch: Any) -> Any:
        calls.append(rank)
        return batch

    trainings = {"lightning": by_lightning, "transformers": by_transformers, "keras": by_keras}
    seen = trainings[framework](embed, folder)
    told = {**seen, "n_calls": len(calls)}
    (folder / f"{rank}.json").write_text(json.dumps(told), encoding="utf-8")


def by_lightning(embed: Any, folder: Path) -> dict[str, Any]:
    from monitor.callbacks import test_lightning as case

    callback = case.watching(embed)
    stopping = case.lightning.callbacks.EarlyStopping("shesha/stability", mode="max", patience=2)
    options = {"max_epochs": 9, "strategy": "ddp", "devices": 2}
    trainer = case.trainer(folder, callback, stopping, **options)
    trainer.fit(case.module(0.0), case.loader())
    stability = float(trainer.callback_metrics["shesha/stability"])
    return {"n_epochs": trainer.current_epoch, "stability": stability}


def by_transformers(embed: Any, folder: Path) -> dict[str, Any]:
    from monitor.callbacks import test_transformers as case

    callback = case.watching(embed)
    stopping = case.transformers.EarlyStoppingCallback(early_stopping_patience=2)
    helper = callback.compute_metrics()
    options = {**case.BEST, "learning_rate": 0.0, "num_train_epochs": 9, "compute_metrics": helper}
    trainer = case.trainer(case.model(), folder, callback, stopping, **options)
    trainer.train()
    return {"n_epochs": trainer.state.epoch, "stability": trainer.state.best_metric}


def by_keras(embed: Any, folder: Path) -> dict[str, Any]:
    """Keras itself knows nothing of the other process."""
    import torch

    from monitor.callbacks import test_keras as case

    torch.distributed.init_process_group("gloo")
    callback = case.watching(embed, state_path=folder / "monitor.json")
    stopping = case.keras.callbacks.EarlyStopping("shesha_stability", mode="max", patience=2)
    history = case.fit(case.model(0.0), callback, stopping, epochs=9).history
    stability = history["shesha_stability"][-1]
    torch.distributed.destroy_process_group()
    return {"n_epochs": len(history["loss"]), "stability": stability}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main(sys.argv[1], Path(sys.argv[2]))
