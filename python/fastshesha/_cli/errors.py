"""Exit codes, and the error every command reports in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

EXIT_OK = 0
EXIT_ERROR = 1
EXIT_FAILED = 2
EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141


class CommandError(Exception):
    """Something the caller can mend; its text is the one line that is printed."""


@contextmanager
def library_errors() -> Iterator[None]:
    """Report what the library refuses in the same way as what the command line refuses."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise CommandError(str(error)) from error
    except MemoryError as error:
        raise CommandError(f"not enough memory: {error or 'an allocation failed'}") from error


@contextmanager
def state_errors() -> Iterator[None]:
    """Report files of states that cannot be read, written or locked; no output is written here."""
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise CommandError(f"{error.strerror or error}{where}") from error
    except RuntimeError as error:
        raise CommandError(str(error)) from error
