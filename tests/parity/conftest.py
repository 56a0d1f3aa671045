"""Fixtures of the tests of numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fastshesha import _core


@pytest.fixture
def supported_levels() -> Iterator[frozenset[str]]:
    """The kernels this processor runs, for a test that changes them."""
    before = _core.active_simd_level()
    yield frozenset(_core.supported_simd_levels())
    _core._force_simd_level(before)
