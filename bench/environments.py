"""Environments of the contestants: made when first needed, by their pinned requirements."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.contest import ROOT
from bench.scenario import ORIGINAL, OURS

_REQUIREMENTS = ROOT / "bench" / "requirements"


@dataclass(frozen=True)
class Environment:
    """What a contestant needs, and the package that is meant by its name.

    ``complete``: the file names all that is needed, and nothing else is installed.
    """

    requirements: Path
    package: str
    complete: bool = True

    @property
    def version(self) -> str:
        """The pin of the package itself, such as "scipy==1.17.1"."""
        return next(pin for pin in self.pins() if pin.startswith(self.package + "=="))

    def pins(self) -> list[str]:
        lines = self.requirements.read_text(encoding="utf-8").splitlines()
        return [line.split()[0] for line in lines if "==" in line]


ENVIRONMENTS = {
    ORIGINAL: Environment(ROOT / "tests" / "oracle" / "requirements.lock", "shesha-geometry"),
    "scipy": Environment(_REQUIREMENTS / "scipy.txt", "scipy"),
    "scikit-learn": Environment(_REQUIREMENTS / "scikit-learn.txt", "scikit-learn"),
    # What else it needs depends on the build that the package index offers.
    "torch": Environment(_REQUIREMENTS / "torch.txt", "torch", complete=False),
    "mne-rsa": Environment(_REQUIREMENTS / "mne-rsa.txt", "mne-rsa"),
    "rsatoolbox": Environment(_REQUIREMENTS / "rsatoolbox.txt", "rsatoolbox"),
}


def python_of(name: str, folder: Path) -> str:
    """The interpreter of a contestant; ours is the one that runs this."""
    if name == OURS:
        return sys.executable
    environment = ENVIRONMENTS[name]
    place = folder / f"{name}-{_key(environment)}"
    python = place / "bin" / "python"
    done = place / "complete"
    if not done.exists():
        print(f"making the environment of {name} in {place}", flush=True)
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", os.fspath(place)], check=True)
        options = ["--no-deps"] if environment.complete else []
        install = [os.fspath(python), "-m", "pip", "install", "--quiet", *options]
        subprocess.run([*install, "-r", os.fspath(environment.requirements)], check=True)
        done.touch()
    return os.fspath(python)


def _key(environment: Environment) -> str:
    """Another environment for every change of the requirements or of Python."""
    content = environment.requirements.read_bytes() + sys.version.encode()
    return hashlib.sha256(content).hexdigest()[:12]
