"""Sessions: ``nox -s tests`` runs the tests, ``nox -l`` lists the others."""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZipFile

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "architecture", "tests"]

ROOT = Path(__file__).parent
LOCK = ROOT / "tests" / "oracle" / "requirements.lock"
DATASET = ROOT / "tests" / "parity" / "screens" / "dataset.lock"
GROUPS = nox.project.load_toml(ROOT / "pyproject.toml")["dependency-groups"]
# Versions on the original's side. The tests compare numbers that numpy computes on both sides,
# and hand tables and annotated matrices from one to the other.
PINNED = [line.split()[0] for line in LOCK.read_text().splitlines() if "==" in line]
NUMPY = next(pin for pin in PINNED if pin.startswith("numpy=="))
ORIGINAL = next(pin for pin in PINNED if pin.startswith("shesha-geometry=="))
PYTHON_SOURCES = ("python", "tests", "bench", "tools", "noxfile.py")
SAYS_SINGLE_THREADED = """
import fastshesha
said = fastshesha.show_config(mode="dicts")
assert said["openmp"].startswith("none") and said["threads"]["count"] == 1, said
"""
IMPORTS_FRAMEWORKS = """
import lightning, keras, mlflow, tensorboard, tensorboardX, transformers, wandb
"""
CPP_SUFFIXES = {".cpp", ".hpp", ".inl"}
CPP_SOURCES = [
    str(path)
    for folder in (ROOT / "cpp", ROOT / "tests" / "cpp", ROOT / "bench", ROOT / "tools")
    for path in sorted(folder.rglob("*"))
    if path.suffix in CPP_SUFFIXES
]


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests against the original, which is installed in environments of its own.

    Without arguments, run every micro-benchmark once, too, for its value alone.
    """
    run_pytest(session, *session.posargs)
    if not session.posargs:
        session.install(*GROUPS["benchmark"])
        session.run("pytest", "bench/micro", "--benchmark-disable")


@nox.session
def distance_product(session: nox.Session) -> None:
    """Compare distances with SciPy's over the whole product of shapes, layouts and types."""
    run_pytest(session, "-m", "exhaustive", *session.posargs)


@nox.session
def differential_full(session: nox.Session) -> None:
    """Compare eight times as many random calls with the original as the tests do."""
    run_pytest(session, "tests/parity/differential", "--cases", "12000", *session.posargs)


@nox.session
def streaming_full(session: nox.Session) -> None:
    """Compare fifteen times as many streamed correlations with exact ones as the tests do."""
    made = session_folder(session)
    session.install(*GROUPS["test"], make_wheel(session, made), *constraints(made))
    every = "exhaustive_streaming or not exhaustive_streaming"
    session.run("pytest", "tests/scale", "-m", every, *session.posargs)


@nox.session
def crash_tests(session: nox.Session) -> None:
    """Kill and interrupt long calls at hundreds of moments; takes about half an hour."""
    made = session_folder(session)
    session.install(*GROUPS["test"], make_wheel(session, made), *constraints(made))
    session.run("pytest", "tests/scale", "tests/faults", "-m", "crash", *session.posargs)


@nox.session
def executors(session: nox.Session) -> None:
    """Stream pairs on a Dask cluster, loky, MPI and Ray, as pinned."""
    made = session_folder(session)
    wheel = make_wheel(session, made)
    session.install(*GROUPS["test"], *GROUPS["executors"], wheel, *constraints(made))
    session.run("pytest", "tests/executors", "-m", "executors", *session.posargs)


@nox.session
def upstream_tests(session: nox.Session) -> None:
    """Run the original's own tests against this package: a wheel that is named, or a new one."""
    made = session_folder(session)
    wheels, options = parted_words(session)
    wheel = wheels[0] if wheels else make_wheel(session, made)
    extras = f"{wheel}[bio,loess]"
    # scikit-learn is what some of them ask for before they run.
    session.install(*GROUPS["test"], extras, "scikit-learn", *constraints(made))
    fetch = ("download", "--no-deps", "--no-binary", "shesha-geometry", "--dest", str(made))
    session.run("python", "-m", "pip", *fetch, ORIGINAL)
    (archive,) = made.glob("shesha*.tar.gz")
    script = "tests/parity/upstream_tests.py"
    session.run("python", "-P", script, str(archive), str(made / "upstream"), *options)


@nox.session
def single_threaded(session: nox.Session) -> None:
    """Test a build without OpenMP: it says so, and computes the same."""
    made = session_folder(session)
    build = ("build-dir=" + str(made / "build"), "cmake.define.FASTSHESHA_OPENMP=OFF")
    settings = [f"--config-settings={setting}" for setting in build]
    session.install(*GROUPS["test"], ".[bio,loess]", *constraints(made), *settings)
    session.run("python", "-c", SAYS_SINGLE_THREADED)
    folders = ("tests/unit", "tests/faults", "tests/parity/ranks/test_near_ties.py")
    oracle = {"FASTSHESHA_TEST_ORACLE_PYTHON": make_oracle(session, "oracle")}
    session.run("pytest", *folders, *session.posargs, env=oracle)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types, formatting and spelling."""
    session.install(*GROUPS["lint"], *GROUPS["test"], NUMPY, "nox", "matplotlib")
    session.run("ruff", "check", *PYTHON_SOURCES)
    session.run("ruff", "format", "--check", *PYTHON_SOURCES)
    session.run("mypy")
    session.run("clang-format", "--dry-run", "-Werror", *CPP_SOURCES)
    session.run("codespell", "cpp", "docs", *PYTHON_SOURCES, *map(str, ROOT.glob("*.md")))


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
def monitor_scenarios(session: nox.Session) -> None:
    """Count how often the monitor names the tutorial's scenarios, at many sizes and seeds."""
    session.install(".", NUMPY)
    session.run("python", "tools/monitor_scenarios.py", *session.posargs)


@nox.session
def monitor_runs(session: nox.Session) -> None:
    """Train small networks, healthy and failing, and count what the monitor says about them."""
    session.install(*GROUPS["test"], ".[plot]", NUMPY, *GROUPS["networks"])
    session.run("pytest", "tests/monitor", "-m", "not installed")
    session.run("python", "tools/monitor_runs.py", *(session.posargs or ["held-out"]))


@nox.session
def callbacks(session: nox.Session) -> None:
    """Train in Lightning, Transformers and Keras, watched by the callbacks; takes a wheel, too."""
    wheels, options = parted_words(session)
    package = wheels[0] if wheels else "."
    session.install(*GROUPS["test"], package, NUMPY, *GROUPS["networks"], *GROUPS["callbacks"])
    backend = {"KERAS_BACKEND": "torch"}
    # A framework that is missing would let its tests be skipped.
    session.run("python", "-c", IMPORTS_FRAMEWORKS, env=backend)
    arrays = ("tests/monitor/test_array_types.py", "tests/monitor/test_torch.py")
    session.run("pytest", *(options or ["tests/monitor/callbacks", *arrays]), env=backend)
    session.run("python", "tools/monitor_callback_demo.py")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the speed against the original and others, and what the import costs."""
    session.install(".[bio,plot]", *constraints(session_folder(session)))
    session.run("python", "-m", "bench.compare", *session.posargs)
    session.run("python", "-m", "bench.import_time")


@nox.session
def micro_benchmark(session: nox.Session) -> None:
    """Time single calls, whose values are asserted; options are those of pytest."""
    made = session_folder(session)
    tools = (*GROUPS["test"], *GROUPS["benchmark"])
    session.install(*tools, ".", *constraints(made))
    session.run("pytest", "bench/micro", "--benchmark-quiet", *session.posargs)


@nox.session
def instruction_budget(session: nox.Session) -> None:
    """Count the instructions of the kernels; takes the path of a wheel, or builds one."""
    wheels, options = parted_words(session)
    session.install(*(wheels or ["."]), NUMPY)
    session.run("python", "tools/instruction_budget.py", *options)


def run_pytest(session: nox.Session, *arguments: str) -> None:
    """Run pytest in an environment with this package, next to two with the original."""
    made = session_folder(session)
    wheel = make_wheel(session, made)
    tools = (*GROUPS["test"], *GROUPS["inputs"])
    session.install(*tools, f"{wheel}[plot,bio,loess]", *constraints(made))
    both = make_oracle(session, "both")
    session.run(both, "-m", "pip", "install", "--no-deps", wheel, external=True)
    handed_over = {
        "FASTSHESHA_TEST_ORACLE_PYTHON": make_oracle(session, "oracle"),
        "FASTSHESHA_TEST_BOTH_PYTHON": both,
        "FASTSHESHA_TEST_BUILD_DIR": str(made / "build"),
        "FASTSHESHA_TEST_PBMC": fetch_blood_cells(session, made),
    }
    for variable, value in handed_over.items():
        session.log(f"{variable}={value}")
    session.run("pytest", *arguments, env=handed_over)


def fetch_blood_cells(session: nox.Session, made: Path) -> str:
    """Take a public dataset out of the wheel that carries it, and return its path."""
    folder = made / "blood_cells"
    locked = ("--no-deps", "--require-hashes", "--requirement", str(DATASET))
    session.run("python", "-m", "pip", "download", *locked, "--dest", str(folder))
    (carrier,) = folder.glob("*.whl")
    with ZipFile(carrier) as archive:
        return archive.extract("scanpy/datasets/10x_pbmc68k_reduced.h5ad", folder)


def parted_words(session: nox.Session) -> tuple[list[str], list[str]]:
    """The paths of wheels among the words of the command line, and the others."""
    wheels = [word for word in session.posargs if word.endswith(".whl")]
    return wheels, [word for word in session.posargs if word not in wheels]


def make_wheel(session: nox.Session, made: Path) -> str:
    """Build this package in ``made / "build"``, and return the wheel."""
    options = ("--no-deps", "--wheel-dir", str(made))
    settings = ("--config-settings", f"build-dir={made / 'build'}")
    session.run("python", "-m", "pip", "wheel", *options, *settings, ".")
    (wheel,) = map(str, made.glob("*.whl"))
    return wheel


def constraints(made: Path) -> tuple[str, str]:
    """The options of pip that keep to the versions on the original's side."""
    path = made / "constraints.txt"
    path.write_text("\n".join(PINNED), encoding="utf-8")
    return "--constraint", str(path)


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
