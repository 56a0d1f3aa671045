"""Random screens: annotated matrices of cells, and tables of scores per perturbation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

Generator = np.random.Generator
Matrix = np.ndarray[Any, np.dtype[Any]]

STORAGES: dict[str, Callable[[Matrix], Any]] = {
    "float64": lambda X: X,
    "float32": lambda X: X.astype(np.float32),
    "fortran": np.asfortranarray,
    "integers": lambda X: np.round(3 * X).astype(np.int64),
    "csr": lambda X: sparse.csr_matrix(np.maximum(X, 0)),
    "csc": lambda X: sparse.csc_matrix(np.maximum(X, 0)),
    "csr_array32": lambda X: sparse.csr_array(np.maximum(X, 0).astype(np.float32)),
    "zeros": np.zeros_like,
    "offset": lambda X: X + 1e3,
}
NAMES = np.array(["control", "CEBPA", "KLF1", "IRF1", "TP53"])
LABELS: dict[str, Callable[[Any], Any]] = {
    "text": lambda codes: NAMES[codes],
    "categorical": lambda codes: pd.Categorical(NAMES[codes]),
    "unused_category": lambda codes: pd.Categorical(NAMES[codes], categories=[*NAMES, "unused"]),
    "missing": lambda codes: np.where(codes == 4, None, NAMES[codes]),
    "integers": lambda codes: codes,
    "no_control": lambda codes: NAMES[np.maximum(codes, 1)],
    "only_control": lambda codes: NAMES[np.zeros_like(codes)],
}


def draw_screen(rng: Generator) -> tuple[tuple[Any, ...], dict[str, Any], set[str]]:
    """An AnnData and the name of its column of perturbations, and what else the labels need."""
    from anndata import AnnData

    n, d = int(rng.integers(12, 70)), int(rng.integers(1, 9))
    codes = rng.permutation(np.arange(n) % rng.integers(2, 6))
    X = rng.standard_normal((n, d)) + 0.7 * (codes > 0)[:, np.newaxis]
    storage, labels = str(rng.choice(list(STORAGES))), str(rng.choice(list(LABELS)))
    if rng.random() < 0.5:
        storage, labels = "float64", "text"
    column = str(rng.choice(["perturbation", "guide_id"]))
    rows = [f"cell {row}" for row in range(n)]
    obs = pd.DataFrame({column: LABELS[labels](codes)}, index=rows)
    screen = AnnData(STORAGES[storage](X), obs=obs, layers={"counts": np.abs(X)})
    traits = {f"storage={storage}", f"labels={labels}", f"n_features={d}"}
    keywords = {"control_label": 0} if labels == "integers" else {}
    if rng.random() < 0.04:
        return _spoiled(rng, screen, column), keywords, traits | {"X=no_screen"}
    if rng.random() < 0.1:
        screen, traits = screen[rng.random(n) < 0.8], traits | {"view"}
    return (screen, column), keywords, traits


def _spoiled(rng: Generator, screen: Any, column: str) -> tuple[Any, ...]:
    candidates = ((screen.X, column), (None, column), (screen, "absent"), (screen.obs, column))
    return candidates[int(rng.integers(len(candidates)))]


TABLES: dict[str, Callable[[Any, Generator], Any]] = {
    "plain": lambda frame, rng: frame,
    "missing": lambda frame, rng: frame.mask(rng.random(frame.shape) < 0.15),
    "tied": lambda frame, rng: frame.round(1),
    "tied_magnitudes": lambda frame, rng: frame.assign(Mp=frame["Mp"].round(0)),
    "constant": lambda frame, rng: frame.assign(Mp=1.5),
    "constant_scores": lambda frame, rng: frame.assign(Sp=0.25),
    "float32": lambda frame, rng: frame.astype(np.float32),
    "integers": lambda frame, rng: (100 * frame).round().astype(np.int64),
    "text_index": lambda frame, rng: frame.set_axis([f"gene {i}" for i in frame.index]),
    "repeated_index": lambda frame, rng: frame.set_axis(frame.index // 2),
    "more_columns": lambda frame, rng: frame.assign(name="gene"),
    "text": lambda frame, rng: frame.astype(str),
    "infinite": lambda frame, rng: frame.replace(frame.iloc[0, 0], np.inf),
}


def draw_table(rng: Generator) -> tuple[tuple[Any, ...], set[str]]:
    """A table of coherence, magnitude and reproducibility per perturbation."""
    n = int(rng.integers(0, 20) if rng.random() < 0.2 else rng.integers(20, 60))
    magnitude = rng.gamma(2.0, size=n)
    columns = {
        "Sp": np.tanh(0.5 * magnitude + rng.standard_normal(n)),
        "Mp": magnitude,
        "split_half_cosine": np.tanh(magnitude + 0.5 * rng.standard_normal(n)),
        "other": rng.standard_normal(n),
    }
    kind = "plain" if rng.random() < 0.4 or n == 0 else str(rng.choice(list(TABLES)))
    table: Any = TABLES[kind](pd.DataFrame(columns), rng)
    if rng.random() < 0.04:
        table, kind = (None, columns, table.to_numpy())[int(rng.integers(3))], "no_table"
    return (table,), {f"table={kind}", f"n_rows={n}"}
