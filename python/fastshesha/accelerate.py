"""Hand out fastshesha under the name ``shesha``.

One meta-path finder gives every public module ``shesha.X`` as the very module object
``fastshesha.X``. It stands in ``sys.meta_path`` before ``sys.modules["shesha"]`` is replaced:
otherwise the path finder would look for ``shesha.X`` in our folder and load each module twice.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
import warnings
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.abc import Loader
    from types import ModuleType

# `_result` is private, but pickles of the original name it.
_OURS = {
    f"shesha{tail}": f"fastshesha{tail}"
    for tail in ("", ".core", ".replicate", ".sim", ".bio", "._result")
}


class _SharedModuleFinder:
    """Finder and loader of ``shesha`` and ``shesha.X``, whose modules are those of fastshesha."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse every other ``shesha.X``: a later finder would load a second copy of it."""
        if fullname.partition(".")[0] != "shesha":
            return None
        ours = _OURS.get(fullname)
        if ours is None or importlib.util.find_spec(ours) is None:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return ModuleSpec(fullname, cast("Loader", self))

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(_OURS[spec.name])
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        # importlib has just set the spec of the second name; the module keeps its own.
        alias_spec = module.__spec__
        assert alias_spec is not None
        module.__spec__ = alias_spec.loader_state


_finder = _SharedModuleFinder()
_replaced: dict[str, ModuleType] = {}
_lock = threading.Lock()


def _take_shesha_modules() -> dict[str, ModuleType]:
    """Remove and return what ``sys.modules`` holds under the name ``shesha``."""
    # The list is a snapshot: another thread may be importing meanwhile.
    names = [name for name in list(sys.modules) if name.partition(".")[0] == "shesha"]
    return {name: sys.modules.pop(name) for name in names}


def install() -> None:
    """Make ``import shesha`` give fastshesha in this process, submodules included.

    Call it before anything imports ``shesha``. Afterwards ``shesha`` is ``fastshesha``,
    ``shesha.core`` is ``fastshesha.core`` and so on, whether or not the original package is
    installed, and pickles written by the original load as our classes. A second call does nothing.

    Warns
    -----
    UserWarning
        The original was imported before. Imports from now on give fastshesha, but names that
        were already taken from the original still mean the original.

    Notes
    -----
    Only this process changes, and the children it forks. Processes that start afresh do not
    inherit it: those of ``multiprocessing`` with "spawn" or "forkserver", loky, Dask, Ray or MPI.
    Let each worker call it first, for example
    ``ProcessPoolExecutor(initializer=fastshesha.install)`` or ``client.run(fastshesha.install)``,
    or write ``import fastshesha as shesha`` in the code that the workers import.

    See Also
    --------
    uninstall : Restore what the name meant before.
    is_installed : Tell whether the name is taken.
    """
    with _lock:
        if is_installed():
            return
        if "shesha" in sys.modules:
            warnings.warn(
                "shesha was imported before fastshesha.install(): names already taken from it "
                "still mean the original package. Call fastshesha.install() before the first "
                "'import shesha'.",
                UserWarning,
                stacklevel=2,
            )
        sys.meta_path.insert(0, _finder)
        _replaced.update(_take_shesha_modules())
        loaded = {name: sys.modules[ours] for name, ours in _OURS.items() if ours in sys.modules}
        sys.modules.update(loaded)


def uninstall() -> None:
    """Undo `install`: modules of the original that were imported before it are back.

    Where the original was not imported before, the next ``import shesha`` finds it as if
    fastshesha had not been there. Where it is not installed at all, ``import shesha`` goes on
    giving fastshesha. Without a preceding `install` nothing happens.
    """
    with _lock:
        if not is_installed():
            return
        _take_shesha_modules()
        sys.modules.update(_replaced)
        _replaced.clear()
        sys.meta_path.remove(_finder)


def is_installed() -> bool:
    """Tell whether ``import shesha`` gives fastshesha because of `install`."""
    return _finder in sys.meta_path


def load_ipython_extension(_ipython: object) -> None:
    """Call `install` for ``%load_ext fastshesha``."""
    install()


def unload_ipython_extension(_ipython: object) -> None:
    """Call `uninstall` for ``%unload_ext fastshesha``."""
    uninstall()
