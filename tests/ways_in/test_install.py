"""``install``, ``uninstall``, ``is_installed`` and the notebook extension."""

from __future__ import annotations

from ways_in.interpreter import Interpreter
from ways_in.programs import ONE_SET_OF_MODULES

ORIGINAL_FIRST = """
import sys, warnings
import shesha, shesha.sim
originals = {name: module for name, module in sys.modules.items() if name.startswith("shesha")}
original = shesha
import fastshesha
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    fastshesha.install()
    fastshesha.install()
"""


def test_before_the_original_is_imported(anywhere: Interpreter) -> None:
    anywhere.run(f"""
import fastshesha
assert not fastshesha.is_installed()
fastshesha.install()
fastshesha.install()
assert fastshesha.is_installed()
{ONE_SET_OF_MODULES}
""")


def test_modules_are_in_the_table_at_once(anywhere: Interpreter) -> None:
    anywhere.run("""
        import sys, fastshesha
        fastshesha.install()
        assert sys.modules["shesha"] is fastshesha
        assert sys.modules["shesha.core"] is fastshesha.core
        import shesha.sim
        assert sys.modules["shesha.sim"] is fastshesha.sim
    """)


def test_after_the_original_it_warns_once_where_it_was_called(beside: Interpreter) -> None:
    beside.run(f"""
{ORIGINAL_FIRST}
(warning,) = caught
assert warning.category is UserWarning
assert warning.filename == "<string>"
assert "imported before fastshesha.install()" in str(warning.message)
""")


def test_after_the_original_later_imports_are_ours(beside: Interpreter) -> None:
    beside.run(f"{ORIGINAL_FIRST}\nassert shesha is original\n{ONE_SET_OF_MODULES}")


def test_after_the_original_its_private_modules_are_out_of_reach(beside: Interpreter) -> None:
    beside.run(f"""
{ORIGINAL_FIRST}
assert "shesha._rdm" in originals
try:
    import shesha._rdm
except ModuleNotFoundError as error:
    assert error.name == "shesha._rdm"
else:
    raise AssertionError("mixed with the original")
""")


def test_after_our_own_file_there_is_nothing_to_warn_about(alone: Interpreter) -> None:
    alone.run(f"import shesha\nshesha.install()\n{ONE_SET_OF_MODULES}")


def test_a_warning_made_an_error_leaves_everything_as_it_was(beside: Interpreter) -> None:
    beside.run("""
        import sys
        import shesha
        from fastshesha import install, is_installed
        before = dict(sys.modules), list(sys.meta_path)
        try:
            install()
        except UserWarning:
            pass
        else:
            raise AssertionError("no warning")
        assert not is_installed()
        assert (dict(sys.modules), list(sys.meta_path)) == before
    """)


def test_uninstall_restores_the_modules_that_were_imported(beside: Interpreter) -> None:
    beside.run(f"""
{ORIGINAL_FIRST}
import shesha.core
assert shesha is fastshesha
fastshesha.uninstall()
fastshesha.uninstall()
assert not fastshesha.is_installed()
now = {{name: module for name, module in sys.modules.items() if name.startswith("shesha")}}
assert now == originals
import shesha.core
assert shesha is original and shesha.core is originals["shesha.core"]
""")


def test_uninstall_leaves_the_name_to_an_original_not_yet_imported(beside: Interpreter) -> None:
    beside.run("""
        import sys, fastshesha
        finders = list(sys.meta_path)
        fastshesha.install()
        import shesha.core
        fastshesha.uninstall()
        assert sys.meta_path == finders
        assert not any(name.partition(".")[0] == "shesha" for name in sys.modules)
        import shesha.core
        assert shesha.__name__ == "shesha" and shesha.core is not fastshesha.core
        fastshesha.uninstall()
        assert sys.modules["shesha"] is shesha
    """)


def test_install_and_uninstall_may_alternate(beside: Interpreter) -> None:
    beside.run("""
        import sys, warnings
        import fastshesha
        import shesha as original
        warnings.simplefilter("ignore", UserWarning)
        for _ in range(3):
            fastshesha.install()
            import shesha
            assert shesha is fastshesha
            fastshesha.uninstall()
            import shesha
            assert shesha is original
        for name in [name for name in sys.modules if name.startswith("shesha")]:
            del sys.modules[name]
        fastshesha.install()
        fastshesha.uninstall()
        assert "shesha" not in sys.modules
    """)


def test_without_the_original_uninstall_leaves_our_file(alone: Interpreter) -> None:
    alone.run(f"import shesha\nshesha.uninstall()\nimport shesha\n{ONE_SET_OF_MODULES}")


def test_many_threads_at_once(anywhere: Interpreter) -> None:
    anywhere.run(f"""
import threading, fastshesha
start = threading.Barrier(16)
failures = []
def work(number):
    start.wait()
    try:
        for _ in range(50):
            fastshesha.install()
            from shesha.core import feature_split
            import shesha
            assert shesha is fastshesha and feature_split is fastshesha.feature_split
    except BaseException as error:
        failures.append(error)
threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not failures, failures
import sys
assert sum(type(finder).__name__ == "_SharedModuleFinder" for finder in sys.meta_path) == 1
{ONE_SET_OF_MODULES}
""")


def test_notebook_extension(anywhere: Interpreter) -> None:
    """IPython imports the module named by ``%load_ext`` and calls these two functions of it."""
    anywhere.run("""
        import importlib
        class Shell: pass
        extension = importlib.import_module("fastshesha")
        extension.load_ipython_extension(Shell())
        import shesha
        assert shesha is extension and extension.is_installed()
        extension.unload_ipython_extension(Shell())
        assert not extension.is_installed()
    """)


def test_workers_that_start_afresh_need_their_own_call(beside: Interpreter) -> None:
    script = beside.write(
        "workers.py",
        """
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor
        import fastshesha

        def meaning():
            import shesha
            return shesha.__name__

        if __name__ == "__main__":
            fastshesha.install()
            spawn = multiprocessing.get_context("spawn")
            for initializer in (None, fastshesha.install):
                with ProcessPoolExecutor(1, spawn, initializer=initializer) as pool:
                    print(pool.submit(meaning).result())
        """,
    )
    ended = beside.start(script)
    assert ended.stdout.split() == ["shesha", "fastshesha"], ended.stderr
