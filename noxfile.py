"""Sessions: ``nox -s tests`` runs the tests, ``nox -l`` lists the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "architecture", "tests"]

ROOT = Path(__file__).parent
LOCK = ROOT / "tests" / "oracle" / "requirements.lock"
GROUPS = nox.project.load_toml(ROOT / "pyproject.toml")["dependency-groups"]
# The tests compare numbers that numpy computes on both sides.
NUMPY = next(line.split()[0] for line in LOCK.read_text().splitlines() if line.startswith("numpy"))
PYTHON_SOURCES = ("python", "tests", "bench", "tools", "noxfile.py")
SAYS_SINGLE_THREADED = """
import fastshesha
said = fastshesha.show_config(mode="dicts")
assert said["openmp"].startswith("none") and said["threads"]["count"] == 1, said
"""
CPP_SUFFIXES = {".cpp", ".hpp", ".inl"}
CPP_SOURCES = [
    str(path)
    for folder in (ROOT / "cpp", ROOT / "tests" / "cpp")
    for path in sorted(folder.rglob("*"))
    if path.suffix in CPP_SUFFIXES
]


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests against the original, which is installed in environments of its own."""
    run_pytest(session, *session.posargs)


@nox.session
def distance_product(session: nox.Session) -> None:
    """Compare distances with SciPy's over the whole product of shapes, layouts and types."""
    run_pytest(session, "-m", "exhaustive", *session.posargs)


@nox.session
def differential_full(session: nox.Session) -> None:
    """Compare ten times as many random calls with the original as the tests do."""
    run_pytest(session, "tests/parity/differential", "--cases", "30000", *session.posargs)


@nox.session
def single_threaded(session: nox.Session) -> None:
    """Test a build without OpenMP: it says so, and computes the same."""
    build = session_folder(session) / "build"
    settings = [f"build-dir={build}", "cmake.define.FASTSHESHA_OPENMP=OFF"]
    session.install(*GROUPS["test"], NUMPY)
    session.install(".", *(f"--config-settings={setting}" for setting in settings))
    session.run("python", "-c", SAYS_SINGLE_THREADED)
    folders = ("tests/unit", "tests/faults", "tests/parity/ranks/test_near_ties.py")
    session.run("pytest", *folders, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types, formatting and spelling."""
    session.install(*GROUPS["lint"], *GROUPS["test"], NUMPY, "nox", "matplotlib")
    session.run("ruff", "check", *PYTHON_SOURCES)
    session.run("ruff", "format", "--check", *PYTHON_SOURCES)
    session.run("mypy")
    session.run("clang-format", "--dry-run", "-Werror", *CPP_SOURCES)
    session.run("codespell", "cpp", *PYTHON_SOURCES, *map(str, ROOT.glob("*.md")))


@nox.session
def architecture(session: nox.Session) -> None:
    """Check the rules of the layout, as far as they need no build."""
    session.install(*GROUPS["test"], NUMPY)
    session.run("pytest", "tests/architecture", "-m", "not installed", *session.posargs)


@nox.session
def notebook(session: nox.Session) -> None:
    """Compare what a notebook computes with the original: ``nox -s notebook -- PATH``."""
    if not session.posargs:
        session.error("name the notebook: nox -s notebook -- PATH")
    session.install(".[plot]", NUMPY)
    oracle = make_oracle(session, "oracle")
    session.run(oracle, "-m", "pip", "install", "matplotlib", external=True)
    interpreters = ("--ours", own_python(session), "--oracle", oracle)
    session.run("python", "tools/notebook_parity.py", *session.posargs, *interpreters)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the speed against the original, and what the import costs."""
    session.install(".", NUMPY)
    oracle = make_oracle(session, "oracle")
    session.run("python", "bench/feature_split_ratio.py", "--oracle", oracle, *session.posargs)
    session.run("python", "bench/import_time.py")


def run_pytest(session: nox.Session, *arguments: str) -> None:
    """Run pytest in an environment with this package, next to two with the original."""
    made = session_folder(session)
    build = made / "build"
    options = ("--no-deps", "--wheel-dir", str(made), "--config-settings", f"build-dir={build}")
    session.run("python", "-m", "pip", "wheel", *options, ".")
    (wheel,) = map(str, made.glob("*.whl"))
    session.install(*GROUPS["test"], NUMPY, f"{wheel}[plot]")
    both = make_oracle(session, "both")
    session.run(both, "-m", "pip", "install", "--no-deps", wheel, external=True)
    handed_over = {
        "FASTSHESHA_TEST_ORACLE_PYTHON": make_oracle(session, "oracle"),
        "FASTSHESHA_TEST_BOTH_PYTHON": both,
        "FASTSHESHA_TEST_BUILD_DIR": str(build),
    }
    for variable, value in handed_over.items():
        session.log(f"{variable}={value}")
    session.run("pytest", *arguments, env=handed_over)


def session_folder(session: nox.Session) -> Path:
    """An empty folder beside the session's own environment."""
    folder = Path(session.virtualenv.location, "made")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def make_oracle(session: nox.Session, name: str) -> str:
    """Make an environment with the original as locked, and return its interpreter."""
    folder = Path(session.virtualenv.location, name)
    python = str(folder / "bin" / "python")
    session.run("python", "-m", "venv", "--clear", str(folder))
    locked = ("--no-deps", "--require-hashes", "--requirement", str(LOCK))
    session.run(python, "-m", "pip", "install", *locked, external=True)
    return python


def own_python(session: nox.Session) -> str:
    return str(Path(session.bin, "python"))
