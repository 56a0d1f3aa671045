"""The environments in which the ways in are tried."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ways_in.interpreter import Interpreter


@pytest.fixture
def alone(tmp_path: Path) -> Interpreter:
    """This environment: fastshesha without the original."""
    return Interpreter(sys.executable, tmp_path)


@pytest.fixture
def beside(both_python: str, tmp_path: Path) -> Interpreter:
    """The environment that holds fastshesha and the original."""
    return Interpreter(both_python, tmp_path)


@pytest.fixture
def original(oracle_python: str, tmp_path: Path) -> Interpreter:
    """The environment that holds the original only."""
    return Interpreter(oracle_python, tmp_path)


@pytest.fixture(params=["alone", "beside"])
def anywhere(request: pytest.FixtureRequest) -> Interpreter:
    """Each environment that holds fastshesha, in turn."""
    interpreter = request.getfixturevalue(request.param)
    assert isinstance(interpreter, Interpreter)
    return interpreter
