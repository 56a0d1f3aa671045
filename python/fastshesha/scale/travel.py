"""How jobs get to other processes, and states back.

Arrays are packed beside the pickle that refers to them. What comes to no more than a message
travels inside every task; else it is written once to a file, which workers map. Matrices in files
travel as descriptions of these files all along.
"""

from __future__ import annotations

import mmap
import os
import pickle
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .ledger import State

_LARGEST_MESSAGE = 64 * 1024
_ALIGNMENT = 64
# What is larger is no message, however well it can be compressed.
_WORTH_COMPRESSING = 2**23
_COUNT = struct.Struct("<Q")


@dataclass(frozen=True)
class Parcel:
    """Something packed: its bytes, or the file that holds them. The token is new for each."""

    token: bytes
    message: bytes | None
    path: str | None = None


@contextmanager
def packed(value: object, folder: str | None, *, as_file: bool = False) -> Iterator[Parcel]:
    """A parcel that can be opened while the ``with`` block lasts.

    A file is made in the folder, or in the system's folder for temporary files (``TMPDIR``),
    where it is wanted or the parcel is too large for a message.
    """
    parts = _parts(value)
    token = os.urandom(8)
    if not as_file and sum(len(part) for part in parts) <= _WORTH_COMPRESSING:
        message = _compressed(b"".join(parts))
        if len(message) <= _LARGEST_MESSAGE:
            yield Parcel(token, message)
            return
    file, path = tempfile.mkstemp(".parcel", "fastshesha-", folder)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(token.ljust(_ALIGNMENT, b"\0"))
            stream.writelines(parts)
        yield Parcel(token, None, path)
    finally:
        os.unlink(path)


@lru_cache(maxsize=1)
def opened(parcel: Parcel) -> Any:
    """What was packed; arrays are read-only views of the parcel.

    Raises
    ------
    FileNotFoundError
        The file cannot be seen from here.
    """
    if parcel.message is not None:
        return _assembled(_expanded(parcel.message))
    assert parcel.path is not None
    try:
        with open(parcel.path, "rb") as file:
            content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise FileNotFoundError(
            f"a worker cannot open {parcel.path}, through which data in memory travel: use a "
            "matrix in a file that all workers see, or set TMPDIR to a folder that they see"
        ) from error
    if content[: len(parcel.token)] != parcel.token:
        raise FileNotFoundError(f"{parcel.path} is another file here than where it was written")
    return _assembled(content[_ALIGNMENT:])


def _parts(value: object) -> list[bytes | memoryview]:
    """Sizes, pickle and buffers, each filled up to the alignment."""
    buffers: list[pickle.PickleBuffer] = []
    stream = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    contents: list[bytes | memoryview] = [stream, *(buffer.raw() for buffer in buffers)]
    sizes = b"".join(_COUNT.pack(n) for n in (len(contents), *(len(part) for part in contents)))
    parts: list[bytes | memoryview] = []
    for part in (sizes, *contents):
        parts += [part, bytes(-len(part) % _ALIGNMENT)]
    return parts


def _assembled(content: memoryview) -> Any:
    (n_parts,) = _COUNT.unpack_from(content)
    sizes = [_COUNT.unpack_from(content, 8 * (1 + k))[0] for k in range(n_parts)]
    place, parts = 8 * (1 + n_parts), []
    for size in sizes:
        place += -place % _ALIGNMENT
        parts.append(content[place : place + size])
        place += size
    return pickle.loads(parts[0], buffers=parts[1:])


def _compressed(content: bytes) -> bytes:
    """Differences to the number before compress well where rising integers follow each other."""
    rows = np.frombuffer(content, np.uint8).reshape(-1, 8)
    first = np.zeros((1, 8), np.uint8)
    return zlib.compress(np.diff(rows, axis=0, prepend=first).tobytes())


def _expanded(message: bytes) -> memoryview:
    rows = np.frombuffer(zlib.decompress(message), np.uint8).reshape(-1, 8)
    content = np.cumsum(rows, axis=0, dtype=np.uint8)
    content.flags.writeable = False
    return content.reshape(-1).data


def left(state: State, folder: str | None) -> State | str:
    """The state itself or, with a folder, the path of a file there that holds it."""
    if folder is None or isinstance(state, tuple):
        return state
    file, path = tempfile.mkstemp(".npy", dir=folder)
    with os.fdopen(file, "wb") as stream:
        np.save(stream, state)
    return path


def collected(found: State | str) -> State:
    """The state that was left."""
    if not isinstance(found, str):
        return found
    state: State = np.load(found)
    os.unlink(found)
    return state
