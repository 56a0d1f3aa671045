"""Arrays as files and other libraries hand them over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.runs import LABELS, embeddings, small_monitor


def test_a_memory_map_is_read_as_its_values(tmp_path: Path) -> None:
    np.save(tmp_path / "X.npy", embeddings().astype(np.float32))
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    found, expected = (
        small_monitor(max_samples=40).update(X, LABELS).to_dict()
        for X in (mapped, np.array(mapped))
    )
    assert str(found) == str(expected)


@pytest.mark.parametrize("dtype", ["bfloat16", "float8_e5m2"])
def test_types_that_numpy_does_not_know_are_widened(dtype: str) -> None:
    """As numpy sees an array of jax of such a type."""
    types: Any = pytest.importorskip("ml_dtypes")
    brief = embeddings().astype(getattr(types, dtype))
    found = small_monitor().update(brief, LABELS).to_dict()
    expected = small_monitor().update(brief.astype(np.float32), LABELS).to_dict()
    assert found == pytest.approx(expected, nan_ok=True)
