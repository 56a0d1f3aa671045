"""Geometric stability of learned representations: the interface of shesha, compiled.

The names, options, random draws and numbers are those of shesha 0.3.0
(``REFERENCE_VERSION``); the distances and ranks behind them come from a compiled core.

Examples
--------
>>> import numpy as np
>>> import fastshesha as shesha
>>> X = np.random.default_rng(0).standard_normal((60, 32))
>>> -1.0 <= shesha.feature_split(X, n_splits=10, seed=320) <= 1.0
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import core
from ._config import config
from ._result import StabilityResult
from ._version import __version__
from .core import (
    anchor_stability,
    class_separation_ratio,
    compute_rdm,
    feature_split,
    lda_stability,
    rdm_drift,
    rdm_similarity,
    sample_split,
    shesha,
    supervised_alignment,
    variance_ratio,
)

if TYPE_CHECKING:
    from . import bio, monitor, replicate, sim, spectrum
    from ._estimate import Estimate, estimate
    from ._inputs.opening import open_rows
    from ._progress import Cancelled
    from ._show_config import show_config
    from ._verify import Verification, verify
    from .accelerate import install, is_installed, uninstall
    from .replicate import anchor_profile_stability, replicate_stability
    from .scale.ray_executor import RayExecutor

REFERENCE_VERSION = "0.3.0"

__all__ = [
    "REFERENCE_VERSION",
    "Cancelled",
    "Estimate",
    "RayExecutor",
    "StabilityResult",
    "Verification",
    "__version__",
    "anchor_profile_stability",
    "anchor_stability",
    "bio",
    "class_separation_ratio",
    "compute_rdm",
    "config",
    "core",
    "estimate",
    "feature_split",
    "install",
    "is_installed",
    "lda_stability",
    "monitor",
    "open_rows",
    "rdm_drift",
    "rdm_similarity",
    "replicate",
    "replicate_stability",
    "sample_split",
    "shesha",
    "show_config",
    "sim",
    "spectrum",
    "supervised_alignment",
    "uninstall",
    "variance_ratio",
    "verify",
]

# Loaded when first asked for, so that importing the package costs little more than numpy.
_LAZY = {
    "Cancelled": "_progress",
    "Estimate": "_estimate",
    "estimate": "_estimate",
    "RayExecutor": "scale.ray_executor",
    "anchor_profile_stability": "replicate",
    "replicate_stability": "replicate",
    "open_rows": "_inputs.opening",
    "show_config": "_show_config",
    "install": "accelerate",
    "is_installed": "accelerate",
    "uninstall": "accelerate",
    "load_ipython_extension": "accelerate",
    "unload_ipython_extension": "accelerate",
    "Verification": "_verify",
    "verify": "_verify",
}
_LAZY_MODULES = ("bio", "monitor", "replicate", "sim", "spectrum")


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _LAZY_MODULES:
        return import_module(f".{name}", __name__)
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_LAZY[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
