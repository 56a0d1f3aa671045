"""The installed original, loaded under a private name beside whatever ``shesha`` means here."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

REFERENCE_VERSION = "0.3.0"
_DISTRIBUTION = "shesha-geometry"
# The original names its modules relative to itself only, so that it runs under any name.
PRIVATE_NAME = "_fastshesha_original"
_lock = threading.Lock()


def load_original() -> ModuleType:
    """The package ``shesha`` of the distribution shesha-geometry, as a module of its own.

    Neither ``sys.modules["shesha"]`` nor the import system is touched.

    Raises
    ------
    ModuleNotFoundError
        It is not installed.

    Warns
    -----
    UserWarning
        Another version than 0.3.0 is installed.
    """
    with _lock:
        loaded = sys.modules.get(PRIVATE_NAME)
        return _load() if loaded is None else loaded


def _load() -> ModuleType:
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        installed = distribution(_DISTRIBUTION)
    except PackageNotFoundError:
        raise _not_installed("is not installed") from None
    if installed.version != REFERENCE_VERSION:
        warnings.warn(
            f"the installed {_DISTRIBUTION} is {installed.version}; fastshesha follows "
            f"{REFERENCE_VERSION}, so that differences may be changes of the original",
            UserWarning,
            stacklevel=4,
        )
    return _load_from(_package_file(Path(str(installed.locate_file("shesha/__init__.py")))))


def _package_file(expected: Path) -> Path:
    """Where its ``__init__.py`` lies: beside the distribution, or where an editable install says.

    A module file ``shesha.py``, which is ours, is no package.
    """
    if expected.is_file():
        return expected
    for folder in sys.path:
        if (found := Path(folder, "shesha", "__init__.py")).is_file():
            return found
    for finder in sys.meta_path:
        if type(finder).__module__.partition(".")[0] == __name__.partition(".")[0]:
            continue  # `install` hands out our own package
        spec = finder.find_spec("shesha", None) if hasattr(finder, "find_spec") else None
        if spec and spec.origin and spec.submodule_search_locations:
            return Path(spec.origin)
    raise _not_installed("is installed without its package shesha")


def _load_from(file: Path) -> ModuleType:
    folder = [str(file.parent)]
    spec = importlib.util.spec_from_file_location(
        PRIVATE_NAME, file, submodule_search_locations=folder
    )
    assert spec is not None
    assert spec.loader is not None
    package = sys.modules[PRIVATE_NAME] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(package)
    except BaseException:
        _forget()
        raise
    return package


def _forget() -> None:
    """Leave nothing of a package that could not be loaded."""
    for name in [name for name in sys.modules if name.partition(".")[0] == PRIVATE_NAME]:
        del sys.modules[name]


def _not_installed(what: str) -> ModuleNotFoundError:
    return ModuleNotFoundError(
        f"the original package {_DISTRIBUTION} {what}; "
        f"pip install {_DISTRIBUTION}=={REFERENCE_VERSION}",
        name="shesha",
    )
