"""Train a small network in Lightning and print what the monitor says, and what it costs.

    python tools/monitor_callback_demo.py --epochs 4 --probes 500

scikit-learn's digits, enlarged to 32 x 32 pixels, and a convolutional network with embeddings of
128 features. The share is the time of a check over the time since the check before, which is an
epoch of training and the check itself. Needs what ``nox -s callbacks`` installs.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from itertools import pairwise
from typing import Any

import lightning.pytorch as pl
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

from fastshesha.monitor.callbacks.lightning import LightningMonitor


class Classifier(pl.LightningModule):  # type: ignore[misc]
    """Three convolutions, a layer that is watched, and the classes."""

    def __init__(self) -> None:
        super().__init__()
        widths = (1, 32, 64, 128)
        stages: list[Any] = []
        for before, after in pairwise(widths):
            stages += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        self.body = nn.Sequential(*stages, nn.Flatten(), nn.Linear(2048, 128), nn.GELU())
        self.head = nn.Linear(128, 10)

    def forward(self, images: Any) -> Any:
        return self.head(self.body(images))

    def training_step(self, batch: Any, _: int) -> Any:
        return nn.functional.cross_entropy(self(batch[0]), batch[1])

    def configure_optimizers(self) -> Any:
        return torch.optim.Adam(self.parameters(), lr=1e-3)


class Printed(pl.Callback):  # type: ignore[misc]
    """Prints a line an epoch, after the monitor has looked."""

    def __init__(self, watched: LightningMonitor) -> None:
        self.watched = watched

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        del pl_module
        monitor, history = self.watched.monitor, self.watched.monitor.history
        shown = "  ".join(
            f"{history[name][-1]:9.3f}" for name in ("loss", "stability", "alignment")
        )
        share = f"{self.watched.time_share:7.1%}"
        print(f"{trainer.current_epoch + 1:5d}  {shown}  {share}  {monitor.diagnosis}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--probes", type=int, default=500, help="at most 1000 (default: 500)")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    pl.seed_everything(0, verbose=False)
    images, labels = load_digits(return_X_y=True)
    pixels = images.reshape(-1, 1, 8, 8).astype(np.float32) / 8.0 - 1.0
    enlarged = torch.from_numpy(pixels.repeat(4, axis=2).repeat(4, axis=3))
    probes, rest = slice(0, options.probes), slice(options.probes, None)
    training = torch.utils.data.TensorDataset(enlarged[rest], torch.from_numpy(labels[rest]))
    watched = LightningMonitor(enlarged[probes], "body", labels[probes])
    print("epoch       loss  stability  alignment    share  diagnosis")
    trainer = pl.Trainer(
        max_epochs=options.epochs,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[watched, Printed(watched)],
    )
    loader = torch.utils.data.DataLoader(training, batch_size=64, shuffle=True)
    trainer.fit(Classifier(), loader)


if __name__ == "__main__":
    main()
