"""What one update returns: the epoch's numbers, flat and ready for a logger."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from fastshesha.monitor.alarms import Alarm


@dataclass(frozen=True)
class MonitorReport:
    """The signals of one epoch, the alarms it raised, and the verdict so far.

    Attributes
    ----------
    epoch : int
    values : dict of str to dict of str to float
        Signals by layer; the layer without a name is ``''``. NaN where there is no value.
    statuses : dict of str to dict of str to str
        Why a signal has no value, by layer; signals with a value are left out.
    loss : float
        As it was given; infinity for one that is not finite, NaN for none.
    alarms : tuple of Alarm
        The alarms that this epoch raised.
    diagnosis : str
        As :attr:`TrainingMonitor.diagnosis` after this epoch.
    should_stop : bool
        As :attr:`TrainingMonitor.should_stop` after this epoch.
    """

    epoch: int
    values: Mapping[str, Mapping[str, float]]
    statuses: Mapping[str, Mapping[str, str]]
    loss: float
    alarms: tuple[Alarm, ...]
    diagnosis: str
    should_stop: bool

    def to_dict(self, prefix: str = "shesha/") -> dict[str, float]:
        """Return one flat dictionary of floats: what wandb, MLflow and TensorBoard log.

        Parameters
        ----------
        prefix : str, default='shesha/'
            Stands before every key; a layer's name and a slash follow where there is one.

        Returns
        -------
        dict of str to float
            The signals, the loss where one was given, and ``should_stop`` and ``n_alarms``. NaN
            where there is no value; signals that were not asked for are left out.
        """
        flat = {
            f"{prefix}{layer}{'/' if layer else ''}{name}": value
            for layer, values in self.values.items()
            for name, value in values.items()
        }
        if not math.isnan(self.loss):
            flat[f"{prefix}loss"] = self.loss
        flat[f"{prefix}should_stop"] = float(self.should_stop)
        flat[f"{prefix}n_alarms"] = float(len(self.alarms))
        return flat
