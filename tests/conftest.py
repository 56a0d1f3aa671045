"""Options and fixtures that all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from oracle.client import Oracle


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--case", type=int, help="run this one differential case")
    parser.addoption("--cases", type=int, default=1500, help="number of differential cases")
    parser.addoption("--spreads", help="file for the measured spreads of the original")


def from_environment(variable: str) -> str:
    """What the test session hands over in an environment variable."""
    value = os.environ.get(variable)
    if not value:
        pytest.fail(f"{variable} is not set; 'nox -s tests' makes what it names and sets it")
    return value


@pytest.fixture(scope="session")
def oracle_python() -> str:
    """The interpreter of the environment that holds the original alone."""
    return from_environment("FASTSHESHA_TEST_ORACLE_PYTHON")


@pytest.fixture(scope="session")
def both_python() -> str:
    """The interpreter of the environment that holds the original and this package."""
    return from_environment("FASTSHESHA_TEST_BOTH_PYTHON")


@pytest.fixture(scope="session")
def build_dir() -> str:
    """The folder in which the installed wheel was built, with its object files."""
    return from_environment("FASTSHESHA_TEST_BUILD_DIR")


@pytest.fixture(scope="session")
def oracle(oracle_python: str) -> Iterator[Oracle]:
    """The original and SciPy, called in their own process."""
    with Oracle(oracle_python) as running:
        yield running


@pytest.fixture(params=("baseline", "avx2", "avx512"))
def level(request: pytest.FixtureRequest) -> Iterator[str]:
    """The kernels in use; a level that this processor lacks is skipped."""
    from fastshesha import _core

    before = _core.active_simd_level()
    if request.param not in _core.supported_simd_levels():
        pytest.skip(f"this processor does not run the {request.param} kernels")
    _core._force_simd_level(request.param)
    yield request.param
    _core._force_simd_level(before)
