"""Values that many pairs share, and the levels they get in a level map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from . import compiled

if TYPE_CHECKING:
    from fastshesha._typing import BoolArray, FloatArray, IndexArray

    from .level_map import LevelMap

_FEWEST = 8
# Every atom takes three levels at least.
_MOST_SHARE = 16


@dataclass(frozen=True)
class Atoms:
    """Atoms in rising order: where each lies, how far it reaches, its share of all values."""

    centres: FloatArray
    reach: float
    weights: FloatArray

    def contains(self, values: FloatArray) -> BoolArray:
        """Which of the values belong to an atom."""
        nearest = np.searchsorted(self.centres, values + self.reach, side="right") - 1
        inside: BoolArray = values <= self.centres[np.maximum(nearest, 0)] + self.reach
        return inside & (nearest >= 0)


def find(values: FloatArray, n_levels: int, tie_width: float) -> Atoms:
    """Atoms among sorted values: runs within half the width that weigh more than two levels."""
    run = max(_FEWEST, 2 * values.size // n_levels)
    nothing = Atoms(np.empty(0), 0.5 * tie_width, np.empty(0))
    if values.size < run:
        return nothing
    starts = np.flatnonzero(values[run - 1 :] - values[: values.size - run + 1] <= 0.5 * tie_width)
    if not starts.size:
        return nothing
    first = starts[np.flatnonzero(np.diff(starts, prepend=-2) > 1)]
    last = starts[np.flatnonzero(np.diff(starts, append=values.size + 1) > 1)] + run - 1
    width = values[last] - values[first]
    # A longer chain is no atom, but a distribution that is as narrow as the ties.
    narrow = width <= tie_width
    centres = (0.5 * (values[first] + values[last]))[narrow]
    weights = ((last - first + 1) / values.size)[narrow]
    heaviest = np.sort(np.argsort(-weights, kind="stable")[: n_levels // _MOST_SHARE])
    return Atoms(centres[heaviest], 0.5 * tie_width, weights[heaviest])


def insert(plain: LevelMap, atoms: Atoms, n_levels: int) -> LevelMap:
    """The map with levels for the atoms, as many as keep levels in proportion to ranks.

    An atom lies in one stretch of the plain map, or in two that follow each other; where another
    one that weighs more lies there already, it is left alone.
    """
    stretches = compiled.map_levels(
        plain, np.concatenate([atoms.centres - atoms.reach, atoms.centres + atoms.reach])
    ).reshape(2, -1)
    owner = _owners(plain.n_base, stretches, atoms.weights)
    kept = np.unique(owner[owner >= 0])
    spare = n_levels - plain.n_base - 2 * kept.size
    jumps = 2 + np.floor(atoms.weights * spare).astype(np.int64)
    rises = np.zeros(plain.n_base, dtype=np.int64)
    is_first = np.zeros(plain.n_base, dtype=np.bool_)
    is_first[stretches[0, kept]] = True
    is_pair = stretches[0] != stretches[1]
    # A stretch with a whole atom rises by its jump; of a pair the first one stays below it.
    rises[stretches[0, kept]] = np.where(is_pair[kept], jumps[kept] // 2 - 1, jumps[kept])
    pairs = kept[is_pair[kept]]
    rises[stretches[1, pairs]] = jumps[pairs] - jumps[pairs] // 2
    first_levels = np.concatenate([[0], np.cumsum(1 + rises)])
    return _with_tables(plain, atoms, owner, is_first, is_pair, jumps, first_levels)


def _owners(n_base: int, stretches: IndexArray, weights: FloatArray) -> IndexArray:
    """The atom of every stretch, or -1."""
    owner = np.full(n_base, -1, dtype=np.int64)
    for atom in np.argsort(-weights, kind="stable"):
        low, high = stretches[:, atom]
        if high - low <= 1 and owner[low] < 0 and owner[high] < 0:
            owner[low] = owner[high] = atom
    return owner


def _with_tables(
    plain: LevelMap,
    atoms: Atoms,
    owner: IndexArray,
    is_first: BoolArray,
    is_pair: BoolArray,
    jumps: IndexArray,
    first_levels: IndexArray,
) -> LevelMap:
    """Entries, bounds and steps; bounds of one stretch of a pair end in infinity."""
    bounds, steps, ties = [(np.inf, np.inf)], [(0, 0)], list[int]()
    entries = first_levels[:-1].copy()
    for stretch in np.flatnonzero(owner >= 0):
        atom = owner[stretch]
        low, high = atoms.centres[atom] - atoms.reach, atoms.centres[atom] + atoms.reach
        half = int(jumps[atom]) // 2
        begins = bool(is_first[stretch])
        ends = not is_pair[atom] or not begins
        bounds.append((low if begins else np.inf, high if ends else np.inf))
        steps.append((half if begins else 0, int(jumps[atom]) - half if ends else 0))
        entries[stretch] |= (len(bounds) - 1) << 16
        if begins:
            ties.append(int(first_levels[stretch]) + half)
    n_levels = int(first_levels[-1])
    is_tie = np.zeros(n_levels, dtype=np.bool_)
    is_tie[ties] = True
    return replace(
        plain,
        entries=entries.astype(np.uint32),
        bounds=np.array(bounds),
        steps=np.array(steps, dtype=np.int32),
        n_levels=n_levels,
        ties=is_tie,
    )
