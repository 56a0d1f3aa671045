"""``python -m fastshesha run -m module``, and command lines that name nothing to run."""

from __future__ import annotations

import pytest

from ways_in.interpreter import Interpreter
from ways_in.programs import LAUNCHER, RUN

REPORT = """
    import json, sys
    spec = __spec__
    print(json.dumps({
        "argv": sys.argv,
        "path": sys.path,
        "is_main": vars(sys.modules["__main__"]) is globals(),
        "builtins": repr(__builtins__),
        "names": [__name__, __file__, __package__, __doc__, __cached__],
        "spec": [spec.name, spec.origin, spec.parent, type(spec.loader).__name__],
    }, indent=1))
    if len(sys.argv) > 2:
        raise SystemExit(int(sys.argv[2]))
"""


@pytest.mark.parametrize("module", ["single", "package", "package.inner"])
def test_argv_path_main_and_exit_code(alone: Interpreter, module: str) -> None:
    alone.write("single.py", REPORT)
    alone.write("package/__init__.py", "import sys\nprint(sys.argv, sys.path[0])\n")
    alone.write("package/__main__.py", REPORT)
    alone.write("package/inner.py", REPORT)
    plain = alone.start("-m", module, "-m", "4")
    ours = alone.start(*RUN, "-m", module, "-m", "4")
    assert '"is_main": true' in ours.stdout
    assert (ours.stdout, ours.stderr, ours.returncode) == (plain.stdout, plain.stderr, 4)


def test_an_installed_command_looks_in_the_current_folder(alone: Interpreter) -> None:
    alone.write("single.py", REPORT)
    launcher = alone.write("bin/launcher.py", LAUNCHER)
    assert alone.start(launcher, "-m", "single").stdout == alone.start("-m", "single").stdout


def test_a_traceback_begins_in_the_module(alone: Interpreter) -> None:
    alone.write("single.py", "1 / 0\n")
    ended = alone.start(*RUN, "-m", "single")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[1].strip().startswith(f'File "{alone.folder}/single.py"')


def test_a_module_that_the_program_misses_is_no_usage_error(alone: Interpreter) -> None:
    alone.write("package/__init__.py", "import something_absent\n")
    alone.write("package/inner.py", "")
    ended = alone.start(*RUN, "-m", "package.inner")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: No module named 'something_absent'"
    )


def test_the_module_and_its_package_get_our_modules(anywhere: Interpreter) -> None:
    check = "import shesha.core, fastshesha\nassert shesha is fastshesha\nprint(__name__)\n"
    anywhere.write("package/__init__.py", check)
    anywhere.write("package/__main__.py", check)
    ended = anywhere.start("-W", "error", *RUN, "-m", "package")
    assert (ended.stdout.split(), ended.stderr) == (["package", "__main__"], "")


NOT_RUNNABLE = {
    "nothing": ([], "nothing to run"),
    "empty": ([""], "nothing to run"),
    "no module": (["-m"], "nothing to run"),
    "unknown option": (["--fast", "script.py"], "unknown option '--fast'"),
    "missing script": (["absent.py", "-x"], "cannot read the script 'absent.py'"),
    "folder": (["sub"], "cannot read the script 'sub'"),
    "missing module": (["-m", "absent"], "no module named 'absent'"),
    "missing package": (["-m", "absent.inner"], "no module named 'absent.inner'"),
    "relative module": (["-m", ".inner"], "no module named '.inner'"),
    "package without main": (["-m", "sub"], "no module named 'sub.__main__'"),
    "built-in module": (["-m", "sys"], "module 'sys' has no Python code"),
    "file name for module": (["-m", "script.py"], "no module named 'script.py'"),
}


@pytest.mark.parametrize(("arguments", "message"), NOT_RUNNABLE.values(), ids=NOT_RUNNABLE.keys())
def test_usage_errors_are_one_line_and_exit_code_1(
    alone: Interpreter, arguments: list[str], message: str
) -> None:
    alone.write("sub/__init__.py", "")
    alone.write("script.py", "")
    ended = alone.start(*RUN, *arguments)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"fastshesha run: {message}")
    assert ended.stderr.count("\n") == 1


def test_help(alone: Interpreter) -> None:
    ended = alone.start(*RUN, "--help")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("usage: python -m fastshesha run ")
