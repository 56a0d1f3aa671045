"""Reproducibility of the direction of effects between halves of the cells."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._plan import feature_halves, generator, label_seed
from fastshesha._validate import require_int
from fastshesha._warnings import warn

from .annotated import Group, column_of, groups_by_name, import_pandas, rows_of
from .coherence import SMALLEST_NORM
from .control_label import require_controls
from .row_blocks import mean_of
from .row_groups import score_groups
from .row_sources import RowSource

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray, Matrix

_FEWEST_SPLIT = 2
# About what a core's cache holds.
_VALUES_PER_BLOCK = 1 << 18


def split_half_reproducibility(
    adata: Any,
    perturbation_key: str = "perturbation",
    control_label: Any = "control",
    n_splits: int = 50,
    random_state: int = 320,
    min_cells: int = 30,
    layer: str | None = None,
) -> Any:
    """Agreement of the mean shifts of random halves of the cells of each perturbation.

    The cells are split in two at random, each half is shifted from the mean of the controls, and
    the cosine between the two mean shifts is averaged over the splits.

    Parameters
    ----------
    adata : AnnData
        Cells by features, in memory or backed, dense or sparse; or anything with ``X``,
        ``layers`` and ``obs``.
    perturbation_key : str, default='perturbation'
        The column of ``adata.obs`` with the perturbation of each cell. Labels are taken as
        strings.
    control_label : str, default='control'
        What the column says of unperturbed cells; taken as a string, too.
    n_splits : int, default=50
        Number of random splits.
    random_state : int, default=320
        Each perturbation draws from a seed of its own, this one plus a hash of its label.
    min_cells : int, default=30
        Perturbations with fewer cells are left out.
    layer : str, optional
        The layer to use; ``adata.X`` without one.

    Returns
    -------
    pandas.DataFrame
        Columns 'split_half_cosine' (float64, from -1 to 1) and 'n_cells' (int64), indexed by
        'perturbation' in rising order; without rows there are no columns. The cosines are
        computed in the type of the matrix: float32 values give seven digits.

    Raises
    ------
    ImportError
        ``adata`` is no annotated matrix, or pandas is missing.
    KeyError
        There is no such column or layer.
    ValueError
        ``n_splits`` is not an integer of at least 1, ``random_state`` is negative enough to
        leave no seed, or there is no matrix.

    Warns
    -----
    RuntimeWarning
        No cell carries ``control_label``, or perturbations of a single cell were asked for;
        their cosines are NaN.

    Notes
    -----
    Time is O(n_splits n_cells n_features), over threads. A high value says that the halves
    agree, not that the effect is real: a batch effect shared by the cells of a perturbation is
    as reproducible. Halves are half as large as the data; Spearman and Brown's correction
    (1910) is not applied. As in Raju's shesha-geometry.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> from fastshesha.bio import split_half_reproducibility
    >>> cells = np.random.default_rng(0).standard_normal((300, 20))
    >>> cells[200:] += 2.0
    >>> guides = np.repeat(["control", "KLF1"], [200, 100])
    >>> adata = SimpleNamespace(X=cells, layers={}, obs={"perturbation": guides})
    >>> table = split_half_reproducibility(adata)
    >>> bool(table.loc["KLF1", "split_half_cosine"] > 0.9)
    True
    """
    require_int(n_splits, "n_splits")
    source = rows_of(adata, layer)
    controls, groups = groups_by_name(column_of(adata, perturbation_key), control_label)
    groups = [group for group in groups if len(group.rows) >= min_cells]
    if not groups:
        return _table([], [])
    require_controls(controls, perturbation_key, control_label)
    seeds = {group.label: label_seed(group.label, random_state) for group in groups}
    centroid = mean_of(source, controls)

    def score(loaded: RowSource, group: Group) -> float:
        rows = loaded.load(group.rows).read(group.rows)
        return mean_split_cosine(rows, centroid, n_splits, seeds[group.label])

    cosines = score_groups(source, groups, score)
    _warn_of_single_cells(groups)
    return _table(groups, cosines)


def mean_split_cosine(rows: Matrix, centroid: Matrix, n_splits: int, seed: int) -> float:
    """Mean cosine between the shifts of random halves; an odd cell is in neither half.

    Every step is in the type and in the order of ``numpy.mean`` over the rows of a half.
    """
    if len(rows) < _FEWEST_SPLIT:
        return math.nan
    shifts = np.ascontiguousarray(rows - centroid)
    halves = feature_halves(generator(seed), len(rows), n_splits)
    means = (_half_means(shifts, half) for half in halves)
    return float(np.mean([_cosine(a, b) for a, b in zip(*means, strict=True)]))


def _half_means(shifts: Matrix, halves: IndexArray) -> Iterator[Matrix]:
    """The mean shift of each half, some halves at a time."""
    step = max(1, _VALUES_PER_BLOCK // (halves.shape[1] * max(1, shifts.shape[1])))
    for start in range(0, len(halves), step):
        yield from shifts[halves[start : start + step]].mean(axis=1)


def _cosine(a: Matrix, b: Matrix) -> float:
    """Cosine between two shifts, 0.0 where one has no direction."""
    norm_a, norm_b = np.linalg.norm(a), np.linalg.norm(b)
    if norm_a < SMALLEST_NORM or norm_b < SMALLEST_NORM:
        return 0.0
    return float(np.dot(a, b) / (norm_a * norm_b))


def _table(groups: list[Group], cosines: list[float]) -> Any:
    names = ("perturbation", "split_half_cosine", "n_cells")
    rows = [
        dict(zip(names, (group.label, cosine, len(group.rows)), strict=True))
        for group, cosine in zip(groups, cosines, strict=True)
    ]
    frame = import_pandas().DataFrame(rows)
    return frame.set_index(names[0]) if rows else frame


def _warn_of_single_cells(groups: list[Group]) -> None:
    n_single = sum(len(group.rows) < _FEWEST_SPLIT for group in groups)
    if n_single:
        warn(
            f"{n_single} perturbations have a single cell, which has no halves; their cosines "
            "are NaN",
            RuntimeWarning,
        )
