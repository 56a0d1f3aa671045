"""A lock on a path, which its process loses when it ends, however it ends."""

from __future__ import annotations

import os
from pathlib import Path

_held: set[str] = set()


class PathLock:
    """Holds ``PATH.lock`` until :meth:`release`.

    A POSIX record lock, because children that are forked do not inherit it: workers that outlive
    a killed process keep nobody out. It does not guard against its own process; ``_held`` does.
    """

    def __init__(self, path: Path) -> None:
        self._name = f"{path.resolve()}.lock"
        if self._name in _held:
            raise RuntimeError(f"{str(path)!r} is in use by another computation of this process")
        self._file = _locked(self._name, path)
        self._owner = os.getpid()
        _held.add(self._name)

    def release(self) -> None:
        """Give the path up; the file of the lock goes while nobody else can hold it."""
        if self._owner != os.getpid() or self._name not in _held:
            return
        _held.discard(self._name)
        os.unlink(self._name)
        os.close(self._file)


def _locked(name: str, path: Path) -> int:
    import fcntl

    while True:
        file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(file)
            raise RuntimeError(f"{str(path)!r} is in use by another process") from error
        # Its last owner may have removed it between the two calls.
        if _is_still(name, file):
            return file
        os.close(file)


def _is_still(name: str, file: int) -> bool:
    try:
        found = os.stat(name)
    except FileNotFoundError:
        return False
    return os.path.samestat(found, os.fstat(file))
