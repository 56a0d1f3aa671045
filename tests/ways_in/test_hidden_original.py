"""An original that comes later than our file, as an editable one does, is not hidden silently."""

from __future__ import annotations

import pytest

from ways_in.interpreter import Interpreter

# How editable installs make a package known: an entry of a .pth file, or a finder of their own.
LATER_ON_THE_PATH = "import sys; sys.path.append('checkout')"
BEHIND_A_FOLDER_OF_DATA = "import sys; sys.path += ['data', 'checkout']"
FINDER = """
import importlib.util, sys
class EditableFinder:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name == "shesha":
            return importlib.util.spec_from_file_location(name, "checkout/shesha/__init__.py")
sys.meta_path.append(EditableFinder)
"""
REPORT = """
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import shesha
    import shesha.core
    import shesha
assert shesha.__name__ == "fastshesha"
for warning in caught:
    print(warning.category.__name__, warning.filename, warning.message)
"""


@pytest.mark.parametrize(
    "way",
    [LATER_ON_THE_PATH, BEHIND_A_FOLDER_OF_DATA, FINDER],
    ids=["path", "behind a folder", "finder"],
)
def test_it_is_named_in_one_warning(alone: Interpreter, way: str) -> None:
    alone.write("data/shesha/embeddings.csv", "")
    alone.write("checkout/shesha/__init__.py", "raise AssertionError('imported')\n")
    warned = alone.run(f"{way}\n{REPORT}").splitlines()
    assert len(warned) == 1
    assert warned[0].startswith("UserWarning <string> ")
    assert "checkout/shesha/__init__.py" in warned[0]
    assert "import fastshesha as shesha" in warned[0]


@pytest.mark.parametrize("file", ["data.csv", "nested/__init__.py", "../shesha.py"])
def test_what_is_no_package_of_that_name_is_no_original(alone: Interpreter, file: str) -> None:
    alone.write(f"checkout/shesha/{file}", "")
    assert alone.run(f"{LATER_ON_THE_PATH}\n{REPORT}") == ""
