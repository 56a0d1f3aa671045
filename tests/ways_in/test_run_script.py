"""``python -m fastshesha run script.py`` is ``python script.py`` with another ``shesha``."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from ways_in.interpreter import Interpreter
from ways_in.programs import LAUNCHER, RUN

REPORT = """
    import json, sys
    main = sys.modules["__main__"]
    names = ["__name__", "__file__", "__package__", "__spec__", "__doc__", "__cached__"]
    print(json.dumps({
        "argv": sys.argv,
        "path": sys.path,
        "is_main": vars(main) is globals(),
        "builtins": repr(__builtins__),
        "loader": [type(__loader__).__name__, __loader__.name, __loader__.path],
        **{name: globals()[name] for name in names if name in globals()},
    }, indent=1))
"""


def same_end(interpreter: Interpreter, *arguments: str) -> str:
    """Run a script both ways, compare everything that can be seen; return its stdout."""
    plain = interpreter.start(*arguments)
    ours = interpreter.start(*RUN, *arguments)
    assert ours.stdout == plain.stdout
    assert ours.stderr == plain.stderr
    assert ours.returncode == plain.returncode
    return ours.stdout


@pytest.mark.parametrize(
    "spelling", ["report.py", "./report.py", "sub/report.py", "sub/../report.py", "sub/link.py"]
)
def test_argv_path_and_main(alone: Interpreter, spelling: str) -> None:
    alone.write("report.py", REPORT)
    alone.write("sub/report.py", REPORT)
    (alone.folder / "sub" / "link.py").symlink_to("../report.py")
    out = same_end(alone, spelling, "-m", "x", "--help", "a b", "--", "")
    assert '"is_main": true' in out


def test_a_script_named_by_its_whole_path(beside: Interpreter, tmp_path: Path) -> None:
    same_end(beside, str(tmp_path / beside.write("elsewhere/report.py", REPORT)), "1")


def test_an_installed_command_behaves_alike(alone: Interpreter) -> None:
    """There sys.path[0] is the folder of the command, which the script must not see."""
    alone.write("sub/report.py", REPORT)
    launcher = alone.write("bin/launcher.py", LAUNCHER)
    plain = alone.start("sub/report.py", "a")
    assert alone.start(launcher, "sub/report.py", "a").stdout == plain.stdout


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 has no option -P")
def test_a_safe_path_stays_safe(alone: Interpreter) -> None:
    script = alone.write("sub/report.py", REPORT)
    plain = alone.start("-P", script)
    assert alone.start("-P", *RUN, script).stdout == plain.stdout


ENDINGS = {
    "quietly": "print('done')",
    "exit without a code": "import sys; sys.exit()",
    "exit code": "import sys; sys.exit(3)",
    "exit text": "import sys; sys.exit('what went wrong')",
    "large exit code": "raise SystemExit(257)",
    "error": "def f():\n    raise ValueError('x')\nf()",
    "chained error": "try:\n    1 / 0\nexcept ArithmeticError as e:\n    raise KeyError(2) from e",
    "syntax error": "print(1)\ndef",
    "own hook": "import sys\nsys.excepthook = lambda k, e, t: print(k, t.tb_lineno)\n1 / 0",
    "atexit": "import atexit\natexit.register(print, 'at exit', __name__)\nraise OSError(5, 'x')",
    "thread": "import threading\nthreading.Thread(target=lambda: 1 / 0).start()",
    "interrupt": "import atexit\natexit.register(print, 'cleaned')\nraise KeyboardInterrupt",
}


@pytest.mark.parametrize("body", ENDINGS.values(), ids=ENDINGS.keys())
def test_output_traceback_and_exit_code(alone: Interpreter, body: str) -> None:
    same_end(alone, alone.write("script.py", f"{body}\n"))


def test_an_interrupt_ends_the_process_by_its_signal(alone: Interpreter) -> None:
    script = alone.write("script.py", "raise KeyboardInterrupt\n")
    assert alone.start(*RUN, script).returncode == -signal.SIGINT


def test_classes_of_the_script_can_be_pickled(alone: Interpreter) -> None:
    script = alone.write(
        "script.py",
        """
        import atexit, pickle, sys
        class Point:
            x = 3
        def copy():
            assert type(pickle.loads(pickle.dumps(Point()))) is Point
            print(Point.__module__, pickle.loads(pickle.dumps(Point())).x)
        copy()
        atexit.register(copy)
        """,
    )
    assert same_end(alone, script).split() == ["__main__", "3"] * 2


def test_the_script_is_compiled_on_its_own_terms(alone: Interpreter) -> None:
    """Neither our ``from __future__`` statements nor our encoding reach it."""
    path = alone.folder / "script.py"
    text = "# coding: latin-1\ndef f(x: int): return 'ä'\nprint(f.__annotations__, ascii(f(1)))\n"
    path.write_text(text, encoding="latin-1")
    assert same_end(alone, path.name).strip() == "{'x': <class 'int'>} '\\xe4'"


def test_spawned_processes_find_the_script(alone: Interpreter) -> None:
    script = alone.write(
        "script.py",
        """
        import multiprocessing
        def square(x):
            return x * x
        if __name__ == "__main__":
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print(pool.map(square, [1, 2, 3]))
        """,
    )
    assert same_end(alone, script).strip() == "[1, 4, 9]"


def test_the_script_gets_our_modules(anywhere: Interpreter) -> None:
    script = anywhere.write(
        "script.py",
        """
        import shesha.sim as sim
        from shesha.core import feature_split
        import shesha, fastshesha
        assert shesha is fastshesha and sim is fastshesha.sim
        print(feature_split.__module__.partition(".")[0])
        """,
    )
    ended = anywhere.start("-W", "error", *RUN, script)
    assert (ended.stdout, ended.stderr) == ("fastshesha\n", "")
