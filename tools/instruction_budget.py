"""Count the instructions of the compiled module, and compare them with their budgets.

    python tools/instruction_budget.py [--update]

Makes the calls of budgeted_calls.py under valgrind's callgrind, on one thread and at every
instruction set that valgrind can run, and adds up what is executed inside the compiled module:
neither Python nor NumPy counts, nor does the start, since counting begins with the calls. No
clock is read, so that a busy machine measures the same as an idle one. ``--update`` writes
instruction_budget.json anew.

Exit status 0: no count is more than 3 % above its budget, or nothing could be compared: valgrind
is not installed, the processor lacks an instruction set, or the budgets are those of another
compiler. 1: a budget is exceeded.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import fastshesha

BUDGETS = Path(__file__).with_name("instruction_budget.json")
TOLERANCE = 0.03
# Valgrind cannot decode AVX-512.
LEVELS = ("baseline", "avx2")
_CALLS = Path(__file__).with_name("budgeted_calls.py")
_REQUESTS = Path(__file__).with_name("callgrind_requests.cpp")
_MODULE = "/_core."
_NAME = "desc: Trigger: Client Request: "
_CALLGRIND = (
    "--quiet",
    "--tool=callgrind",
    "--instr-atstart=no",
    "--compress-strings=no",
    "--compress-pos=no",
    "--dump-line=no",
)

Counts = dict[str, int]


def configuration() -> dict[str, Any]:
    said = fastshesha.show_config(mode="dicts")
    assert said is not None
    return said


def compiler() -> str:
    """Kind of processor, compiler and its major version: what a budget depends on."""
    major = str(configuration()["compiler"]).partition(".")[0]
    return f"{major}, {platform.machine()}"


def reason_to_skip(budgets_of: str) -> str:
    """Why nothing can be compared with the budgets of a compiler, or nothing."""
    missing = [name for name in ("valgrind", "c++") if shutil.which(name) is None]
    if missing:
        return f"{missing[0]} is not installed"
    if not set(LEVELS) <= set(configuration()["simd"]["compiled_and_supported"]):
        return f"this processor does not have all of {', '.join(LEVELS)}"
    if budgets_of != compiler():
        return f"the budgets are those of {budgets_of}, this is {compiler()}"
    return ""


def compile_requests(folder: Path) -> Path:
    library = folder / "requests.so"
    options = ("-shared", "-fPIC", "-o", os.fspath(library))
    subprocess.run(["c++", os.fspath(_REQUESTS), *options], check=True)
    return library


def count(level: str, library: Path, folder: Path) -> Counts:
    """Instructions that the compiled module executes in every call at one instruction set."""
    one_thread = {"FASTSHESHA_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    words = [sys.executable, os.fspath(_CALLS), os.fspath(library)]
    subprocess.run(
        ["valgrind", *_CALLGRIND, f"--callgrind-out-file={folder / level}", *words],
        check=True,
        env={**os.environ, **one_thread, "FASTSHESHA_SIMD": level},
    )
    return dict(filter(None, map(read_counts, folder.glob(f"{level}.*"))))


def read_counts(path: Path) -> tuple[str, int] | None:
    """Name of a call and its instructions, or None for a file that callgrind wrote by itself."""
    lines = path.read_text(encoding="utf-8").splitlines()
    names = [line.removeprefix(_NAME) for line in lines if line.startswith(_NAME)]
    return (names[0], inside_module(lines)) if names else None


def inside_module(lines: Iterable[str]) -> int:
    """Instructions of the compiled module's own functions, without what those call."""
    total, inside, is_call = 0, False, False
    for line in lines:
        if line.startswith("ob="):
            inside = _MODULE in line
        elif line.startswith("calls="):
            is_call = True
        elif line[:1].isdigit():
            if inside and not is_call:
                total += int(line.split()[1])
            is_call = False
    return total


def compare(measured: dict[str, Counts], budgets: dict[str, Counts]) -> list[str]:
    """Print a line per count; return what is wrong."""
    wrong = []
    for level in LEVELS:
        for name in sorted({*measured[level], *budgets.get(level, {})}):
            counted, budget = measured[level].get(name), budgets.get(level, {}).get(name)
            if counted is None or budget is None:
                wrong.append(f"{name}, {level}: counted {counted}, budget {budget}")
                continue
            change = counted / budget - 1
            print(f"{level:10}{name:40}{counted:>14,}{budget:>14,}{change:>+8.1%}")
            if change > TOLERANCE:
                wrong.append(f"{name}, {level}: {change:+.1%} instructions")
    return wrong


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--update", action="store_true", help="write the budgets anew")
    options = parser.parse_args(arguments)
    committed = json.loads(BUDGETS.read_text(encoding="utf-8"))
    reason = reason_to_skip(compiler() if options.update else committed["compiler"])
    if reason:
        print(f"SKIPPED: {reason}; no instruction was counted")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = compile_requests(folder)
        measured = {level: count(level, library, folder) for level in LEVELS}
    if options.update:
        content = {"compiler": compiler(), "budgets": measured}
        BUDGETS.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        return 0
    wrong = compare(measured, committed["budgets"])
    print("\n".join(wrong) or "no count exceeds its budget")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
