"""What the commands write: JSON on stdout, notes on stderr, whole files or none."""

from __future__ import annotations

import json
import math
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np


def show(text: str) -> None:
    """Print a result on stdout at once."""
    print(text, flush=True)  # noqa: T201


def note(text: str, speaker: str = "fastshesha") -> None:
    """Print one line on stderr."""
    print(f"{speaker}: {one_line(text)}", file=sys.stderr, flush=True)  # noqa: T201


def show_progress(text: str) -> None:
    """Write on stderr as it is; a carriage return begins the line anew."""
    print(text, end="", file=sys.stderr, flush=True)  # noqa: T201


def one_line(text: str) -> str:
    return " ".join(text.split())


def json_text(document: Mapping[str, Any]) -> str:
    """Return the document as strict JSON; what is not finite becomes null."""
    return json.dumps(_plain(document), indent=2, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, (np.generic, np.ndarray)):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


@contextmanager
def warnings_as_notes() -> Iterator[None]:
    """Print each distinct warning of the block as one note, once the block is done.

    After an error there are none: its one line is the answer.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for text in dict.fromkeys(str(warning.message) for warning in caught):
        note(f"warning: {text}")


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let `write` fill a file that appears under its name only when it is complete."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
