"""The compiled core. Private: arguments are trusted further than users' may be."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

class Moments:
    """Summary of the values used in a correlation; NaN where there were none."""

    @property
    def mean(self) -> float: ...
    @property
    def std(self) -> float: ...
    @property
    def minimum(self) -> float: ...
    @property
    def maximum(self) -> float: ...

class Correlation:
    """A correlation and what went into it."""

    @property
    def value(self) -> float: ...
    @property
    def n_pairs(self) -> int: ...
    @property
    def n_undefined(self) -> int: ...
    @property
    def a(self) -> Moments: ...
    @property
    def b(self) -> Moments: ...

def condensed_distances(
    X: NDArray[Any], metric: str, n_threads: int, exact: bool = True
) -> NDArray[np.float64]: ...
def cross_distances(
    A: NDArray[Any], B: NDArray[Any], metric: str, n_threads: int, exact: bool = True
) -> NDArray[np.float64]: ...
def average_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]: ...
def correlate(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    method: str,
    undefined: str,
    n_threads: int = 1,
) -> Correlation: ...
def all_finite(X: NDArray[Any], n_threads: int) -> bool: ...
def feature_split_scores(
    X: NDArray[Any],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    metric: str,
    undefined: str,
    n_threads: int,
    memory: int,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]: ...
def split_work_bytes(n_samples: int, half_size: int) -> int: ...
def bootstrap_correlations(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    counts: NDArray[np.uint8],
    self_pairs: bool,
    method: str,
    undefined: str,
    n_threads: int,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]: ...
def bootstrap_splits(
    X: NDArray[Any],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    metric: str,
    counts: NDArray[np.uint8],
    self_pairs: bool,
    undefined: str,
    n_threads: int,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]: ...
def solve_resampled(
    products: NDArray[np.float64],
    classes: NDArray[np.int64],
    scales: NDArray[np.float64],
    shifts: NDArray[np.float64],
    right: NDArray[np.float64],
    ridge: float,
    n_threads: int,
) -> NDArray[np.float64]: ...
def self_distances(X: NDArray[Any], metric: str) -> NDArray[np.float64]: ...
def label_alignment(
    distances: NDArray[np.float64], codes: NDArray[np.int64], n_threads: int
) -> Correlation: ...
def rdm_spearman(X: NDArray[Any], Y: NDArray[Any], metric: str, n_threads: int) -> float | None: ...
def column_sums(
    X: NDArray[Any], centre: NDArray[np.float64], is_squared: bool, n_threads: int
) -> NDArray[np.float64]: ...
def variance_ratio(
    X: NDArray[Any], codes: NDArray[np.int64], n_classes: int, n_threads: int
) -> float: ...
def symmetric_eigenvalues(matrices: NDArray[np.float64], n_threads: int) -> NDArray[np.float64]: ...
def updated_eigenvalues(
    matrix: NDArray[np.float64], vector: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
def class_sums(
    X: NDArray[Any],
    order: NDArray[np.int64],
    class_ends: NDArray[np.int64],
    weights: NDArray[np.float64],
    n_threads: int,
) -> NDArray[np.float64]: ...
def find_nearest(
    queries: NDArray[Any], rows: NDArray[Any], metric: str, n_kept: int, n_threads: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], float]: ...
def mean_rows(
    rows: NDArray[Any], chosen: NDArray[np.int64], n_threads: int
) -> NDArray[np.float64]: ...
def unit_rows(
    X: NDArray[Any], smallest_norm: float, n_threads: int
) -> tuple[NDArray[np.float64], bool]: ...
def supported_simd_levels() -> list[str]: ...
def active_simd_level() -> str: ...
def _force_simd_level(level: str) -> None: ...
def build_info() -> dict[str, str]: ...
def openmp_max_threads() -> int: ...
def in_forked_child() -> bool: ...
def distance_moments(
    A: NDArray[Any],
    B: NDArray[Any],
    centres: tuple[float, float],
    scales: tuple[float, float],
    n_blocks: int,
    first_tile: int,
    last_tile: int,
    n_threads: int,
) -> NDArray[np.float64]: ...

class LevelMap:
    """A rising map from similarities to levels."""

    def __init__(
        self,
        scale: float,
        offset: float,
        cells: NDArray[np.float64],
        n_base: int,
        entries: NDArray[np.uint32],
        bounds: NDArray[np.float64],
        steps: NDArray[np.int32],
        n_levels: int,
    ) -> None: ...
    def levels(self, values: NDArray[np.float64]) -> NDArray[np.int32]: ...
    def single_levels(self, values: NDArray[np.float32], shift: float) -> NDArray[np.int32]: ...

class StreamSide:
    """Columns of a matrix, and how they are compared."""

    def __init__(
        self,
        X: NDArray[Any],
        columns: NDArray[np.int64],
        centre: NDArray[np.float64] | None,
        unit_centre: NDArray[np.float64] | None,
        metric: str,
        level_map: LevelMap,
    ) -> None: ...
    def shift(self) -> float: ...
    def undefined_rows(self, n_threads: int) -> NDArray[np.bool_]: ...

class PairStream:
    """Two sides and a plan of their pairs."""

    def __init__(
        self,
        a: StreamSide,
        b: StreamSide,
        codes: NDArray[np.int64] | None,
        keep_undefined: bool,
        is_single: bool,
        rows: NDArray[np.int64],
        n_blocks: int,
        n_rounds: int,
        rows_per_tile: int,
    ) -> None: ...
    def n_tiles(self) -> int: ...
    def level_counts(
        self, first_tile: int, last_tile: int, n_levels: int, n_threads: int
    ) -> NDArray[np.int64]: ...
    def table_products(
        self,
        first_tile: int,
        last_tile: int,
        table_a: NDArray[np.int64],
        table_b: NDArray[np.int64],
        n_threads: int,
    ) -> tuple[int, int, int]: ...
    def similarities(self, n_threads: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...

class SplitStream:
    """Splits of the columns of one side and a plan of their pairs."""

    def __init__(
        self,
        whole: StreamSide,
        first: Sequence[NDArray[np.int64]],
        left_out: Sequence[NDArray[np.int64]],
        maps_a: Sequence[LevelMap],
        maps_b: Sequence[LevelMap],
        keep_undefined: bool,
        rows: NDArray[np.int64],
        n_blocks: int,
        n_rounds: int,
        rows_per_tile: int,
    ) -> None: ...
    def n_tiles(self) -> int: ...
    def level_counts(
        self, first_tile: int, last_tile: int, n_levels: int, n_threads: int
    ) -> NDArray[np.int64]: ...
    def similarities(
        self, split: int, n_threads: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
