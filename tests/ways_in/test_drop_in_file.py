"""``import shesha`` where only fastshesha is installed, and where the original has the name."""

from __future__ import annotations

import pytest

from ways_in.interpreter import Interpreter
from ways_in.programs import ONE_SET_OF_MODULES

FIRST_STATEMENTS = [
    "import shesha",
    "import shesha as s",
    "import shesha.core",
    "import shesha.sim as s",
    "from shesha import feature_split, core",
    "from shesha.core import feature_split",
    "from shesha._result import StabilityResult",
    "import importlib; importlib.import_module('shesha.sim')",
]


@pytest.mark.parametrize("statement", FIRST_STATEMENTS)
def test_any_first_statement_gives_one_set_of_modules(alone: Interpreter, statement: str) -> None:
    alone.run(f"{statement}\n{ONE_SET_OF_MODULES}")


def test_what_the_statement_itself_binds(alone: Interpreter) -> None:
    alone.run("""
        import shesha.sim as sim
        from shesha.core import feature_split
        import shesha, fastshesha
        assert shesha is fastshesha
        assert sim is fastshesha.sim
        assert feature_split is fastshesha.feature_split is fastshesha.core.feature_split
        assert shesha.__version__ == fastshesha.__version__
    """)


def test_a_module_is_there_exactly_when_ours_is(alone: Interpreter) -> None:
    alone.run("""
        from importlib import import_module
        from importlib.util import find_spec
        import shesha
        for name in ("core", "replicate", "sim", "bio", "_result"):
            if find_spec(f"fastshesha.{name}"):
                assert import_module(f"shesha.{name}") is import_module(f"fastshesha.{name}")
                continue
            try:
                import_module(f"shesha.{name}")
            except ModuleNotFoundError as error:
                assert error.name == f"shesha.{name}", error.name
            else:
                raise AssertionError(name)
    """)


def test_a_module_loaded_later_is_shared_too(alone: Interpreter) -> None:
    alone.write("later/bio.py", "class Marker: pass\n")
    alone.run("""
        import shesha
        shesha.__path__.append("later")
        from shesha.bio import __name__ as name
        import fastshesha.bio, sys
        assert name == fastshesha.bio.__spec__.name == "fastshesha.bio"
        assert sys.modules["shesha.bio"] is fastshesha.bio is shesha.bio
    """)


@pytest.mark.parametrize("name", ["shesha", "_validate", "accelerate", "demo", "nothing", "core.x"])
def test_other_modules_do_not_exist_under_the_name(alone: Interpreter, name: str) -> None:
    alone.run(f"""
        import shesha.core
        try:
            import shesha.{name}
        except ModuleNotFoundError as error:
            assert error.name == "shesha.{name}", error.name
            assert "shesha.{name}" in str(error)
        else:
            raise AssertionError("imported")
        assert callable(shesha.shesha)
    """)


def test_the_names_survive_a_purge_of_the_module_table(alone: Interpreter) -> None:
    alone.run(f"""
import sys
import shesha.core
for name in [name for name in sys.modules if name.startswith("shesha")]:
    del sys.modules[name]
{ONE_SET_OF_MODULES}
""")


def test_a_thread_that_caught_the_file_half_way_can_use_it(alone: Interpreter) -> None:
    """The import system may hand another thread the module object that is being executed."""
    alone.run("""
        import importlib.util, fastshesha
        spec = importlib.util.find_spec("shesha")
        halfway = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(halfway)
        assert halfway is not fastshesha
        assert halfway.feature_split is fastshesha.feature_split
        assert halfway.core is fastshesha.core
    """)


def test_an_installed_original_keeps_its_name(beside: Interpreter) -> None:
    beside.run("""
        import sys
        import shesha, shesha.sim
        assert shesha.__name__ == "shesha" and shesha.__path__, shesha
        assert not any(name.partition(".")[0] == "fastshesha" for name in sys.modules)
        import fastshesha
        assert sys.modules["shesha"] is shesha is not fastshesha
        assert sys.modules["shesha.sim"] is not fastshesha.sim
    """)


def test_under_its_own_name_it_leaves_shesha_alone(anywhere: Interpreter) -> None:
    anywhere.run("""
        import sys
        import fastshesha as shesha
        from fastshesha.core import feature_split
        assert shesha.feature_split is feature_split
        assert callable(shesha.shesha)
        assert not any(name.partition(".")[0] == "shesha" for name in sys.modules)
        assert not shesha.is_installed()
    """)
