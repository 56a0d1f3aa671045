"""What a pass over tiles is: equal for two passes exactly if their states may be mixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, is_dataclass
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from . import compiled
from .level_map import LevelMap
from .row_source import RowSource

if TYPE_CHECKING:
    from .tile_jobs import Job

_BYTES_PER_BLOCK = 2**24
_N_PROBES = 33


@dataclass(frozen=True)
class PassKey:
    """Digests and numbers that tell one pass from another.

    Attributes
    ----------
    kind : str
        What the tiles count.
    n_tiles : int
        Tiles of the whole pass.
    kernel : str
        The kernels that counted.
    rows : str
        Digest of every value of the matrices, whatever file or memory they lie in.
    parameters : str
        Digest of distances, columns, labels, pairs and whatever else the job holds.
    maps : str
        Digest of the level maps, which are made of the rows by the kernels.
    probes : list of int
        Levels of a few similarities, for maps that need not be equal to the last bit.
    """

    kind: str
    n_tiles: int
    kernel: str
    rows: str
    parameters: str
    maps: str
    probes: list[int]

    def difference(self, other: PassKey, *, mixed_kernels: bool = False) -> str | None:
        """What makes the other one another pass, in words; None where nothing does."""
        if self.rows != other.rows:
            return "the rows differ"
        mine, theirs = asdict(self), asdict(other)
        differing = {name for name in mine if mine[name] != theirs[name]}
        if differing & {"kind", "n_tiles", "parameters"}:
            return "the parameters differ (distance, splits, seed, pairs or labels)"
        if mixed_kernels:
            return None if _nearly_equal(self.probes, other.probes) else "the level maps differ"
        if "kernel" in differing:
            return f"the kernels differ ({self.kernel} and {other.kernel})"
        return "the level maps differ" if differing else None


def _nearly_equal(a: list[int], b: list[int]) -> bool:
    return len(a) == len(b) and all(abs(x - y) <= 1 for x, y in zip(a, b, strict=True))


def pass_key(job: Job) -> PassKey:
    """The key of a whole pass; reads every row once."""
    walk = _Walk()
    walk.over(job)
    return PassKey(
        type(job).__name__,
        job.last_tile - job.first_tile,
        job.kernel(),
        walk.rows.hexdigest(),
        walk.parameters.hexdigest(),
        walk.maps.hexdigest(),
        walk.probes,
    )


class _Walk:
    """Goes through everything a job holds."""

    def __init__(self) -> None:
        self.rows, self.parameters, self.maps = sha256(), blake2b(), blake2b()
        self.probes: list[int] = []
        self._matrices: dict[int, bytes] = {}

    def over(self, value: Any) -> None:
        if isinstance(value, RowSource):
            self._matrix(value.matrix)
        elif isinstance(value, LevelMap):
            self._map(value)
        elif isinstance(value, np.ndarray):
            _array_into(self.parameters.update, value)
        elif is_dataclass(value):
            self.parameters.update(type(value).__name__.encode())
            for field in fields(value):
                if field.compare:
                    self.over(getattr(value, field.name))
        elif isinstance(value, (tuple, list)):
            self.parameters.update(f"{len(value)} items".encode())
            for item in value:
                self.over(item)
        elif value is None or isinstance(value, (bool, int, float, str)):
            self.parameters.update(f"{value!r};".encode())
        else:
            raise TypeError(f"a {type(value).__name__} cannot be told from another")

    def _matrix(self, matrix: Any) -> None:
        """Both sides of a pass often read the same matrix: it is read once."""
        if id(matrix) not in self._matrices:
            found = sha256()
            _array_into(found.update, matrix)
            self._matrices[id(matrix)] = found.digest()
        self.rows.update(self._matrices[id(matrix)])

    def _map(self, level_map: LevelMap) -> None:
        for value in (*level_map.arguments(), level_map.ties):
            _array_into(self.maps.update, np.asarray(value))
        low = -level_map.offset / level_map.scale
        places = low + np.linspace(0.0, 1.0, _N_PROBES) * (
            len(level_map.cells[0]) / level_map.scale
        )
        self.probes += compiled.map_levels(level_map, places).tolist()


def _array_into(update: Callable[[bytes], object], array: Any) -> None:
    """Type, shape and values in C order, some rows at a time; of anything sliced like an array."""
    update(f"{np.dtype(array.dtype).str}{tuple(array.shape)}".encode())
    if not array.shape:
        update(np.asarray(array).tobytes())
        return
    n_bytes = np.dtype(array.dtype).itemsize * int(np.prod(array.shape[1:], dtype=np.int64))
    step = max(1, _BYTES_PER_BLOCK // max(1, n_bytes))
    for start in range(0, array.shape[0], step):
        update(np.ascontiguousarray(array[start : start + step]).tobytes())
