"""The name ``shesha`` for fastshesha, where the original package is not installed.

A module file on purpose: in one folder Python prefers a package over a module of the same name,
so the original's ``shesha/`` beside this file keeps the name and nothing of it is overwritten.
"""

from __future__ import annotations

import sys
import warnings
from importlib.machinery import PathFinder

import fastshesha


def _hidden_original() -> str | None:
    """Return the file of a package ``shesha`` that lies behind this module, if there is one.

    An editable install of the original is such a case: its finder or its entry of ``sys.path``
    comes after the folder of this file.
    """
    finders = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]
    found = [finder.find_spec("shesha", None) for finder in finders]
    found += [PathFinder.find_spec("shesha", [folder]) for folder in sys.path]
    for spec in found:
        # Neither a module file, such as this one, nor a folder of other things named shesha.
        if spec and spec.has_location and spec.submodule_search_locations is not None:
            return spec.origin
    return None


def __getattr__(name: str) -> object:
    # A thread that imported this module while it was being executed may keep hold of it.
    return getattr(fastshesha, name)


if (_original := _hidden_original()) is not None:
    warnings.warn(
        f"'import shesha' found fastshesha ({__file__}) instead of the original package at "
        f"{_original}, which comes later on the import path. To use the original, put its folder "
        "first (PYTHONPATH) or install it without --editable; to use fastshesha knowingly, write "
        "'import fastshesha as shesha'.",
        UserWarning,
        stacklevel=2,
    )

sys.modules.pop("shesha", None)  # this module, not an original that install() would warn about
fastshesha.install()
