"""One check: embed the probes, update the monitor, give every process the numbers."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fastshesha.monitor.callbacks.probes import Source, batches_of, joined, sources_of
from fastshesha.monitor.callbacks.ranks import Ranks
from fastshesha.monitor.inputs import Unreadable
from fastshesha.monitor.signals import MonitorWarning
from fastshesha.monitor.training_monitor import TrainingMonitor

_LOG = logging.getLogger("fastshesha.monitor")


class Reader(Protocol):
    """How a framework runs a model."""

    def require(self, model: Any, name: str) -> None:
        """Raise ValueError where the model has no module of that name."""

    def read(self, model: Any, source: Source, batch: Any) -> NDArray[Any]:
        """The embeddings of one batch in host memory; the model is left as it was."""


class Watch:
    """A monitor, the probe set that it looks at, and what the last check gave.

    Attributes
    ----------
    monitor : TrainingMonitor
        In the first process; those of the others stay empty.
    latest : dict of str to float
        The flat numbers of the last check, in every process.
    time_share : float
        Time of the last check over the time since the one before it ended; NaN before the second.
    """

    def __init__(
        self, reader: Reader, probes: Any, embed: Any, labels: Any, batch_size: int, prefix: str,
        verbose: bool, options: Mapping[str, Any],
    ) -> None:  # fmt: skip
        self.monitor = TrainingMonitor(**options)
        self.latest: dict[str, float] = {}
        self.time_share = float("nan")
        self._reader, self._labels, self._prefix = reader, labels, prefix
        self._sources = sources_of(embed)
        self._batches = batches_of(probes, batch_size)
        self._verbose = verbose
        self._ended = float("nan")

    def begin(self, model: Any, ranks: Ranks, *, fresh: bool) -> None:
        """Look at the model once before training; a run that is resumed has been looked at.

        Raises
        ------
        ValueError
            The model has no module of a name that is to be embedded.
        """
        for source in self._sources.values():
            if isinstance(source, str):
                self._reader.require(model, source)
        if fresh:
            self.monitor.reset()
        self.latest = ranks.share(partial(self._first_look, model))

    def _first_look(self, model: Any) -> dict[str, float]:
        if self.monitor.history["epoch"]:
            self._ended = perf_counter()
            return self.latest
        return self._look(model, None)

    def check(self, model: Any, loss: Any, ranks: Ranks) -> dict[str, float]:
        """Embed, judge, and return the flat numbers; the same in every process."""
        self.latest = ranks.share(partial(self._look, model, loss))
        return self.latest

    @property
    def should_stop(self) -> bool:
        """What the last check said, in every process."""
        return self.latest.get(f"{self._prefix}should_stop", 0.0) > 0.0

    def _look(self, model: Any, loss: Any) -> dict[str, float]:
        started = perf_counter()
        layers: dict[str, Any] = {
            name: self._embeddings(model, source) for name, source in self._sources.items()
        }
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", MonitorWarning)
            report = self.monitor.update(layers, self._labels, loss=loss)
        for warning in caught:
            _LOG.warning("%s", warning.message)
        for alarm in report.alarms:
            _LOG.warning("epoch %d: %s: %s", alarm.epoch, alarm.kind, alarm.reason)
        ended = perf_counter()
        self.time_share, self._ended = (ended - started) / (ended - self._ended), ended
        if self._verbose:
            told = "epoch %d: %s, in %.2f s, %.1f %% of the time since the last check"
            seconds, share = ended - started, 100.0 * self.time_share
            _LOG.info(told, report.epoch, report.diagnosis, seconds, share)
        return report.to_dict(self._prefix)

    def _embeddings(self, model: Any, source: Source) -> NDArray[Any] | Unreadable:
        """What cannot be embedded is undefined, and no end of the training."""
        try:
            read: Callable[[Any], Any] = partial(self._reader.read, model, source)
            return joined([np.asarray(read(batch)) for batch in self._batches])
        except Exception as error:
            if self.monitor.configuration["strict"]:
                raise
            return Unreadable(f"the probes cannot be embedded: {type(error).__name__}: {error}")


class Watching:
    """What every callback shows of its watch."""

    _watch: Watch

    @property
    def monitor(self) -> TrainingMonitor:
        """The monitor; in a distributed training that of the first process has seen the run."""
        return self._watch.monitor

    @property
    def time_share(self) -> float:
        """Time of the last check over the time since the one before it ended."""
        return self._watch.time_share
