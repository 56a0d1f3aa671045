"""Checkpoints: the bits of an uninterrupted run, whatever happened to the file or the process."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha.scale.state_file import decoded, encoded
from scale.streamed import EXACT_PAIRS, GROUPS, LABELS, OTHER_GROUPS, X, answers, split

TESTS = Path(__file__).parents[1]
STEPS = ("open", "write", "fsync", "replace", "close")


def score(path: Path, rows: Any = X, *, interval: float = 0.0, **options: Any) -> Any:
    with fastshesha.config(exact_pairs=EXACT_PAIRS, checkpoint=path, checkpoint_interval=interval):
        return split(rows, **options)


@pytest.fixture(scope="module")
def expected() -> Any:
    with fastshesha.config(exact_pairs=EXACT_PAIRS):
        return split()


class Stopped(Exception):  # noqa: N818
    pass


def test_every_kind_of_call_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    """Also after the end: nothing is computed again then."""
    whole, path, draw = answers(), tmp_path / "run", random.Random(0)
    stops_left = 12

    def stop(done: int, total: int) -> None:
        nonlocal stops_left
        if stops_left and done < total and draw.random() < 0.2:
            stops_left -= 1
            raise Stopped

    settings: dict[str, Any] = {"checkpoint": path, "checkpoint_interval": 0, "progress": stop}
    while stops_left:
        try:
            assert answers(**settings) == whole
        except Stopped:
            if path.exists():
                decoded(path.read_bytes())
        else:
            path.unlink()
    told: list[tuple[int, int]] = []
    settings["progress"] = lambda done, total: told.append((done, total))
    assert answers(**settings) == whole
    told.clear()
    assert answers(**settings) == whole
    assert len(told) >= 8
    assert all(done in (0, total // 2, total) for done, total in told)


def test_a_second_pass_has_its_place(tmp_path: Path) -> None:
    kinds = set()
    for _ in range(2):
        with fastshesha.config(exact_pairs=1000, checkpoint=tmp_path / "run"):
            found = fastshesha.rdm_similarity(GROUPS, OTHER_GROUPS, metric="euclidean")
        header, _ = decoded((tmp_path / "run").read_bytes())
        kinds.add((found, *(entry["key"]["kind"] for entry in header["passes"])))
    assert [kind[1:] for kind in kinds] == [("TileJob", "ProductJob")]


FOREIGN: dict[str, tuple[Callable[[Path], Any], str]] = {
    "rows": (lambda path: score(path, X[::-1]), "the rows differ"),
    "seed": (lambda path: score(path, seed=2), r"the parameters differ \(distance, splits, seed"),
    "metric": (lambda path: score(path, metric="correlation"), "the parameters differ"),
    "pairs": (lambda path: score(path, max_pairs=60_000), "the parameters differ"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_file_of_another_run_is_refused(what: str, tmp_path: Path) -> None:
    call, reason = FOREIGN[what]
    score(tmp_path / "run")
    content = (tmp_path / "run").read_bytes()
    with pytest.raises(ValueError, match=f"^checkpoint '.*' belongs to another .*: {reason}"):
        call(tmp_path / "run")
    assert (tmp_path / "run").read_bytes() == content
    assert os.listdir(tmp_path) == ["run"]


def test_the_same_rows_may_lie_elsewhere_and_more_splits_follow(tmp_path: Path) -> None:
    score(tmp_path / "run")
    np.save(tmp_path / "X.npy", X)
    told: list[int] = []
    with fastshesha.config(progress=lambda done, total: told.append(done)):
        found = score(tmp_path / "run", np.load(tmp_path / "X.npy", mmap_mode="r"), n_splits=3)
    with fastshesha.config(exact_pairs=EXACT_PAIRS):
        assert found == split(n_splits=3)
    assert told[:3] == [0, told[1], 2 * told[1]]


def test_no_damage_is_overlooked(tmp_path: Path) -> None:
    arrays = [np.arange(6).reshape(2, 3), np.array([-1])]
    data = encoded({"share": None, "about": {}, "passes": []}, arrays)
    header, found = decoded(data)
    assert header["passes"] == []
    assert all(np.array_equal(a, b) for a, b in zip(found, arrays, strict=True))
    draw = random.Random(0)
    damaged = [data[:length] for length in range(len(data))]
    for _ in range(10_000):
        place = draw.randrange(len(data))
        changed = data[place] ^ (1 << draw.randrange(8))
        damaged.append(data[:place] + bytes([changed]) + data[place + 1 :])
    for content in damaged:
        with pytest.raises(ValueError, match=r"^(holds no state|is damaged)"):
            decoded(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "holds no state"), (b"\x80\x04\x95pickle", "holds no state"), (None, "is damaged")],
)
def test_other_files_are_refused_and_kept(
    content: bytes | None, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "run"
    if content is None:
        score(path)
        content = path.read_bytes()[:-1]
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"run' {reason}"):
        score(path)
    assert path.read_bytes() == content


def test_one_process_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "run"
    program = (
        "import sys; from pathlib import Path; from fastshesha.scale.path_lock import PathLock\n"
        "lock = PathLock(Path(sys.argv[1])); print('held', flush=True); input()"
    )
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(RuntimeError, match="run' is in use by another process"):
            score(path)
        other.kill()
    score(path)
    with fastshesha.config(exact_pairs=EXACT_PAIRS, checkpoint=path):
        split()
        with pytest.raises(RuntimeError, match="in use by another computation of this process"):
            score(path)
    assert os.listdir(tmp_path) == ["run"]


def test_a_full_disk_is_an_error_and_leaves_the_last_checkpoint(
    tmp_path: Path, expected: Any
) -> None:
    path = tmp_path / "run"
    score(path, n_splits=1)
    content = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(content) + 1000, limits[1]))
    try:
        with pytest.raises(OSError, match="the checkpoint cannot be written: File too large"):
            score(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == content
    assert score(path) == expected


# Kills its process at the k-th call that touches files; prints the score if it lives.
KILLED = """
import os, signal, sys
k, path, tests = int(sys.argv[1]), sys.argv[2], sys.argv[3]
sys.path.insert(0, tests)
from collections.abc import Callable
from pathlib import Path
from scale.test_checkpoints import STEPS, score
n_calls = 0

def watched(name):
    call = getattr(os, name)
    def step(*arguments, **options):
        global n_calls
        n_calls += 1
        if n_calls == k:
            if name == "write":
                call(arguments[0], arguments[1][: len(arguments[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return step

for name in STEPS:
    setattr(os, name, watched(name))
print(repr(score(Path(path))), n_calls)
"""


def run_killed(path: Path, k: int) -> list[str] | None:
    command = [sys.executable, "-c", KILLED, str(k), str(path), str(TESTS)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.stdout.split() if done.returncode == 0 else None


def kill_at(path: Path, steps: range, expected: Any) -> None:
    """Kill the run at each of these calls, one after the other, on one file that goes on."""
    for k in steps:
        if run_killed(path, k) is not None:
            path.unlink()
        elif path.exists():
            decoded(path.read_bytes())
    assert score(path) == expected


def test_a_run_killed_at_some_steps_goes_on(tmp_path: Path, expected: Any) -> None:
    kill_at(tmp_path / "run", range(2, 7), expected)


@pytest.mark.crash
def test_a_run_killed_at_any_step_goes_on(tmp_path: Path, expected: Any) -> None:
    """On a new file every time."""
    # How many steps there are depends on how fast tiles are done.
    n_killed = 0
    while run_killed(path := tmp_path / str(n_killed + 1), n_killed + 1) is None:
        if path.exists():
            decoded(path.read_bytes())
        assert score(path) == expected
        n_killed += 1
    assert n_killed > 10


@pytest.mark.crash
def test_a_run_killed_at_200_moments_goes_on(tmp_path: Path, expected: Any) -> None:
    """The file has only good contents, of ever more tiles, until the run is at its end."""
    draw, path, n_ends, n_done = random.Random(0), tmp_path / "run", 0, 0
    started = time.perf_counter()
    run_killed(tmp_path / "whole", 0)
    whole = time.perf_counter() - started
    for _ in range(200):
        command = [sys.executable, "-c", KILLED, "0", str(path), str(TESTS)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            time.sleep(draw.uniform(0.3, 1.3) * whole)
            process.kill()
            assert process.stdout is not None
            told = process.stdout.read().split()
        if told:
            assert told[0] == repr(expected)
        if path.exists():
            header, _ = decoded(path.read_bytes())
            ranges = [r for entry in header["passes"] for r in entry["done"]]
            found = sum(last - first for first, last in ranges)
            assert found >= n_done
            n_done = found
        if told:
            path.unlink()
            n_ends, n_done = n_ends + 1, 0
    assert n_ends >= 1
    assert score(path) == expected


@pytest.mark.parametrize("path", ["", "missing/run", ".", 3])
def test_other_paths_are_refused(path: Any) -> None:
    with pytest.raises(ValueError, match=r"^checkpoint must be the path of a file in an existing"):
        fastshesha.config(checkpoint=path)


@pytest.mark.parametrize("seconds", [-1, "3", True, None, float("nan")])
def test_other_intervals_are_refused(seconds: Any) -> None:
    with pytest.raises(ValueError, match=r"^checkpoint_interval must be a number of seconds"):
        fastshesha.config(checkpoint="run", checkpoint_interval=seconds)


def test_labels_count_among_the_parameters(tmp_path: Path) -> None:
    def align(labels: Any) -> Any:
        with fastshesha.config(exact_pairs=EXACT_PAIRS, checkpoint=tmp_path / "run"):
            return fastshesha.supervised_alignment(X, labels, seed=1, max_samples=10**6)

    align(LABELS)
    with pytest.raises(ValueError, match="the parameters differ"):
        align(np.where(LABELS == 2, 1, LABELS))
