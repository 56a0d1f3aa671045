"""Passes over all rows: what is undefined is found, and rows are scaled to unit length."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import _core, _rows

RNG = np.random.default_rng(41)


def layouts(rows: Any) -> dict[str, Any]:
    n_bytes = rows.nbytes
    shifted = np.zeros(n_bytes + 1, dtype=np.uint8)[1:].view(rows.dtype).reshape(rows.shape)
    shifted[:] = rows
    return {
        "C": rows,
        "F": np.asfortranarray(rows),
        "reversed": rows[::-1, ::-1],
        "strided": np.repeat(rows, 2, axis=1)[:, ::2],
        "unaligned": shifted,
    }


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", ">f4", ">f8"])
@pytest.mark.parametrize("undefined", [np.nan, np.inf, -np.inf])
def test_every_undefined_entry_is_found(kind: str, undefined: float) -> None:
    largest = np.finfo(kind).max
    for position in (0, 7, 8, 14, 15, 44):
        rows = np.full((3, 15), largest, dtype=kind)
        rows[:, ::2] *= -1
        for name, layout in layouts(rows).items():
            assert _core.all_finite(layout, 2), name
        rows.flat[position] = undefined
        for name, layout in layouts(rows).items():
            assert not _core.all_finite(layout, 2), name


@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", "i4"])
@pytest.mark.parametrize("shape", [(1, 5), (50, 1), (65, 3), (129, 257), (1100, 1025), (4, 0)])
def test_rows_are_scaled_by_the_norm_of_numpy(shape: tuple[int, int], dtype: str) -> None:
    """More than a million values are shared by threads."""
    rows = (10.0 * RNG.standard_normal(shape)).astype(dtype)
    rows[::9] = 0
    for layout in (rows, np.asfortranarray(rows), rows[::-1], np.repeat(rows, 2, axis=1)[:, ::2]):
        widened = layout.astype(np.float64)
        expected = widened / np.maximum(np.linalg.norm(widened, axis=1, keepdims=True), 1e-12)
        for n_threads in (1, 2):
            with fastshesha.config(threads=n_threads):
                found = _rows.unit_rows(layout)
            np.testing.assert_array_equal(found, expected)
            assert found.flags.f_contiguous == expected.flags.f_contiguous


def test_a_norm_that_overflows_is_told() -> None:
    rows = np.ones((3, 4))
    rows[1] = 1e200
    with pytest.warns(RuntimeWarning, match="overflow"):
        found = _rows.unit_rows(rows)
    np.testing.assert_array_equal(found, np.array([[0.5], [0.0], [0.5]]) * np.ones((3, 4)))
