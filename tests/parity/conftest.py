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


@pytest.fixture(params=("baseline", "avx2", "avx512"))
def level(request: pytest.FixtureRequest) -> Iterator[str]:
    """The kernels in use; a level that this processor lacks is skipped."""
    before = _core.active_simd_level()
    if request.param not in _core.supported_simd_levels():
        pytest.skip(f"this processor does not run the {request.param} kernels")
    _core._force_simd_level(request.param)
    yield request.param
    _core._force_simd_level(before)
