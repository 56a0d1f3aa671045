"""Opening the arrays a command line names: ``FILE.npy``, ``FILE.npz`` or ``FILE.npz:MEMBER``.

What a file is decided by its content. Nothing pickled is ever read, and a ``.npy`` file is mapped,
not loaded.
"""

from __future__ import annotations

import tokenize
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, Literal

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from fastshesha._cli.errors import CommandError

_NPY_MAGIC = b"\x93NUMPY"
_ZIP_MAGIC = b"PK"
_DAMAGE = (
    ValueError,
    EOFError,
    SyntaxError,
    RuntimeError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
_REAL_KINDS = "biuf"
_HEADER_READERS: dict[tuple[int, int], Callable[[IO[bytes]], tuple[Any, ...]]] = {
    (1, 0): npy_format.read_array_header_1_0,
    (2, 0): npy_format.read_array_header_2_0,
}
_MOST_LISTED = 10
_MEANING = {1: "1-D array (one label per row)", 2: "2-D array (rows are samples)"}


@dataclass(frozen=True)
class NamedArray:
    """An array and where it came from."""

    path: str
    member: str | None
    array: NDArray[Any]

    def to_dict(self) -> dict[str, Any]:
        return {
            "file": self.path,
            "member": self.member,
            "shape": self.array.shape,
            "dtype": str(self.array.dtype),
        }


@dataclass(frozen=True)
class _Header:
    shape: tuple[int, ...]
    dtype: np.dtype[Any]


def open_array(argument: str, specification: str, n_dimensions: int) -> NamedArray:
    """Open the array that `argument` names.

    Parameters
    ----------
    argument : str
        What the argument is called in messages, for example ``--labels``.
    specification : str
        ``FILE.npy``, ``FILE.npz`` or ``FILE.npz:MEMBER``. The member may be left out
        where exactly one has `n_dimensions` dimensions.
    n_dimensions : {1, 2}
        1 for labels, 2 for embeddings.

    Raises
    ------
    CommandError
        Where it cannot be read or is not of that kind; names argument and file.
    """
    path, member = _split_specification(specification)
    subject = f"{argument} {path!r}"
    try:
        if _is_archive(path, subject):
            found = _open_member(path, member, subject, n_dimensions)
        else:
            found = NamedArray(path, None, _map_npy(path, subject))
    except OSError as error:
        raise CommandError(f"{subject} cannot be read: {error.strerror or error}") from error
    except _DAMAGE as error:
        raise CommandError(f"{subject} is damaged or not numpy's: {error}") from error
    except MemoryError as error:
        raise CommandError(f"{subject} does not fit in memory") from error
    _refuse_other_kinds(found.array, subject, n_dimensions)
    return found


def _refuse_other_kinds(array: NDArray[Any], subject: str, n_dimensions: int) -> None:
    if array.ndim != n_dimensions:
        kind = _MEANING[n_dimensions]
        raise CommandError(f"{subject} has shape {array.shape}; needed is a {kind}")
    if n_dimensions == 2 and array.dtype.kind not in _REAL_KINDS:
        raise CommandError(f"{subject} holds {array.dtype} values; needed are real numbers")


def _split_specification(specification: str) -> tuple[str, str | None]:
    path, colon, member = specification.rpartition(":")
    if colon and path.lower().endswith(".npz"):
        return path, member
    return specification, None


def _is_archive(path: str, subject: str) -> bool:
    with open(path, "rb") as file:
        start = file.read(len(_NPY_MAGIC))
    if start == _NPY_MAGIC:
        return False
    if start.startswith(_ZIP_MAGIC):
        return True
    raise CommandError(f"{subject} is neither a .npy nor a .npz file")


def _read_header(file: IO[bytes]) -> _Header:
    version = npy_format.read_magic(file)
    if version not in _HEADER_READERS:
        raise ValueError(f"format version {version} is not one of {sorted(_HEADER_READERS)}")
    shape, _, dtype = _HEADER_READERS[version](file)
    return _Header(shape, dtype)


def _map_npy(path: str, subject: str) -> NDArray[Any]:
    with open(path, "rb") as file:
        header = _read_header(file)
    _refuse_objects(header, subject)
    # What has no bytes cannot be mapped.
    mapping: Literal["r"] | None = None if 0 in header.shape else "r"
    array: NDArray[Any] = np.load(path, mmap_mode=mapping, allow_pickle=False)
    return array


def _open_member(path: str, member: str | None, subject: str, n_dimensions: int) -> NamedArray:
    with np.load(path, allow_pickle=False) as archive:
        headers = _member_headers(archive)
        if member is None:
            member = _only_candidate(headers, subject, n_dimensions)
        if member not in headers:
            raise CommandError(f"{subject} has no member {member!r}; it holds {_listed(headers)}")
        _refuse_objects(headers[member], f"{subject}, member {member!r},")
        return NamedArray(path, member, archive[member])


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
    raise CommandError(
        f"{subject} holds {len(candidates)} {n_dimensions}-D arrays; name one as FILE.npz:MEMBER "
        f"(it holds {_listed(headers)})"
    )


def _listed(headers: dict[str, _Header]) -> str:
    shown = [f"{name} {header.shape}" for name, header in list(headers.items())[:_MOST_LISTED]]
    n_hidden = len(headers) - len(shown)
    return ", ".join(shown) + (f" and {n_hidden} more" if n_hidden else "") or "nothing"


def _refuse_objects(header: _Header, subject: str) -> None:
    if header.dtype.hasobject:
        raise CommandError(f"{subject} holds pickled Python objects, which are never read")
