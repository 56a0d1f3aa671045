"""The data of all scenarios, written once a run: continuous, tie-rich, labelled, annotated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

N_CLASSES = 10
Matrix = NDArray[np.float64]
Kind = Callable[[np.random.Generator, int, int], Matrix]


def _normal(rng: np.random.Generator, n_samples: int, n_features: int) -> Matrix:
    return rng.standard_normal((n_samples, n_features))


def _outlier_dimension(rng: np.random.Generator, n_samples: int, n_features: int) -> Matrix:
    X = _normal(rng, n_samples, n_features)
    X[:, 3] *= 1e3
    return X


def _binary(rng: np.random.Generator, n_samples: int, n_features: int) -> Matrix:
    return (rng.random((n_samples, n_features)) < 0.1).astype(np.float64)


def _integers(rng: np.random.Generator, n_samples: int, n_features: int) -> Matrix:
    return rng.integers(0, 3, (n_samples, n_features)).astype(np.float64)


def _twenty_rows(rng: np.random.Generator, n_samples: int, n_features: int) -> Matrix:
    return _normal(rng, 20, n_features)[rng.integers(0, 20, n_samples)]


def _rows_twice(rng: np.random.Generator, n_samples: int, n_features: int) -> Matrix:
    X = _normal(rng, n_samples, n_features)
    X[: n_samples // 20] = X[-(n_samples // 20) :]
    return X


def _classes(rng: np.random.Generator, n_samples: int, n_features: int) -> Matrix:
    centres = _normal(rng, N_CLASSES, n_features)
    return _normal(rng, n_samples, n_features) + 0.5 * centres[labels(n_samples)]


KINDS: dict[str, Kind] = {
    "normal": _normal,
    "outlier dimension": _outlier_dimension,
    "binary 10%": _binary,
    "integers 0..2": _integers,
    "20 distinct rows": _twenty_rows,
    "5% of rows twice": _rows_twice,
    "classes": _classes,
}


def labels(n_samples: int) -> NDArray[np.int64]:
    """Classes that take turns, so that any stretch of rows holds them all."""
    return np.arange(n_samples, dtype=np.int64) % N_CLASSES


class Data:
    """A folder of arguments, each in a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def matrix(
        self, shape: tuple[int, int], kind: str = "normal", seed: int = 0, dtype: str = "float64"
    ) -> str:
        """Rows of one kind."""
        rng = np.random.default_rng(seed)
        X = KINDS[kind](rng, *shape)
        return self.saved(f"{kind}-{shape[0]}x{shape[1]}-{seed}-{dtype}", X.astype(dtype))

    def widened(self, path: str) -> str:
        """The values of a float32 matrix as float64."""
        return self.saved(f"{Path(path).stem}-widened", np.load(path).astype(np.float64))

    def labels(self, n_samples: int, n_classes: int = N_CLASSES) -> str:
        return self.saved(f"labels-{n_samples}-{n_classes}", labels(n_samples) % n_classes)

    def halves(self, n_features: int, seed: int) -> tuple[str, str]:
        """Indices of the features of the first split that a seed draws."""
        order = np.random.default_rng(seed).permutation(n_features)
        half = n_features // 2
        name = f"half-{n_features}-{seed}"
        return (
            self.saved(f"{name}-first", order[:half]),
            self.saved(f"{name}-second", order[half : 2 * half]),
        )

    def screen(self, n_cells: int, n_features: int, n_groups: int) -> str:
        """An annotated matrix: a tenth of the cells are controls, the rest of equal groups."""
        rng = np.random.default_rng(0)
        group = np.arange(n_cells) % n_groups
        X = _normal(rng, n_cells, n_features) + 0.3 * _normal(rng, n_groups, n_features)[group]
        names = np.array([f"perturbation {g}" for g in range(n_groups)] + ["control"])
        group[::10] = n_groups
        path = self._folder / f"screen-{n_cells}x{n_features}-{n_groups}.npz"
        np.savez(path, X=X, perturbation=names[group])
        return str(path)

    def saved(self, name: str, array: NDArray[np.generic]) -> str:
        path = self._folder / f"{name.replace('/', '-')}.npy"
        np.save(path, array)
        return str(path)
