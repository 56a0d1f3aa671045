"""The monitor as a callback of Lightning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastshesha.monitor.callbacks.ranks import Ranks
from fastshesha.monitor.callbacks.torch_reader import TorchReader
from fastshesha.monitor.callbacks.watch import Watch, Watching

try:
    from lightning.pytorch.callbacks import Callback
except ModuleNotFoundError:
    from pytorch_lightning.callbacks import Callback


class LightningMonitor(Watching, Callback):  # type: ignore[misc]
    """Watch the embeddings of a fixed probe set, and log what is seen as ``shesha/...``.

    The probes are embedded before the first step and after every validation, or every training
    epoch where nothing is validated. The numbers are logged in time for
    ``EarlyStopping("shesha/stability", mode="max")`` and for ``ModelCheckpoint``, in every process.

    Parameters
    ----------
    probes : tensor, array, tuple or mapping of those, or iterable of batches
        The fixed samples: what `embed` gets, or what ``forward`` takes (a tuple as positional, a
        mapping as keyword arguments). A loader is read once.
    embed : str, callable, or mapping of str to those
        The name of a module whose output is taken, or a callable of the LightningModule and a
        batch that returns (n_samples, n_features); or several layers by name.
    labels : array_like of shape (n_samples,), optional
        Class of each probe.
    name : str, default='shesha'
        Stands before the names that are logged, and tells the states of two callbacks apart.
    batch_size : int, default=256
        Rows of the probes that are embedded at once.
    check_on_train_epoch_end : bool, optional
        Look at the end of training epochs also where there is a validation; None as above.
    stop_on_alarm : bool, default=False
        Stop the trainer when the monitor says so.
    verbose : bool, default=False
        Log the diagnosis and the time of every check at level INFO.
    **options
        Those of :class:`fastshesha.monitor.TrainingMonitor`: patience, min_delta,
        stability_threshold, start_from_epoch, seed, max_samples, n_splits, signals, strict.

    Raises
    ------
    TypeError, ValueError
        An argument that cannot be used; a module that the model does not have, when training
        begins. Without ``strict=True`` nothing is raised later.

    Notes
    -----
    Checks are counted from 0, the one before training: `patience` and `start_from_epoch` count
    them. The loss is the mean of the training steps since the last check. The model is neither
    moved nor changed; its modules are in evaluation mode while it is read.
    """

    def __init__(
        self,
        probes: Any,
        embed: Any,
        labels: Any = None,
        *,
        name: str = "shesha",
        batch_size: int = 256,
        check_on_train_epoch_end: bool | None = None,
        stop_on_alarm: bool = False,
        verbose: bool = False,
        **options: Any,
    ) -> None:
        super().__init__()
        self._name, self._at_train_end = name, check_on_train_epoch_end
        self._stop_on_alarm = stop_on_alarm
        self._loss_sum: Any = 0.0
        self._n_steps = 0
        self._watch = Watch(
            TorchReader(), probes, embed, labels, batch_size, f"{name}/", verbose, options
        )

    @property
    def state_key(self) -> str:
        return f"{type(self).__qualname__}[name={self._name}]"

    def state_dict(self) -> dict[str, Any]:
        return self.monitor.state_dict()

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        self.monitor.load_state_dict(state_dict)

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        self._loss_sum, self._n_steps = 0.0, 0
        self._watch.begin(pl_module, _ranks(trainer), fresh=trainer.global_step == 0)

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        loss: Any = outputs.get("loss") if isinstance(outputs, Mapping) else outputs
        if hasattr(loss, "detach"):
            # Summed where it is: a number would have to be waited for at every step.
            self._loss_sum = self._loss_sum + loss.detach()
            self._n_steps += 1

    def on_validation_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        in_training = trainer.state.fn == "fit" and not trainer.sanity_checking
        if in_training and not self._at_train_end:
            self._check(trainer, pl_module)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        if self._at_train_end or not trainer.enable_validation:
            self._check(trainer, pl_module)

    def _check(self, trainer: Any, pl_module: Any) -> None:
        loss = self._loss_sum / self._n_steps if self._n_steps else None
        self._loss_sum, self._n_steps = 0.0, 0
        flat = self._watch.check(pl_module, loss, _ranks(trainer))
        synced = trainer.world_size > 1
        pl_module.log_dict(flat, on_step=False, on_epoch=True, batch_size=1, sync_dist=synced)
        if self._stop_on_alarm and self._watch.should_stop:
            trainer.should_stop = True


def _ranks(trainer: Any) -> Ranks:
    return Ranks(trainer.is_global_zero, trainer.strategy.broadcast)
