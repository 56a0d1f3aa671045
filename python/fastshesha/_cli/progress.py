"""Progress on stderr: a running line on a terminal, one line per finished task elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from fastshesha._cli.output import show_progress


class Progress:
    """Shows how far one task is; as a context manager it also reports the task's end."""

    def __init__(self, title: str, n_steps: int, *, quiet: bool) -> None:
        self._title = title
        self._n_steps = n_steps
        self._quiet = quiet
        self._running_line = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self._started = time.perf_counter()

    def __enter__(self) -> Progress:
        self.show(0)
        return self

    def show(self, n_done: int) -> None:
        """Tell that `n_done` steps are done."""
        if self._running_line:
            show_progress(f"\r{self._title}: epoch {n_done}/{self._n_steps}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None and not self._quiet:
            seconds = time.perf_counter() - self._started
            start = "\r" if self._running_line else ""
            show_progress(f"{start}{self._title}: {self._n_steps} epochs in {seconds:.2f} s\n")
        elif self._running_line:
            show_progress("\n")
