"""The least time that the distances and ranks of a score can take on this machine.

The limit is the multiplications and additions at the peak that a loop of nothing else reaches,
plus, for every entry of a distance vector, what ordering it takes where the fastest known sort
has nothing else to do.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fastshesha import _core

SOURCE = Path(__file__).with_name("peak") / "peak.cpp"
_FLAGS = ("-std=c++20", "-O3", "-ffp-contract=off", "-pthread")
_LEVEL_FLAGS = {"baseline": (), "avx2": ("-mavx2",), "avx512": ("-mavx512f",)}
# Nanoseconds per entry for so many entries, one thread; linear in the logarithm in between.
_FEW, _FEW_NANOSECONDS = 2e6, 2.8
_MANY, _MANY_NANOSECONDS = 5e7, 9.0


@dataclass(frozen=True)
class Work:
    """So many splits of a matrix: both halves' products of all pairs, and their order."""

    n_samples: int
    n_features: int
    n_splits: int

    @property
    def n_pairs(self) -> int:
        return self.n_samples * (self.n_samples - 1) // 2

    def limit_seconds(self, peak_per_core: list[float]) -> float:
        """Seconds on as many cores as there are peaks, given in operations a second."""
        # A product and an addition for every pair and every feature of either half.
        operations = 2.0 * self.n_pairs * (self.n_features // 2 * 2)
        ordering = 2.0 * self.n_pairs * nanoseconds_per_entry(self.n_pairs) * 1e-9
        products = operations / sum(peak_per_core)
        return self.n_splits * (products + ordering / len(peak_per_core))


def nanoseconds_per_entry(n_entries: int) -> float:
    place = math.log(n_entries / _FEW) / math.log(_MANY / _FEW)
    return _FEW_NANOSECONDS + min(1.0, max(0.0, place)) * (_MANY_NANOSECONDS - _FEW_NANOSECONDS)


class Peak:
    """The rate of multiplications and additions, by a program compiled for our instruction set."""

    def __init__(self, folder: Path, n_threads: int) -> None:
        self._n_threads = n_threads
        self._program = compile_peak(folder)

    def per_core(self) -> list[float]:
        """Operations a second of every core, all of them at work; empty without a compiler."""
        if self._program is None:
            return []
        words = [os.fspath(self._program), str(self._n_threads)]
        return [float(word) for word in subprocess.check_output(words, text=True).split()]


def compile_peak(folder: Path) -> Path | None:
    compiler = os.environ.get("CXX") or shutil.which("c++") or shutil.which("g++")
    if compiler is None:
        return None
    program = folder / "peak"
    flags = (*_FLAGS, *_LEVEL_FLAGS[_core.active_simd_level()])
    subprocess.run([compiler, *flags, os.fspath(SOURCE), "-o", os.fspath(program)], check=True)
    return program
