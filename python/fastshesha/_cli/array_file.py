"""Opening the arrays a command line names: ``FILE``, or ``FILE:PART`` for one array of several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastshesha._cli.errors import CommandError
from fastshesha._inputs.opening import open_array as find_array
from fastshesha._inputs.opening import split_specification


@dataclass(frozen=True)
class NamedArray:
    """An array and where it came from."""

    path: str
    member: str | None
    array: Any

    def to_dict(self) -> dict[str, Any]:
        return {
            "file": self.path,
            "member": self.member,
            "shape": self.array.shape,
            "dtype": str(self.array.dtype),
        }


def open_array(argument: str, specification: str, n_dimensions: int) -> NamedArray:
    """Open the array that `argument` names.

    Parameters
    ----------
    argument : str
        What the argument is called in messages, for example ``--labels``.
    specification : str
        ``FILE.npy``, ``FILE.npz:MEMBER``, ``FILE.h5:DATASET``, ``FILE.zarr:ARRAY`` or
        ``FILE.parquet:COLUMN``. The part may be left out where exactly one has
        `n_dimensions` dimensions.
    n_dimensions : {1, 2}
        1 for labels, 2 for embeddings.

    Raises
    ------
    CommandError
        Where it cannot be read or is not of that kind; names argument and file.
    """
    path, part = split_specification(specification)
    subject = f"{argument} {path!r}"
    try:
        found = find_array(path, part, n_dimensions, subject)
    except OSError as error:
        raise CommandError(f"{subject} cannot be read: {error.strerror or error}") from error
    except (ValueError, TypeError, ImportError) as error:
        raise CommandError(str(error)) from error
    except MemoryError as error:
        raise CommandError(f"{subject} does not fit in memory") from error
    return NamedArray(path, found.part, found.array)
