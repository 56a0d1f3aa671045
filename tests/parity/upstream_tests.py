"""Run the tests of the original's source distribution against this package.

``python upstream_tests.py ARCHIVE FOLDER`` unpacks the tests of ARCHIVE alone into FOLDER and
runs pytest on them, in which ``import shesha`` must find this package. What is excepted stands
in ``upstream_exceptions.toml``. Nothing of the original is kept.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import tomllib

HERE = Path(__file__).parent
EXCEPTIONS = HERE / "upstream_exceptions.toml"
LOCK = HERE.parent / "oracle" / "requirements.lock"


def exceptions() -> dict[str, list[dict[str, str]]]:
    """The table, with its two kinds of entries."""
    table: dict[str, Any] = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))
    return {kind: table.get(kind, []) for kind in ("private_import", "test")}


def check_digest(archive: Path) -> None:
    """Refuse an archive that is not the one locked."""
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if f"--hash=sha256:{digest}" not in LOCK.read_text(encoding="utf-8"):
        raise SystemExit(f"{archive}: its digest {digest} is not in {LOCK.name}")


def unpack(archive: Path, folder: Path) -> None:
    """Write the tests into ``folder``, without the package beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as source:
        for member in source.getmembers():
            content = source.extractfile(member)
            if content and re.fullmatch(r"[^/]+/tests/[^/]+\.py", member.name):
                (folder / Path(member.name).name).write_bytes(content.read())


def drop_private_imports(folder: Path) -> None:
    """Take out the excepted imports, which would keep all tests of their file from running."""
    for entry in exceptions()["private_import"]:
        path, module, name = folder / entry["file"], entry["module"], entry["name"]
        statement = f"from {module} import {name}"
        pattern = rf"^({re.escape(statement)}|    {name},)\n"
        text, n_found = re.subn(pattern, "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        if n_found != 1:
            raise SystemExit(f"{path.name} does not import {name}: the exception is not needed")
        if subprocess.run([sys.executable, "-c", statement], capture_output=True).returncode == 0:
            raise SystemExit(f"{statement!r} works: the exception is not needed")
        path.write_text(text, encoding="utf-8")


class Exceptions:
    """A plugin of pytest: excepted tests must be there and must fail."""

    def __init__(self) -> None:
        self.reasons = {entry["name"]: entry["reason"] for entry in exceptions()["test"]}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        import shesha

        if shesha.__name__ != "fastshesha":
            raise pytest.UsageError(f"'import shesha' found {shesha.__file__}, not this package")
        for pattern, reason in self.reasons.items():
            excepted = [item for item in items if fnmatchcase(item.nodeid, pattern)]
            if not excepted:
                raise pytest.UsageError(f"no test is called {pattern!r}: no exception is needed")
            for item in excepted:
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


def main(archive: str, folder: str, *options: str) -> int:
    check_digest(Path(archive))
    unpack(Path(archive), Path(folder))
    drop_private_imports(Path(folder))
    configuration = Path(folder, "pytest.ini")
    configuration.write_text("[pytest]\naddopts = -ra\n", encoding="utf-8")
    words = ["-c", str(configuration), "--rootdir", folder, folder, *options]
    return int(pytest.main(words, plugins=[Exceptions()]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
