"""What this build of fastshesha is and how it would run here."""

from __future__ import annotations

import json
import os
import platform
from typing import Any

import numpy as np

from . import REFERENCE_VERSION, __version__, _core
from ._resources.threads import resolve_threads
from ._validate import require_choice

_SIMD_VARIABLE = "FASTSHESHA_SIMD"


def show_config(mode: str = "stdout") -> dict[str, Any] | None:
    """Show version, instruction sets, threads and the tools the package was built with.

    Parameters
    ----------
    mode : {'stdout', 'dicts'}, default='stdout'
        Print as JSON, or return as a dict.

    Returns
    -------
    dict or None
        ``version`` and ``reference_version`` (the version of the original whose interface is
        mirrored); ``simd`` with the levels ``compiled_and_supported``, the ``active`` one and
        the environment variable it is ``forced_by``; ``threads`` with ``count`` and ``source``;
        ``openmp``, ``compiler``, ``numpy``, ``python``.

    Raises
    ------
    ValueError
        Another mode, or an unusable ``FASTSHESHA_NUM_THREADS``.

    Examples
    --------
    >>> import fastshesha
    >>> fastshesha.show_config(mode="dicts")["reference_version"]
    '0.3.0'
    """
    require_choice(mode, "mode", ("stdout", "dicts"))
    if mode == "dicts":
        return _collect()
    print(json.dumps(_collect(), indent=2))  # noqa: T201
    return None


def _collect() -> dict[str, Any]:
    build = _core.build_info()
    count, source = resolve_threads()
    return {
        "version": __version__,
        "reference_version": REFERENCE_VERSION,
        "simd": {
            "compiled_and_supported": list(_core.supported_simd_levels()),
            "active": _core.active_simd_level(),
            "forced_by": _SIMD_VARIABLE if os.environ.get(_SIMD_VARIABLE) else None,
        },
        "threads": {"count": count, "source": source},
        "openmp": build["openmp"],
        "compiler": build["compiler"],
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
