"""What the compiler was told, and what it left in the objects that were linked."""

from __future__ import annotations

import json
import platform
import re
import subprocess
from pathlib import Path

import pytest

from architecture.sources import CPP, ROOT, shown

pytestmark = pytest.mark.installed

on_x86_64 = pytest.mark.skipif(platform.machine() != "x86_64", reason="flags of x86-64")
# Spelled without the dash, so that a search for the flags finds only their use.
FORBIDDEN = re.compile(r"-(march=|mtune=native|Ofast|ffast-math|funsafe-math|ffinite-math|flto)")
# Not what says how to zero an array.
INSTRUCTION_SET = re.compile(r" -m(?!memset-strategy=)\w")
WITH_OWN_FLAGS = {shown(path) for path in (CPP / "src" / "kernels").glob("avx*.cpp")}
# W and V are weak definitions, u is a unique one: the linker keeps any one copy of them.
WEAK = re.compile(r"^(.*) [WVu] [0-9a-f]+", re.MULTILINE)
VECTOR_EXTENSION = re.compile(r"^\s+[0-9a-f]+:\s+v[a-z0-9]+\s+[^\n]*%[xyz]mm", re.MULTILINE)


@pytest.fixture(scope="module")
def commands(build_dir: str) -> dict[str, tuple[str, Path]]:
    """Source -> the command it was compiled with, and the object that came of it."""
    database = json.loads(Path(build_dir, "compile_commands.json").read_text(encoding="utf-8"))
    found = {}
    for entry in database:
        source = Path(entry["file"])
        if source.is_relative_to(CPP):
            target = Path(entry["directory"], entry["output"])
            found[shown(source)] = (entry["command"], target)
    assert len(found) > 10
    return found


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_floating_point_is_strict_everywhere(commands: dict[str, tuple[str, Path]]) -> None:
    """The last flag counts; only the kernels named for it may fuse products into sums."""
    for source, (command, _) in commands.items():
        contraction = [flag for flag in command.split() if flag.startswith("-ffp-contract=")]
        fused = source.endswith("_fused.cpp")
        assert contraction[-1] == f"-ffp-contract={'fast' if fused else 'off'}", source
        assert not FORBIDDEN.search(command), source


def test_only_kernels_get_instruction_set_flags(commands: dict[str, tuple[str, Path]]) -> None:
    flagged = {
        source for source, (command, _) in commands.items() if INSTRUCTION_SET.search(command)
    }
    assert flagged == (WITH_OWN_FLAGS if platform.machine() == "x86_64" else set())


def test_symbols_stay_inside_the_module(commands: dict[str, tuple[str, Path]]) -> None:
    assert all("-fvisibility=hidden" in command for command, _ in commands.values())


@on_x86_64
@pytest.mark.parametrize("source", sorted(WITH_OWN_FLAGS))
def test_kernel_objects_define_nothing_others_could_be_given(
    commands: dict[str, tuple[str, Path]], source: str
) -> None:
    target = str(commands[source][1])
    assert WEAK.findall(run("nm", "--format=posix", "--demangle", target)) == []


@on_x86_64
@pytest.mark.parametrize("source", sorted(WITH_OWN_FLAGS))
def test_kernel_objects_run_nothing_when_loaded(
    commands: dict[str, tuple[str, Path]], source: str
) -> None:
    assert ".init_array" not in run("readelf", "--wide", "--sections", str(commands[source][1]))


@on_x86_64
def test_other_objects_run_on_any_processor(commands: dict[str, tuple[str, Path]]) -> None:
    using = {
        source
        for source, (_, target) in commands.items()
        if VECTOR_EXTENSION.search(run("objdump", "-d", "--no-show-raw-insn", str(target)))
    }
    assert using == WITH_OWN_FLAGS


def test_nothing_is_fetched_by_the_build() -> None:
    scripts = [ROOT / "CMakeLists.txt", *CPP.rglob("CMakeLists.txt"), *ROOT.glob("cmake/*.cmake")]
    fetching = re.compile(r"FetchContent|ExternalProject|file\s*\(\s*DOWNLOAD", re.IGNORECASE)
    assert [shown(path) for path in scripts if fetching.search(path.read_text("utf-8"))] == []
