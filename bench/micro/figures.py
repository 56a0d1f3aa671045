"""What is derived from the time of a benchmark, and the table of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.table import digits, seconds

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

# For ``benchmark.pedantic``: the first call, which does not count, loads what is not loaded yet.
ROUNDS = {"rounds": 5, "warmup_rounds": 1}
_HEAD = "| benchmark | median | figures |"
_RULE = "|---|---:|---|"


@dataclass(frozen=True)
class Figure:
    """A number that follows from a time, and what is aimed at."""

    value: float
    unit: str
    target: str = ""

    def __str__(self) -> str:
        aim = f" ({self.target})" if self.target else ""
        return f"{digits(self.value)} {self.unit}{aim}"


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    name: str
    seconds: float
    figures: tuple[Figure, ...]


@dataclass
class Beside:
    """A call that is timed before every round of a benchmark: both meet the same machine."""

    call: Callable[[], Any]
    value: Any = None
    seconds: list[float] = field(default_factory=list)

    def __call__(self) -> None:
        # What a setup returns would be taken for arguments.
        start = time.perf_counter()
        self.value = self.call()
        self.seconds.append(time.perf_counter() - start)

    @property
    def median(self) -> float:
        """Without the first, which comes before the call that does not count."""
        return median(self.seconds[1:] or self.seconds)


def note(benchmark: BenchmarkFixture, derive: Callable[[float], list[Figure]]) -> None:
    """Keep what follows from the median of the seconds; without a clock, nothing does."""
    if benchmark.stats is not None:
        found = derive(benchmark.stats.stats.median)
        benchmark.extra_info["figures"] = [asdict(figure) for figure in found]


def row_of(benchmark: BenchmarkFixture) -> Row:
    function, _, case = benchmark.name.removeprefix("test_").partition("[")
    name = ": ".join(filter(None, (function.replace("_", " "), case.removesuffix("]"))))
    figures = (Figure(**entry) for entry in benchmark.extra_info.get("figures", ()))
    return Row(name, benchmark.stats.stats.median, tuple(figures))


def markdown(machine: dict[str, Any], rows: Sequence[Row]) -> str:
    """The table, below where and how it came about. Targets stand in brackets."""
    described = (
        f"{machine['date']}, {machine['processor']}; {machine['cores']} cores; "
        f"load before: {machine['load']}. fastshesha {machine['fastshesha']}; "
        f"Python {machine['python']}, numpy {machine['numpy']}."
    )
    lines = [
        f"| {row.name} | {seconds(row.seconds)} | {', '.join(map(str, row.figures))} |"
        for row in rows
    ]
    return "\n".join([described, "", _HEAD, _RULE, *lines])
