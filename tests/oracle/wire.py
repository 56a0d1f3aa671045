"""What both ends of the oracle's pipe share: messages, array layouts, observed calls.

Imported by the tests and, inside the oracle's environment, by ``server.py``; it therefore
needs nothing but numpy.
"""

from __future__ import annotations

import ctypes
import dataclasses
import io
import pickle
import struct
import warnings
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

import numpy as np

_LENGTH = struct.Struct("<Q")
_ALIGNMENT = 64


class Record(NamedTuple):
    """A dataclass instance of either side, by class name and fields in their order."""

    type_name: str
    fields: dict[str, Any]


class Raised(NamedTuple):
    """An exception: its type, the names of all its base types, its message."""

    type_name: str
    bases: tuple[str, ...]
    message: str


class Warned(NamedTuple):
    """A warning: its category, the names of all its base categories, its message."""

    category: str
    bases: tuple[str, ...]
    message: str


class Outcome(NamedTuple):
    """What a call did: the value it returned or the exception, and what it warned of."""

    value: Any
    exception: Raised | None
    warnings: tuple[Warned, ...]


class Request(NamedTuple):
    """A call to be made: dotted name of the function, positional and keyword arguments."""

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class AnnotatedFile(NamedTuple):
    """An AnnData to be read from a file where the call is made; ``backed``: as it is used."""

    path: str
    backed: bool = False


def observe(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Outcome:
    """Call ``function`` and report everything a caller can see of it."""
    value, exception = None, None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = function(*args, **kwargs)
        except Exception as error:  # the exception is the observation
            exception = Raised(type(error).__name__, _base_names(type(error)), str(error))
    warned = tuple(
        Warned(item.category.__name__, _base_names(item.category), str(item.message))
        for item in caught
    )
    return Outcome(value, exception, warned)


def _base_names(kind: type) -> tuple[str, ...]:
    return tuple(base.__name__ for base in kind.__mro__)


def as_record(value: Any) -> Record:
    """Take a dataclass instance apart, without copying or converting its fields."""
    fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return Record(type(value).__name__, fields)


def is_dataclass_instance(value: Any) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


class _Pickler(pickle.Pickler):
    """Keeps what plain pickling loses here: array layouts, and classes of one side only."""

    def persistent_id(self, obj: Any) -> Any:
        if type(obj) is np.ndarray and not obj.dtype.hasobject:
            return ("ndarray", _layout_of(obj))
        if is_dataclass_instance(obj):
            return ("record", tuple(as_record(obj)))
        return None


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, pid: Any) -> Any:
        kind, content = pid
        return _array_of(*content) if kind == "ndarray" else Record(*content)


def _layout_of(array: np.ndarray) -> tuple[Any, ...]:
    """All bytes from an array's lowest to its highest, and how it lies in them."""
    if array.size == 0:
        return (array.dtype.str, b"", 0, 0, array.shape, array.strides, array.flags.writeable)
    reaches = [(n - 1) * step for n, step in zip(array.shape, array.strides, strict=True)]
    below = -sum(reach for reach in reaches if reach < 0)
    above = sum(reach for reach in reaches if reach > 0) + array.itemsize
    address = array.ctypes.data - below
    content = ctypes.string_at(address, below + above)
    place = (address % _ALIGNMENT, below, array.shape, array.strides, array.flags.writeable)
    return (array.dtype.str, content, *place)


def _array_of(
    dtype: str,
    content: bytes,
    phase: int,
    below: int,
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    writeable: bool,
) -> np.ndarray:
    """Rebuild an array byte for byte, at the same address modulo the alignment."""
    memory = np.empty(len(content) + _ALIGNMENT, dtype=np.uint8)
    start = (phase - memory.ctypes.data) % _ALIGNMENT
    memory[start : start + len(content)] = np.frombuffer(content, dtype=np.uint8)
    array: np.ndarray = np.ndarray(shape, dtype, memory.data, start + below, strides)
    array.flags.writeable = writeable
    return array


def send(stream: BinaryIO, message: Any) -> None:
    """Write one message, preceded by its length."""
    body = io.BytesIO()
    _Pickler(body, protocol=5).dump(message)
    stream.write(_LENGTH.pack(body.tell()))
    stream.write(body.getbuffer())
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read one message; ``EOFError`` when the other end has closed the pipe."""
    header = stream.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        raise EOFError("the other end closed the pipe")
    (n_bytes,) = _LENGTH.unpack(header)
    return _Unpickler(io.BytesIO(stream.read(n_bytes))).load()
