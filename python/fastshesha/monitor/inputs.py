"""What a training loop hands over, as matrices and labels that the metrics read."""

from __future__ import annotations

import math
import reprlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROWS_PER_SEARCH = 4096


@dataclass(frozen=True)
class Rows:
    """The rows that are scored: the finite ones of a sample of the embeddings.

    Attributes
    ----------
    embeddings : ndarray of shape (n_used, n_features)
    labels : ndarray of shape (n_used,), optional
    n_given : int
        Rows of the embeddings as they came.
    nonfinite : float
        Share of the sampled rows that held NaN or infinity, and are left out.
    """

    embeddings: NDArray[Any]
    labels: NDArray[Any] | None
    n_given: int
    nonfinite: float


@dataclass(frozen=True)
class Unreadable:
    """Stands for embeddings that could not be had, and tells why."""

    reason: str


def read_rows(embeddings: object, labels: object, max_samples: int | None, seed: int) -> Rows:
    """Sample first, then look for what is not finite.

    Raises
    ------
    ValueError, TypeError
        Embeddings that are no matrix of real numbers in host memory; labels of another length.
    """
    matrix = as_matrix(embeddings)
    n_given = len(matrix)
    named = None if labels is None else _as_labels(labels, n_given)
    picked = sampled_rows(n_given, max_samples, seed)
    if picked is not None:
        matrix, named = matrix[picked], None if named is None else named[picked]
    finite = _finite_rows(matrix)
    n_finite = int(np.count_nonzero(finite))
    nonfinite = 1.0 - n_finite / len(finite) if len(finite) else 0.0
    if n_finite < len(finite):
        matrix, named = matrix[finite], None if named is None else named[finite]
    return Rows(matrix, named, n_given, nonfinite)


def sampled_rows(n_rows: int, limit: int | None, seed: int) -> NDArray[np.int64] | None:
    """Positions of `limit` rows in rising order, always the same; None stands for all rows."""
    if limit is None or n_rows <= limit:
        return None
    drawn = np.random.default_rng(seed).choice(n_rows, limit, replace=False)
    return np.sort(drawn)


def as_matrix(embeddings: object) -> NDArray[Any]:
    """The embeddings as a numpy matrix; tensors are detached, bfloat16 is widened.

    A memory map is not read.
    """
    if isinstance(embeddings, Unreadable):
        raise ValueError(embeddings.reason)
    matrix = _to_numpy(embeddings, "embeddings")
    if matrix.ndim != 2:
        raise ValueError(
            "embeddings must be a 2-dimensional array of shape (n_samples, n_features), "
            f"got shape {matrix.shape}"
        )
    if matrix.dtype.kind not in "biuf":
        # Types that numpy does not know by itself, such as the bfloat16 of jax.
        try:
            matrix = matrix.astype(np.float32 if matrix.dtype.kind == "V" else np.float64)
        except (TypeError, ValueError) as error:
            raise TypeError(f"embeddings must hold real numbers, got {matrix.dtype}") from error
    return matrix


def _to_numpy(value: object, name: str) -> NDArray[Any]:
    tensor: Any = value
    if hasattr(tensor, "detach") and hasattr(tensor, "cpu"):
        tensor = tensor.detach()
        device = getattr(getattr(tensor, "device", None), "type", "cpu")
        if device != "cpu":
            raise TypeError(f"{name} is a tensor on {device}; pass {name}.cpu()")
        if "bfloat16" in str(tensor.dtype):
            tensor = tensor.float()
    try:
        return np.asarray(tensor)
    except (TypeError, ValueError, RuntimeError) as error:
        kind = type(value).__name__
        raise TypeError(f"numpy cannot read {name} (a {kind}): {error}") from error


def _as_labels(labels: object, n_rows: int) -> NDArray[Any]:
    named = _to_numpy(labels, "labels")
    if named.shape != (n_rows,):
        raise ValueError(
            f"labels must hold one label for each of the {n_rows} rows, got shape {named.shape}"
        )
    return named


def _finite_rows(matrix: NDArray[Any]) -> NDArray[np.bool_]:
    finite = np.ones(len(matrix), dtype=np.bool_)
    if matrix.dtype.kind != "f":
        return finite
    for start in range(0, len(matrix), _ROWS_PER_SEARCH):
        block = matrix[start : start + _ROWS_PER_SEARCH]
        finite[start : start + len(block)] = np.isfinite(block).all(axis=1)
    return finite


def as_loss(loss: object) -> float:
    """NaN for none; infinity for one that is no finite number."""
    if loss is None:
        return math.nan
    try:
        plain: Any = loss
        value = float(plain.detach() if hasattr(plain, "detach") else plain)
    except Exception:
        return math.nan
    return value if math.isfinite(value) else math.inf


def as_epoch(epoch: object, following: int) -> tuple[int, str]:
    """The number of an epoch, and what is wrong with it; an unusable one becomes `following`."""
    if epoch is None:
        return following, ""
    plain: Any = epoch
    try:
        return int(plain), ""
    except Exception:
        told = f"epoch must be a whole number; got {reprlib.repr(epoch)}, counted as {following}"
        return following, told
