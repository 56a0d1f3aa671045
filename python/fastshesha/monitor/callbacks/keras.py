"""The monitor as a callback of Keras."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import keras

from fastshesha.monitor.callbacks.keras_reader import KerasReader
from fastshesha.monitor.callbacks.ranks import torch_ranks
from fastshesha.monitor.callbacks.watch import Watch, Watching

_LOG = logging.getLogger("fastshesha.monitor")


class KerasMonitor(Watching, keras.callbacks.Callback):  # type: ignore[misc]
    """Watch the embeddings of a fixed probe set, and add ``shesha_...`` to the logs.

    The probes are embedded before the first epoch and after every epoch. Placed before
    ``EarlyStopping(monitor="shesha_stability", mode="max")``, it drives early stopping; behind it,
    it never does. Keras cannot tell by itself that more is better: give the mode.

    Parameters
    ----------
    probes : array, tuple or mapping of arrays, or iterable of batches
        The fixed samples: what `embed` gets, or what the model takes. A loader is read once.
    embed : str, callable, or mapping of str to those
        The name of a layer of a functional or Sequential model, or a callable of model and batch
        that returns (n_samples, n_features); or several layers by name.
    labels : array_like of shape (n_samples,), optional
        Class of each probe.
    name : str, default='shesha'
        Stands before the names in the logs.
    batch_size : int, default=256
        Rows of the probes that are embedded at once.
    state_path : str or path, optional
        File of the state, written after every epoch; ``{epoch}`` stands for the number of epochs
        done, as in ``ModelCheckpoint``. Training that begins at a later epoch goes on from it.
    stop_on_alarm : bool, default=False
        Stop the training when the monitor says so.
    verbose : bool, default=False
        Log the diagnosis and the time of every check at level INFO.
    **options
        Those of :class:`fastshesha.monitor.TrainingMonitor`: patience, min_delta,
        stability_threshold, start_from_epoch, seed, max_samples, n_splits, signals, strict.

    Raises
    ------
    TypeError, ValueError
        An argument that cannot be used; a layer that the model does not have, or a state of
        another epoch, when training begins. Without ``strict=True`` nothing is raised later.

    Notes
    -----
    Checks are counted from 0, the one before training, so that their number is that of the epochs
    done. The loss is ``logs["loss"]``.
    """

    def __init__(
        self,
        probes: Any,
        embed: Any,
        labels: Any = None,
        *,
        name: str = "shesha",
        batch_size: int = 256,
        state_path: str | os.PathLike[str] | None = None,
        stop_on_alarm: bool = False,
        verbose: bool = False,
        **options: Any,
    ) -> None:
        super().__init__()
        self._state_path, self._stop_on_alarm = state_path, stop_on_alarm
        self._begun = False
        self._watch = Watch(
            KerasReader(), probes, embed, labels, batch_size, f"{name}_", verbose, options
        )

    def on_train_begin(self, logs: Any = None) -> None:
        self._begun = False

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        if self._begun:
            return
        self._begun = True
        if epoch > 0 and self._state_path is not None:
            self._load(epoch)
        self._watch.begin(self.model, torch_ranks(), fresh=epoch == 0)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs = {} if logs is None else logs
        ranks = torch_ranks()
        logs.update(self._watch.check(self.model, logs.get("loss"), ranks))
        if self._state_path is not None and ranks.is_first:
            self._save(epoch + 1)
        if self._stop_on_alarm and self._watch.should_stop:
            self.model.stop_training = True

    def _file(self, n_done: int) -> Path:
        return Path(os.fspath(self._state_path or "").format(epoch=n_done))

    def _save(self, n_done: int) -> None:
        path, state = self._file(n_done), {"epoch": n_done, "monitor": self.monitor.state_dict()}
        unfinished = path.with_name(path.name + ".unfinished")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(json.dumps(state), encoding="utf-8")
            unfinished.replace(path)
        except OSError as error:
            _LOG.warning("the state of the monitor cannot be written: %s", error)

    def _load(self, n_done: int) -> None:
        path = self._file(n_done)
        if not path.is_file():
            _LOG.warning("no state of the monitor at %s: it begins at epoch %d", path, n_done)
            return
        state = json.loads(path.read_text(encoding="utf-8"))
        if state["epoch"] != n_done:
            raise ValueError(
                f"state_path must hold the state after {n_done} epochs, where training begins; "
                f"{path} holds that after {state['epoch']}"
            )
        self.monitor.load_state_dict(state["monitor"])
