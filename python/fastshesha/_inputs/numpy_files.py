"""Arrays in ``.npy`` and ``.npz`` files, mapped where they can be. Nothing pickled is ever read."""

from __future__ import annotations

import tokenize
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.lib import format as npy_format

if TYPE_CHECKING:
    from fastshesha._typing import Matrix

NPY_MAGIC = b"\x93NUMPY"
ZIP_MAGIC = b"PK"
_DAMAGE = (
    ValueError,
    EOFError,
    SyntaxError,
    RuntimeError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
_HEADER_READERS: dict[tuple[int, int], Callable[[IO[bytes]], tuple[Any, ...]]] = {
    (1, 0): npy_format.read_array_header_1_0,
    (2, 0): npy_format.read_array_header_2_0,
}
_MOST_LISTED = 10
# Smaller members are read, which checks them.
_LEAST_MAPPED = 64 * 2**20
_LOCAL_HEADER_BYTES = 30


class _RefusalError(ValueError):
    """A message that is complete."""


@dataclass(frozen=True)
class _Header:
    shape: tuple[int, ...]
    is_column_major: bool
    dtype: np.dtype[Any]


def open_numpy_file(
    path: str, member: str | None, n_dimensions: int, subject: str
) -> tuple[str | None, Matrix]:
    """The array of a ``.npy`` file, or the member of a ``.npz`` file and its name.

    The member may be left out where exactly one has so many dimensions.

    Raises
    ------
    ValueError
        A damaged file, pickled objects, or no such member; names ``subject``.
    """
    try:
        with open(path, "rb") as file:
            is_archive = file.read(len(ZIP_MAGIC)) == ZIP_MAGIC
        if is_archive:
            return _open_member(path, member, n_dimensions, subject)
        return None, _map_npy(path, subject)
    except _RefusalError:
        raise
    except _DAMAGE as error:
        raise ValueError(f"{subject} is damaged or not numpy's: {error}") from error


def _read_header(file: IO[bytes]) -> _Header:
    version = npy_format.read_magic(file)
    if version not in _HEADER_READERS:
        raise ValueError(f"format version {version} is not one of {sorted(_HEADER_READERS)}")
    return _Header(*_HEADER_READERS[version](file))


def _map_npy(path: str, subject: str) -> Matrix:
    with open(path, "rb") as file:
        header = _read_header(file)
    _refuse_objects(header, subject)
    # What has no bytes cannot be mapped.
    mapping: Literal["r"] | None = None if 0 in header.shape else "r"
    array: Matrix = np.load(path, mmap_mode=mapping, allow_pickle=False)
    return array


def _open_member(
    path: str, member: str | None, n_dimensions: int, subject: str
) -> tuple[str, Matrix]:
    with np.load(path, allow_pickle=False) as archive:
        headers = _member_headers(archive)
        if member is None:
            member = _only_candidate(headers, subject, n_dimensions)
        if member not in headers:
            raise _RefusalError(f"{subject} has no member {member!r}; it holds {_listed(headers)}")
        _refuse_objects(headers[member], f"{subject}, member {member!r},")
        stored: zipfile.ZipInfo = archive.zip.getinfo(f"{member}.npy")
        is_plain = stored.compress_type == zipfile.ZIP_STORED
        if is_plain and stored.file_size >= _LEAST_MAPPED:
            return member, _map_member(path, stored)
        return member, archive[member]


def _map_member(path: str, stored: zipfile.ZipInfo) -> Matrix:
    """A member that is not compressed, where it lies in the archive."""
    with open(path, "rb") as file:
        file.seek(stored.header_offset)
        local = file.read(_LOCAL_HEADER_BYTES)
        # Lengths of the name and of the extra field, which lie between header and content.
        n_between = int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")
        file.seek(n_between, 1)
        header = _read_header(file)
        order: Literal["F", "C"] = "F" if header.is_column_major else "C"
        return np.memmap(path, header.dtype, "r", file.tell(), header.shape, order)


def _member_headers(archive: Any) -> dict[str, _Header]:
    """Shape and type of every array in the archive, without reading any array."""
    headers = {}
    for name in archive.zip.namelist():
        if name.endswith(".npy"):
            with archive.zip.open(name) as file:
                headers[name.removesuffix(".npy")] = _read_header(file)
    return headers


def _only_candidate(headers: dict[str, _Header], subject: str, n_dimensions: int) -> str:
    candidates = [name for name, header in headers.items() if len(header.shape) == n_dimensions]
    if len(candidates) == 1:
        return candidates[0]
    raise _RefusalError(
        f"{subject} holds {len(candidates)} {n_dimensions}-D arrays; name one as FILE.npz:MEMBER "
        f"(it holds {_listed(headers)})"
    )


def _listed(headers: dict[str, _Header]) -> str:
    shown = [f"{name} {header.shape}" for name, header in list(headers.items())[:_MOST_LISTED]]
    n_hidden = len(headers) - len(shown)
    return ", ".join(shown) + (f" and {n_hidden} more" if n_hidden else "") or "nothing"


def _refuse_objects(header: _Header, subject: str) -> None:
    if header.dtype.hasobject:
        raise _RefusalError(f"{subject} holds pickled Python objects, which are never read")
