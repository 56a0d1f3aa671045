"""The monitor that a training loop calls once an epoch."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsFloat, SupportsInt

from fastshesha.monitor.alarms import Alarm
from fastshesha.monitor.drift import DriftMemory, RowIds, read_row_ids
from fastshesha.monitor.inputs import as_epoch, as_loss, read_rows
from fastshesha.monitor.options import Options, checked_signals
from fastshesha.monitor.record import RunRecord
from fastshesha.monitor.report import MonitorReport
from fastshesha.monitor.signals import Measured, MonitorWarning, count_faults, measure, unreadable
from fastshesha.monitor.state import check_state, state_header
from fastshesha.monitor.track import Track

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike


class TrainingMonitor:
    """Watch a representation while a network is trained, and name what goes wrong.

    Call :meth:`update` once before training and once after every epoch, always with the
    embeddings of the same fixed probe samples. Rules judge the signals against the run's own past;
    a rule that holds for `patience` epochs in a row raises an alarm.

    Parameters
    ----------
    patience : int, default=3
        Epochs in a row in which a rule must hold before it raises an alarm.
    min_delta : float, default=0.0
        Changes of alignment and variance ratio up to this size count as none.
    stability_threshold : float, default=0.2
        Stability below it for `patience` epochs stops the run, as the tutorial has it, where it
        was not below at the start.
    start_from_epoch : int, default=0
        Epochs before this one are recorded, but no rule looks at them.
    seed : int, default=320
        Seed of the feature partitions and of the sample of rows.
    max_samples : int or None, default=1600
        Rows that are scored; of more, always the same sample is taken. None takes all.
    n_splits : int, default=8
        Random feature partitions behind the stability.
    signals : iterable of str, optional
        The signals to compute, of :data:`fastshesha.monitor.SIGNALS`; None for all. Rules whose
        signals are missing stay silent.
    strict : bool, default=False
        Raise for embeddings that cannot be read and for undefined values, instead of noting NaN.

    Raises
    ------
    ValueError
        An option out of its range.

    Notes
    -----
    Without `strict`, :meth:`update` raises nothing about what it is given. Two
    earlier epochs of 500 rows are kept for the drift. An update takes O(n^2 d) time for n
    sampled rows of d features.

    Examples
    --------
    >>> import numpy as np
    >>> from fastshesha.monitor import TrainingMonitor
    >>> X = np.random.default_rng(0).standard_normal((60, 16))
    >>> monitor = TrainingMonitor()
    >>> for fading in (1.0, 0.9, 0.1, 0.01, 0.001):
    ...     report = monitor.update(X * fading + np.ones(16))
    >>> monitor.diagnosis, monitor.should_stop
    ('collapse', True)
    """

    def __init__(
        self,
        patience: int = 3,
        min_delta: float = 0.0,
        stability_threshold: float = 0.2,
        start_from_epoch: int = 0,
        seed: int = 320,
        max_samples: int | None = 1600,
        n_splits: int = 8,
        signals: Iterable[str] | None = None,
        strict: bool = False,
    ) -> None:
        self._options = Options(
            patience=patience,
            min_delta=min_delta,
            stability_threshold=stability_threshold,
            start_from_epoch=start_from_epoch,
            seed=seed,
            max_samples=max_samples,
            n_splits=n_splits,
            signals=checked_signals(signals),
            strict=strict,
        )
        self._record = RunRecord()

    def reset(self) -> None:
        """Forget the run; the options stay."""
        self._record = RunRecord()

    def update(
        self,
        embeddings: ArrayLike | Mapping[str, ArrayLike],
        labels: ArrayLike | None = None,
        *,
        loss: SupportsFloat | None = None,
        epoch: SupportsInt | None = None,
        row_ids: Iterable[object] | None = None,
    ) -> MonitorReport:
        """Score the embeddings of one epoch and judge the run so far.

        Parameters
        ----------
        embeddings : array_like of shape (n_samples, n_features), or mapping of str to such
            A numpy array or memory map, a torch tensor in host memory (of any type, with or
            without gradient), a jax array; or several layers by name.
        labels : array_like of shape (n_samples,), optional
            Class of each row; without them alignment and variance ratio are NaN.
        loss : float, optional
            Training loss. One that is not finite counts as infinite.
        epoch : int, optional
            Number of the epoch; by default, and where it is no number, one more than the last,
            from 0.
        row_ids : iterable, optional
            What identifies the rows, one id each. Drift is NaN between epochs of different rows,
            and where the ids cannot be read.

        Returns
        -------
        MonitorReport
            Signals, statuses, new alarms and the verdict.

        Raises
        ------
        ValueError
            Only with ``strict=True``: something cannot be read or is not defined. The epoch is
            then not recorded.

        Warns
        -----
        MonitorWarning
            Once, with a count, where signals that were asked for have no value, or `epoch` cannot
            be used.
        """
        given = embeddings if isinstance(embeddings, Mapping) else {"": embeddings}
        layers = {str(name): values for name, values in given.items()}
        identities = read_row_ids(row_ids)
        tracks = {name: self._record.tracks.get(name, Track()) for name in layers}
        number, misnumbered = as_epoch(epoch, self._record.next_epoch)
        memories = {name: replace(track.memory) for name, track in tracks.items()}
        found = {
            name: self._measure(values, labels, memories[name], identities)
            for name, values in layers.items()
        }
        told = "; ".join(filter(None, (misnumbered, count_faults(found, number))))
        if told and self._options.strict:
            raise ValueError(told)
        for name, track in tracks.items():
            track.memory = memories[name]
        self._record.tracks.update(tracks)
        report = self._judge(number, found, as_loss(loss))
        if told:
            warnings.warn(told, MonitorWarning, stacklevel=2)
        return report

    def _measure(
        self, embeddings: object, labels: object, memory: DriftMemory, row_ids: RowIds
    ) -> Measured:
        options = self._options
        try:
            rows = read_rows(embeddings, labels, options.max_samples, options.seed)
            found = measure(rows, set(options.signals), options.n_splits, options.seed)
            memory.update(found, rows, row_ids, options.seed)
        except Exception as error:
            return unreadable(options.signals, str(error))
        return found

    def _judge(self, epoch: int, found: Mapping[str, Measured], loss: float) -> MonitorReport:
        record, options = self._record, self._options
        record.add(epoch, loss, {layer: measured.values for layer, measured in found.items()})
        raised = record.judge(found, options.limits, options.start_from_epoch)
        return MonitorReport(
            epoch=epoch,
            values={layer: measured.asked_values for layer, measured in found.items()},
            statuses={layer: dict(measured.statuses) for layer, measured in found.items()},
            loss=loss,
            alarms=tuple(raised),
            diagnosis=record.diagnosis,
            should_stop=record.should_stop,
        )

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """All alarms so far, in the order in which they were raised."""
        return tuple(self._record.alarms)

    @property
    def diagnosis(self) -> str:
        """'collapse', 'divergence' or 'overfit': what the first alarm about a failure says.

        Without one 'healthy', or 'undetermined' while there are fewer than two epochs with a
        stability or a spread to compare.
        """
        return self._record.diagnosis

    @property
    def should_stop(self) -> bool:
        """Whether an alarm about a failure was raised, or stability stays below its threshold."""
        return self._record.should_stop

    @property
    def history(self) -> dict[str, list[float]]:
        """All curves: ``epoch``, ``loss`` and the signals, by ``layer/signal`` for named layers."""
        return self._record.history

    @property
    def configuration(self) -> dict[str, Any]:
        """The options as plain types."""
        return {**asdict(self._options), "signals": list(self._options.signals)}

    def to_frame(self) -> Any:
        """Return the history as a pandas DataFrame with one row per epoch."""
        from pandas import DataFrame

        return DataFrame({**self.history, "epoch": self._record.epochs})

    def best_epoch(self, first: str = "stability", second: str = "alignment") -> list[int]:
        """Return the epochs that no other epoch beats in both of two curves.

        Parameters
        ----------
        first, second : str
            Names of curves in :attr:`history`, each the better the larger.

        Returns
        -------
        list of int
            In rising order; an epoch without one of the values is never among them.

        Raises
        ------
        ValueError
            There is no such curve.

        Examples
        --------
        >>> from fastshesha.monitor import TrainingMonitor
        >>> TrainingMonitor().best_epoch()
        []
        """
        return self._record.best_epochs(first, second)

    def plot(self, ax: Axes | None = None, *, layer: str = "") -> Axes:
        """Draw the tutorial's panel of a layer with its alarms, by :func:`plot_history`."""
        from fastshesha.monitor.plots import plot_history

        return plot_history(self._record.curves_of(layer), self._record.alarms_of(layer), ax)

    def plot_tradeoff(self, ax: Axes | None = None, *, layer: str = "") -> Axes:
        """Draw stability against alignment with the best epochs, by :func:`plot_tradeoff`."""
        from fastshesha.monitor.plots import plot_tradeoff

        return plot_tradeoff(self._record.curves_of(layer), ax=ax)

    def report(self, path: str | os.PathLike[str]) -> None:
        """Write one self-contained HTML page: verdict, alarms, pictures, configuration."""
        from fastshesha.monitor.html_report import page

        text = page(self.history, self.alarms, self.diagnosis, self.configuration)
        Path(path).write_text(text, encoding="utf-8")

    def state_dict(self) -> dict[str, Any]:
        """Return everything that is remembered, as str, int, float, list and dict alone."""
        return {**state_header(self._options.binding), "record": self._record.to_state()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where another monitor was when it gave `state`.

        Parameters
        ----------
        state : mapping
            What :meth:`state_dict` returned.

        Raises
        ------
        ValueError
            The state is of another version, or of a monitor whose numbers cannot be compared.
        """
        check_state(state, self._options.binding)
        self._record = RunRecord.from_state(state["record"])
