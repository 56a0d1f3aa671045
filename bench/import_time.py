"""What ``import fastshesha`` costs, in units of ``import numpy``: medians of fresh processes."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from statistics import median


def import_seconds(python: str, module: str) -> float:
    """What the import takes in a fresh process, without the start of the interpreter."""
    script = (
        f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    )
    return float(subprocess.check_output([python, "-c", script], text=True))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="Python with fastshesha installed")
    parser.add_argument("--processes", type=int, default=20, help="processes per module")
    options = parser.parse_args(arguments)
    modules = ("numpy", "fastshesha")
    for module in modules:  # fills the page cache
        import_seconds(options.python, module)
    rounds = [
        [import_seconds(options.python, m) for m in modules] for _ in range(options.processes)
    ]
    numpy_time, our_time = (median(column) for column in zip(*rounds, strict=True))
    print(
        f"import numpy {numpy_time * 1e3:.1f} ms, import fastshesha {our_time * 1e3:.1f} ms, "
        f"ratio {our_time / numpy_time:.2f}"
    )


if __name__ == "__main__":
    main()
