"""Files of states: a header, integers, a checksum over all; written whole or not at all.

Layout: the magic line, the version and the length of the header (unsigned 64-bit, little-endian),
the header as JSON, the arrays it lists as little-endian int64 one after the other, and BLAKE2b of
everything before. Nothing in a file is ever executed.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray

_MAGIC = b"fastshesha state\n"
_VERSION = 1
_NUMBERS = struct.Struct("<QQ")
_CHECKSUM_BYTES = 32
_FEWEST_BYTES = len(_MAGIC) + _NUMBERS.size + _CHECKSUM_BYTES
_ITEM = np.dtype("<i8")


def encoded(header: dict[str, Any], arrays: Sequence[IndexArray]) -> bytes:
    """The bytes of a file."""
    shapes = [list(array.shape) for array in arrays]
    text = json.dumps({"header": header, "shapes": shapes}, sort_keys=True).encode()
    parts = [_MAGIC, _NUMBERS.pack(_VERSION, len(text)), text]
    parts += [np.ascontiguousarray(array, _ITEM).tobytes() for array in arrays]
    body = b"".join(parts)
    return body + _checksum(body)


def decoded(data: bytes) -> tuple[dict[str, Any], list[IndexArray]]:
    """Header and arrays of a file.

    Raises
    ------
    ValueError
        It is no file of states, of another version, or damaged; the text completes
        "the file ...".
    """
    if not data.startswith(_MAGIC):
        raise ValueError("holds no state of fastshesha")
    if len(data) < _FEWEST_BYTES:
        raise ValueError("is damaged: it ends in the middle")
    version, length = _NUMBERS.unpack_from(data, len(_MAGIC))
    body = data[:-_CHECKSUM_BYTES]
    if _checksum(body) != data[-_CHECKSUM_BYTES:]:
        raise ValueError("is damaged: its checksum is not that of its content")
    if version != _VERSION:
        raise ValueError(f"has version {version} of the format; this release reads {_VERSION}")
    place = len(_MAGIC) + _NUMBERS.size
    text = json.loads(body[place : place + length])
    return text["header"], _arrays(body, place + length, text["shapes"])


def _checksum(body: bytes) -> bytes:
    return blake2b(body, digest_size=_CHECKSUM_BYTES).digest()


def _arrays(body: bytes, place: int, shapes: Sequence[Sequence[int]]) -> list[IndexArray]:
    arrays = []
    for shape in shapes:
        size = math.prod(shape)
        flat = np.frombuffer(body, _ITEM, size, place)
        arrays.append(flat.astype(np.int64).reshape(shape))
        place += size * _ITEM.itemsize
    return arrays


def read_state_file(path: Path) -> tuple[dict[str, Any], list[IndexArray]]:
    """Header and arrays; errors of :func:`decoded` name the file."""
    try:
        return decoded(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{str(path)!r} {error}") from error


def write_state_file(path: Path, header: dict[str, Any], arrays: Sequence[IndexArray]) -> None:
    """Replace the file; whatever happens on the way, the old one or the new one is there.

    Only the owner of a lock may call this: the name of the unfinished file is always the same, so
    that what a killed process leaves behind is written over.
    """
    partial = path.with_name(f".{path.name}.partial")
    file = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        _write_all(file, encoded(header, arrays))
        os.fsync(file)
    finally:
        os.close(file)
    os.replace(partial, path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_all(file: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]
