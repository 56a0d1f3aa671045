"""Passes over all rows: what is undefined is found, and rows are scaled in blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

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


@pytest.mark.parametrize("shape", [(1, 5), (50, 1), (65, 3), (129, 257), (33, 16), (4, 0)])
def test_rows_are_scaled_alike_in_blocks(
    shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = RNG.standard_normal(shape)
    rows[::9] = 0.0
    for values_in_cache in (1, 16 * max(1, shape[1]), 2**15):
        monkeypatch.setattr(_rows, "_VALUES_IN_CACHE", values_in_cache)
        for layout in (
            rows,
            np.asfortranarray(rows),
            rows[::-1],
            np.repeat(rows, 2, axis=1)[:, ::2],
        ):
            norms = np.linalg.norm(layout, axis=1, keepdims=True)
            expected = layout / np.maximum(norms, 1e-12)
            found = _rows.unit_rows(layout)
            np.testing.assert_array_equal(found, expected)
            assert found.strides == expected.strides
