"""The public names, their signatures, and what the package says of itself."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys

import numpy as np
import pytest

import fastshesha
from fastshesha import core, sim


def test_every_public_name_exists() -> None:
    for module in (fastshesha, core, sim):
        assert [name for name in module.__all__ if not hasattr(module, name)] == []
        assert set(module.__all__) <= set(dir(module))
        assert len(set(module.__all__)) == len(module.__all__)


def test_core_and_the_package_share_their_functions() -> None:
    for name in core.__all__:
        assert getattr(fastshesha, name) is getattr(core, name)


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="'fastshesha' has no attribute 'feature_splits'"):
        fastshesha.feature_splits  # noqa: B018


def test_public_functions_are_documented() -> None:
    for name in fastshesha.__all__:
        if callable(value := getattr(fastshesha, name)):
            assert (value.__doc__ or "").strip(), name


def test_importing_loads_no_more_than_is_needed() -> None:
    unwanted = "logging, json, pathlib, importlib.metadata, scipy, pandas, sklearn, matplotlib"
    lazy = "fastshesha._show_config, fastshesha.accelerate"
    code = (
        "import sys, numpy; before = set(sys.modules); import fastshesha; "
        f"print(sorted(set('{unwanted}, {lazy}'.split(', ')) & (set(sys.modules) - before)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_show_config(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("FASTSHESHA_SIMD", raising=False)
    with fastshesha.config(threads=2):
        shown = fastshesha.show_config(mode="dicts")
        assert fastshesha.show_config() is None
    assert json.loads(capsys.readouterr().out) == shown
    assert shown is not None
    assert list(shown) == [
        "version",
        "reference_version",
        "simd",
        "threads",
        "openmp",
        "compiler",
        "numpy",
        "python",
    ]
    assert shown["version"] == fastshesha.__version__
    assert shown["reference_version"] == fastshesha.REFERENCE_VERSION == "0.3.0"
    assert shown["simd"]["active"] in shown["simd"]["compiled_and_supported"]
    assert shown["simd"]["forced_by"] is None
    assert shown["threads"] in (
        {"count": 2, "source": "config"},
        {"count": 1, "source": "no OpenMP"},
    )
    assert (shown["numpy"], shown["python"]) == (np.__version__, platform.python_version())


def test_show_config_names_the_variable_that_forces_a_level() -> None:
    code = "import fastshesha; print(fastshesha.show_config('dicts')['simd'])"
    environment = {**os.environ, "FASTSHESHA_SIMD": "baseline"}
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert "'active': 'baseline', 'forced_by': 'FASTSHESHA_SIMD'" in shown.stdout


def test_show_config_knows_two_modes() -> None:
    with pytest.raises(
        ValueError, match=r"^Unknown mode: must be one of 'stdout', 'dicts'; got 'json'$"
    ):
        fastshesha.show_config(mode="json")
