"""Which part of the C++ code may include which."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from architecture.sources import CPP, code_of, cpp_files, includes_of, shown

# Headers of the C++ standard library have neither a suffix nor a folder.
STANDARD = re.compile(r"[a-z_]+")
KERNELS = CPP / "src" / "kernels"
# All but the dispatch is compiled with the flags of an instruction set.
KERNEL_SOURCES = [path for path in cpp_files(KERNELS) if path.stem != "dispatch"]
# What an instruction set is called by: intrinsics, which are never weak.
LANES = [path for path in KERNEL_SOURCES if path.name.endswith("_lanes.inl")]
PER_INSTRUCTION_SET = [path for path in KERNEL_SOURCES if path.suffix == ".cpp"]


def violations(files: list[Path], allowed: re.Pattern[str]) -> list[str]:
    return [
        f"{shown(path)} includes {name}"
        for path in files
        for name in includes_of(path)
        if not allowed.fullmatch(name)
    ]


def mentions(files: list[Path], pattern: re.Pattern[str]) -> list[str]:
    return [shown(path) for path in files if pattern.search(code_of(path))]


def test_there_is_code_to_check() -> None:
    assert len(cpp_files()) > 20
    assert {"baseline", "avx2", "avx512"} <= {path.stem for path in PER_INSTRUCTION_SET}


def test_public_headers_need_the_standard_library_alone() -> None:
    allowed = re.compile(rf"{STANDARD.pattern}|fastshesha/\w+\.hpp")
    assert violations(cpp_files(CPP / "include"), allowed) == []


def test_core_never_sees_python() -> None:
    files = cpp_files(CPP / "include") + cpp_files(CPP / "src")
    assert mentions(files, re.compile(r"pybind11|Python\.h|\bPy[A-Z]\w*_")) == []


def test_bindings_reach_the_core_through_its_headers() -> None:
    allowed = re.compile(rf"{STANDARD.pattern}|fastshesha/\w+\.hpp|pybind11/\w+\.h|\w+\.hpp")
    files = cpp_files(CPP / "bindings")
    assert violations(files, allowed) == []
    own = {path.name for path in files}
    local = {
        name for path in files for name in includes_of(path) if re.fullmatch(r"\w+\.hpp", name)
    }
    assert local <= own


def test_openmp_is_named_in_one_file() -> None:
    named = mentions(cpp_files(), re.compile(r"\bomp\b|\bomp_|_OPENMP"))
    assert named == ["cpp/src/parallel.hpp"]


def test_no_reduction_whose_order_depends_on_the_threads() -> None:
    assert mentions(cpp_files(), re.compile(r"#\s*pragma\s+omp[^\n]*\breduction\b")) == []


def test_eigen_stays_out_of_kernels_headers_and_bindings() -> None:
    files = [*cpp_files(CPP / "include"), *cpp_files(CPP / "bindings"), *cpp_files(KERNELS)]
    assert mentions(files, re.compile(r"<Eigen/|\bEigen::")) == []


def test_kernels_include_nothing_with_inline_functions() -> None:
    contract = r"fastshesha/(simd_level|level_map)\.hpp"
    allowed = re.compile(
        rf"cstddef|cstdint|cmath|{contract}|((stream|nearest)_)?kernels\.hpp|\w+\.inl"
    )
    others = [path for path in KERNEL_SOURCES if path not in LANES]
    assert violations(others, allowed) == []
    with_intrinsics = re.compile(rf"{allowed.pattern}|immintrin\.h")
    assert violations(LANES, with_intrinsics) == []


@pytest.mark.parametrize("path", PER_INSTRUCTION_SET, ids=lambda path: path.stem)
def test_instruction_sets_differ_in_constants_only(path: Path) -> None:
    lines = [line for line in code_of(path).splitlines() if line.strip()]
    assert len(lines) <= 10


def test_every_source_has_its_header() -> None:
    """A ``.cpp`` of the core implements the header of its own name, public or private."""
    headers = {path.stem for path in cpp_files(CPP) if path.suffix == ".hpp"}
    sources = {path for path in cpp_files(CPP / "src") if path.suffix == ".cpp"}
    others = sorted(sources - set(PER_INSTRUCTION_SET))
    assert [shown(path) for path in others if path.stem not in headers] == []
