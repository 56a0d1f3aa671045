"""How many tiles at a time, so that a job is long beside its costs and short beside a wait."""

from __future__ import annotations

_LARGEST_STEP = 4.0


class Pace:
    """Learns from the jobs that are done how many tiles take about so many seconds."""

    def __init__(self, seconds: float, n_threads: int) -> None:
        self._target = seconds
        self._n_threads = n_threads
        self._n_tiles = n_threads

    def next_size(self, n_left: int, n_workers: int = 1) -> int:
        """Tiles of the next job; towards the end, few enough for every worker to get some."""
        return max(1, min(self._n_tiles, -(-n_left // n_workers)))

    def learn(self, n_tiles: int, seconds: float) -> None:
        """Take notice of a job: so many tiles took so long."""
        wanted = n_tiles * self._target / max(seconds, 1e-9)
        wanted = min(wanted, _LARGEST_STEP * self._n_tiles)
        # Whole rounds of threads, so that none of them waits for the others.
        self._n_tiles = max(1, int(wanted) // self._n_threads) * self._n_threads
