"""Times the entries of a scenario by turns; numbers that differ are refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from statistics import median

from bench.contest import Contestant, ContestError, difference
from bench.scenario import OURS, Entry, Scenario

# Threads of a linear algebra library spin for tens of milliseconds after a call; without a pause
# the one side's would take the other side's cores.
PAUSE_SECONDS = 0.1
_WARM_UP_CALLS = 3


@dataclass
class Figure:
    """What one entry cost, round by round."""

    name: str
    seconds: list[float] = field(default_factory=list)
    peak: int | None = None
    difference: float = 0.0

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def minimum(self) -> float:
        return min(self.seconds)


@dataclass
class Measured:
    """The figures of a scenario, ours first; or why there are none."""

    scenario: Scenario
    figures: list[Figure]
    peak_per_core: list[float]
    refused: str = ""

    @property
    def ours(self) -> Figure:
        return self.figures[0]

    def ratio(self, figure: Figure) -> float:
        """How many times as long as ours."""
        return figure.median / self.ours.median

    @property
    def share(self) -> float | None:
        """The limit, as a share of our time."""
        if self.scenario.work is None or not self.peak_per_core:
            return None
        return self.scenario.work.limit_seconds(self.peak_per_core) / self.ours.median

    def missed(self, figure: Figure) -> list[str]:
        """What was aimed at beside this figure and not reached, in words."""
        if figure is self.ours:
            aim = self.scenario.share_target
            below = aim is not None and self.share is not None and self.share < aim
            return [f"{self.share:.0%} of the limit, not {aim:.0%}"] if below else []
        found = []
        target = self.scenario.targets.get(figure.name, 0.0)
        if self.ratio(figure) < target:
            found.append(f"{self.ratio(figure):.3g} times ours, not {target:g}")
        if self.scenario.less_memory and not _below(self.ours.peak, figure.peak):
            found.append("no less memory")
        return found


def _below(mine: int | None, theirs: int | None) -> bool:
    """Whether the one peak is below the other; what is not known is no miss."""
    return mine is None or theirs is None or mine < theirs


@dataclass(frozen=True)
class Conditions:
    """What all scenarios of a run share."""

    python_of: Callable[[str], str]
    n_threads: int
    n_rounds: int
    peak_per_core: Callable[[], list[float]]


def measure(scenario: Scenario, entries: list[Entry], conditions: Conditions) -> Measured:
    """Let the entries take turns, in processes that begin with this scenario."""
    measured = Measured(scenario, [Figure(entry.name) for entry in entries], [])
    try:
        with ExitStack() as stack:
            players = []
            for entry in entries:
                player = Contestant(
                    entry.name, conditions.python_of(entry.environment), conditions.n_threads
                )
                players.append(stack.enter_context(closing(player)))
                player.warm_up(entry.turns[0].calls[:_WARM_UP_CALLS])
            for number in range(conditions.n_rounds):
                _play_round(measured, entries, players, number)
                if scenario.work is not None:
                    now = conditions.peak_per_core()
                    measured.peak_per_core = _best(measured.peak_per_core or now, now)
            _refuse_noise(measured)
    except ContestError as error:
        measured.refused = str(error)
    return measured


def _refuse_noise(measured: Measured) -> None:
    """A difference of two durations that came out as nothing says nothing."""
    for figure in measured.figures:
        if figure.median <= 0:
            raise ContestError(f"the time of {figure.name} drowned in noise")


def _best(so_far: list[float], now: list[float]) -> list[float]:
    return [max(pair) for pair in zip(so_far, now, strict=True)]


def _play_round(
    measured: Measured, entries: list[Entry], players: list[Contestant], number: int
) -> None:
    """Every entry once, another one first in every round."""
    order = [(k + number) % len(entries) for k in range(len(entries))]
    numbers: dict[int, list[float]] = {}
    for k in order:
        figure = measured.figures[k]
        peak, numbers[k] = _play(entries[k], players[k], measured.scenario.repeat_for, figure)
        figure.peak = peak if number == 0 else figure.peak
    for k, entry in enumerate(entries):
        found = difference(numbers[0], numbers[k])
        measured.figures[k].difference = max(measured.figures[k].difference, found)
        if found > entry.tolerance:
            raise ContestError(
                f"{entry.name} differs from {OURS} by {found:.1e}, more than {entry.tolerance:g}"
            )


def _play(
    entry: Entry, player: Contestant, repeat_for: float, figure: Figure
) -> tuple[int | None, list[float]]:
    """Add to the figure what the turns cost; return the peak so far and what is compared."""
    total, peak, numbers = 0.0, None, []
    for turn in entry.turns:
        time.sleep(PAUSE_SECONDS)
        for answer in [player.time(call, repeat_for) for call in turn.calls]:
            total += turn.weight * answer.seconds
            peak = answer.peak
            numbers += answer.numbers if turn.compared else []
    figure.seconds.append(total)
    return peak, numbers
