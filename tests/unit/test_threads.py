"""The number of threads, and who said so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import fastshesha
from fastshesha._resources import threads
from fastshesha._resources.threads import ENVIRONMENT_VARIABLE, resolve_threads


class Machine:
    """A stand-in for the compiled module, with limits to be set."""

    def __init__(self) -> None:
        self.forked = False
        self.openmp = 8

    def in_forked_child(self) -> bool:
        return self.forked

    def openmp_max_threads(self) -> int:
        return self.openmp


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Eight CPUs, no quota, OpenMP present, nothing in the environment."""
    machine = Machine()
    monkeypatch.setattr(threads, "_core", machine)
    monkeypatch.setattr(threads, "_has_openmp", lambda: True)
    monkeypatch.setattr(threads, "_usable_cpus", lambda: 8)
    monkeypatch.setattr(threads, "_quota", lambda: None)
    monkeypatch.delenv(ENVIRONMENT_VARIABLE, raising=False)
    return machine


def test_the_cpus_by_default(machine: Machine) -> None:
    assert resolve_threads() == (machine.openmp, "CPU affinity")


def test_a_lower_openmp_limit(machine: Machine) -> None:
    machine.openmp = 3
    assert resolve_threads() == (3, "OpenMP limit")


def test_a_quota(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_quota", lambda: 2)
    assert resolve_threads() == (2, "cgroup quota")
    machine.openmp = 1
    assert resolve_threads() == (1, "OpenMP limit")


def test_a_quota_above_the_cpus_says_nothing(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "_quota", lambda: 64)
    assert resolve_threads() == (machine.openmp, "CPU affinity")


def test_the_environment_beats_the_machine(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.openmp = 1
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, " 12 ")
    assert resolve_threads() == (12, "FASTSHESHA_NUM_THREADS")


def test_config_beats_the_environment(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "12")
    with fastshesha.config(threads=machine.openmp - 1):
        assert resolve_threads() == (7, "config")


def test_an_empty_variable_says_nothing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, " ")
    assert resolve_threads() == (machine.openmp, "CPU affinity")


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("text", ["0", "-2", "two", "1.5", "5000", "²"])
def test_a_bad_variable_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, text)
    with pytest.raises(
        ValueError,
        match=rf"^FASTSHESHA_NUM_THREADS must be an integer from 1 to 4096, got '?{text}",
    ):
        resolve_threads()


@pytest.mark.parametrize("asked", [None, 4])
def test_one_thread_after_a_fork_and_without_openmp(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, asked: int | None
) -> None:
    machine.forked = True
    with fastshesha.config(threads=asked):
        assert resolve_threads() == (1, "forked child")
        monkeypatch.setattr(threads, "_has_openmp", lambda: False)
        assert resolve_threads() == (1, "no OpenMP")


@pytest.mark.skipif(sys.platform != "linux", reason="affinity is read on Linux")
def test_the_affinity_of_this_process() -> None:
    assert threads._usable_cpus() == len(os.sched_getaffinity(0))


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts threads in /proc")
@pytest.mark.parametrize(("n_samples", "n_created"), [(100, 0), (600, 3)])
def test_short_calls_stay_on_the_thread_that_makes_them(n_samples: int, n_created: int) -> None:
    program = (
        "import os, numpy, fastshesha\n"
        f"X = numpy.random.default_rng(0).standard_normal(({n_samples}, 200))\n"
        "n_before = len(os.listdir('/proc/self/task'))\n"
        "fastshesha.compute_rdm(X)\n"
        "print(len(os.listdir('/proc/self/task')) - n_before)"
    )
    environment = {**os.environ, ENVIRONMENT_VARIABLE: "4"}
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert int(said.stdout) == (n_created if threads.resolve_threads()[1] != "no OpenMP" else 0)
