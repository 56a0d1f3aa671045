"""Run a script or module with fastshesha under the name ``shesha``.

``python -m fastshesha run script.py`` stands for ``python script.py``, and
``python -m fastshesha run -m module`` for ``python -m module``: the program finds the same
``sys.argv``, ``sys.path[0]`` and ``__main__``, and ends with the same traceback and exit code.
"""

from __future__ import annotations

import builtins
import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType, TracebackType

from fastshesha.accelerate import install

_USAGE = "usage: python -m fastshesha run (script.py | -m module) [argument ...]"


class _TargetError(Exception):
    """The command line names nothing that can be run."""


def run_target(argv: list[str]) -> int:
    """Call `install`, then run ``script.py argument ...`` or ``-m module argument ...``.

    Parameters
    ----------
    argv : list of str
        What stands after ``run`` on the command line. Everything after the script or module
        belongs to the program.

    Returns
    -------
    int
        0 when the program ended by itself; 1 when there is no such program, with one line on
        stderr.

    Raises
    ------
    BaseException
        Whatever the program raises, SystemExit and KeyboardInterrupt included: left to the
        interpreter, it gives the program's own exit code. The traceback printed then begins in
        the program.
    """
    if argv[:1] in (["-h"], ["--help"]):
        sys.stdout.write(f"{_USAGE}\n")
        return 0
    try:
        main, code = _load_target(argv)
        sys.modules["__main__"] = main
        exec(code, vars(main))
    except _TargetError as problem:
        sys.stderr.write(f"fastshesha run: {problem}\n")
        return 1
    except BaseException as error:
        _show_program_frames_only(error)
        raise
    return 0


def _load_target(argv: list[str]) -> tuple[ModuleType, CodeType]:
    is_module = argv[:1] == ["-m"]
    target, *arguments = argv[is_module:] or [""]
    if not target or (target.startswith("-") and not is_module):
        given = f"unknown option {target!r}" if target else "nothing to run"
        raise _TargetError(f"{given}; {_USAGE}")
    return _load_module(target, arguments) if is_module else _load_script(target, arguments)


def _load_script(script: str, arguments: list[str]) -> tuple[ModuleType, CodeType]:
    file = os.path.join(os.getcwd(), script)  # not normalised: so does `python script.py`
    loader = SourceFileLoader("__main__", file)
    try:
        source = loader.get_data(file)
    except OSError as error:
        raise _TargetError(f"cannot read the script {script!r}: {error.strerror}") from None
    _prepare_interpreter([script, *arguments], os.path.dirname(os.path.realpath(script)))
    main = _main_module(__file__=file, __loader__=loader, __package__=None)
    return main, compile(source, file, "exec", dont_inherit=True)


def _load_module(name: str, arguments: list[str]) -> tuple[ModuleType, CodeType]:
    _prepare_interpreter(["-m", *arguments], os.getcwd())
    spec = _find_runnable(name)
    find_code = getattr(spec.loader, "get_code", None)
    code = find_code(spec.name) if find_code is not None else None
    if code is None:
        raise _TargetError(f"module {spec.name!r} has no Python code to run")
    sys.argv[0] = spec.origin or name
    main = _main_module(
        __file__=spec.origin,
        __cached__=spec.cached,
        __loader__=spec.loader,
        __package__=spec.parent,
        __spec__=spec,
    )
    return main, code


def _find_runnable(name: str) -> ModuleSpec:
    """Return the spec of a module, or of ``__main__`` inside a package."""
    try:
        spec = None if name.startswith(".") else importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        # A parent package that is missing, not a module that the parent failed to import.
        if not f"{name}.".startswith(f"{error.name}."):
            raise
        spec = None
    if spec is None:
        raise _TargetError(f"no module named {name!r}")
    if spec.submodule_search_locations is not None:
        return _find_runnable(f"{name}.__main__")
    return spec


def _prepare_interpreter(argv: list[str], folder: str) -> None:
    sys.argv = argv
    if not getattr(sys.flags, "safe_path", sys.flags.isolated):
        sys.path[0] = folder
    install()


def _main_module(**attributes: object) -> ModuleType:
    main = ModuleType("__main__")
    vars(main).update(__builtins__=builtins, __cached__=None)
    vars(main).update(attributes)
    return main


def _show_program_frames_only(error: BaseException) -> None:
    """Let the traceback of `error` begin where the program's own code begins."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_globals is globals():
        frames = frames.tb_next
    show = sys.excepthook

    def show_program_frames(
        kind: type[BaseException], value: BaseException, trace: TracebackType | None
    ) -> None:
        if value is error:
            value, trace = error.with_traceback(frames), frames
        show(kind, value, trace)

    sys.excepthook = show_program_frames
