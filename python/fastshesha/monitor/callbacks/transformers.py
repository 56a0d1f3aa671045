"""The monitor as a callback of the Transformers Trainer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transformers import TrainerCallback

from fastshesha.monitor.callbacks.ranks import torch_ranks
from fastshesha.monitor.callbacks.torch_reader import TorchReader
from fastshesha.monitor.callbacks.watch import Watch, Watching


class TransformersMonitor(Watching, TrainerCallback):  # type: ignore[misc]
    """Watch the embeddings of a fixed probe set, and add ``eval_shesha_...`` to the metrics.

    The probes are embedded before the first step and at every evaluation. Placed before
    ``EarlyStoppingCallback``, it drives early stopping and the choice of the best model with
    ``metric_for_best_model="shesha_stability"``. The Trainer writes its log before callbacks see
    the metrics: pass ``compute_metrics=monitor.compute_metrics()`` to have them in the log, too.

    Parameters
    ----------
    probes : mapping, tensor, array, tuple of those, or iterable of batches
        The fixed samples: what `embed` gets, or what the model takes (a mapping as keyword, a
        tuple as positional arguments), for example what a tokenizer returned. A loader is read
        once.
    embed : str, callable, or mapping of str to those
        The name of a module whose output is taken (of tokens the mean over the
        ``attention_mask`` of the probes), or a callable of model and batch that returns
        (n_samples, n_features); or several layers by name.
    labels : array_like of shape (n_samples,), optional
        Class of each probe.
    name : str, default='shesha'
        Stands before the names of the metrics, after ``eval_``.
    batch_size : int, default=64
        Rows of the probes that are embedded at once.
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
        An argument that cannot be used; a module that the model does not have, when training
        begins. Without ``strict=True`` nothing is raised later.

    Notes
    -----
    Checks are counted from 0, the one before training: `patience` and `start_from_epoch` count
    them. The loss is the mean of what the Trainer logged since the last check. The state lies in
    ``trainer_state.json`` of every checkpoint, and a resumed training goes on from it.
    """

    def __init__(
        self,
        probes: Any,
        embed: Any,
        labels: Any = None,
        *,
        name: str = "shesha",
        batch_size: int = 64,
        stop_on_alarm: bool = False,
        verbose: bool = False,
        **options: Any,
    ) -> None:
        self._state_key, self._stop_on_alarm = f"fastshesha.{name}", stop_on_alarm
        self._model: Any = None
        self._state: Any = None
        self._step = -1
        self._losses: list[float] = []
        self._watch = Watch(
            TorchReader(), probes, embed, labels, batch_size, f"{name}_", verbose, options
        )

    def compute_metrics(
        self, also: Callable[..., dict[str, Any]] | None = None
    ) -> Callable[..., dict[str, Any]]:
        """Return a function for the Trainer's `compute_metrics`: the metrics of `also`, and ours.

        Parameters
        ----------
        also : callable, optional
            Another function of that kind.

        Returns
        -------
        callable
            Its results reach the log and the loggers, under ``eval_`` as the callback's do.
        """

        def computed(prediction: Any, *arguments: Any, **named: Any) -> dict[str, Any]:
            metrics = dict(also(prediction, *arguments, **named)) if also else {}
            return {**metrics, **self._checked()} if named.get("compute_result", True) else metrics

        return computed

    def on_init_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self._model, self._state = kwargs["model"], state

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self._model, self._state, self._losses = kwargs["model"], state, []
        fresh = state.global_step == 0
        if not fresh and self._state_key in state.stateful_callbacks:
            self.monitor.load_state_dict(state.stateful_callbacks[self._state_key]["monitor"])
        self._watch.begin(self._model, torch_ranks(), fresh=fresh)
        self._step = state.global_step
        self._keep_state()

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        if logs and "loss" in logs:
            self._losses.append(float(logs["loss"]))

    def on_evaluate(
        self, args: Any, state: Any, control: Any, metrics: Any = None, **kwargs: Any
    ) -> None:
        flat = self._checked()
        if metrics is not None:
            metrics.update({f"eval_{key}": value for key, value in flat.items()})
        if self._stop_on_alarm and self._watch.should_stop:
            control.should_training_stop = True

    def _checked(self) -> dict[str, float]:
        """The numbers of this step; several evaluations of one step are one check."""
        if self._step != self._state.global_step or not self._watch.latest:
            loss = sum(self._losses) / len(self._losses) if self._losses else None
            self._losses, self._step = [], self._state.global_step
            self._watch.check(self._model, loss, torch_ranks())
            self._keep_state()
        return self._watch.latest

    def _keep_state(self) -> None:
        """Where the Trainer saves it; as no callback of its own, for it would make us anew."""
        kept = {"monitor": self.monitor.state_dict()}
        self._state.stateful_callbacks[self._state_key] = kept
