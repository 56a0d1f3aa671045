"""Compute what the original makes of the tutorial's four runs, and write tutorial_values.json.

Run it with the interpreter of an environment that holds the original and nothing of ours:

    PYTHON tests/parity/tutorial/make_tutorial_values.py
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

VALUES_FILE = Path(__file__).with_name("tutorial_values.json")
SEED = 320
_SIMULATION = Path(__file__).parents[3] / "python" / "fastshesha" / "demo" / "simulation.py"


def array_digest(arrays: Sequence[np.ndarray]) -> str:
    """Hash of the arrays rounded to thousandths.

    One matrix product goes into them, whose last bits depend on the linear algebra library and
    the CPU; a draw out of order or another formula changes far more than a thousandth.
    """
    digest = hashlib.sha256()
    for array in arrays:
        thousandths = np.rint(np.asarray(array) * 1000).astype("<i4")
        digest.update(str(thousandths.shape).encode())
        digest.update(thousandths.tobytes())
    return digest.hexdigest()


def _load_simulation() -> ModuleType:
    """Load our simulation by its path: the package is not installed beside the original."""
    spec = importlib.util.spec_from_file_location("simulation", _SIMULATION)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _scenario_values(history: Sequence[np.ndarray], labels: np.ndarray) -> dict[str, list[float]]:
    import shesha

    return {
        "stability": [float(shesha.feature_split(X, seed=SEED)) for X in history],
        "alignment": [float(shesha.supervised_alignment(X, labels, seed=SEED)) for X in history],
        "var_ratio": [float(shesha.variance_ratio(X, labels)) for X in history],
    }


def _document() -> dict[str, Any]:
    simulation = _load_simulation()
    document: dict[str, Any] = {
        "made_with": {name: version(name) for name in ("shesha-geometry", "numpy", "scipy")},
        "array_digests": {},
        "values": {},
    }
    for scenario in simulation.SCENARIOS:
        history, labels = simulation.simulate_training(scenario=scenario, seed=SEED)
        document["array_digests"][scenario] = array_digest([*history, labels])
        document["values"][scenario] = _scenario_values(history, labels)
    return document


if __name__ == "__main__":
    VALUES_FILE.write_text(json.dumps(_document(), indent=1) + "\n")
