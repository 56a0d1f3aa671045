"""``fastshesha shard`` and ``fastshesha merge`` print what ``fastshesha score`` prints."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from cli.command import run_command

CALL = "x.npy --metric feature_split --seed 320 --n-splits 2 --max-samples none --exact-pairs 1000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    np.save(folder / "x.npy", np.random.default_rng(0).standard_normal((500, 24)))
    for number in (1, 2, 3):
        words = f"shard {number}/3 {CALL} --out part{number}.state"
        done = run_command(*words.split(), folder=folder)
        assert (done.code, done.stdout) == (0, ""), done.stderr
    return folder


def test_shards_in_any_order_merge_to_the_score(folder: Path) -> None:
    expected = run_command("score", *CALL.split(), folder=folder).document
    parts = [f"part{number}.state" for number in (1, 2, 3)]
    Random(0).shuffle(parts)
    merged = run_command("merge", *parts, folder=folder).document
    expected["file"] = merged["file"]
    assert merged == expected


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("merge part1.state part3.state", "of 3 shards these are missing: 2"),
        (
            "merge part1.state part1.state",
            "'part1.state' (shard 1/3) and 'part1.state' (shard 1/3)",
        ),
        ("merge part1.state x.npy", "'x.npy' holds no state of fastshesha"),
        ("merge part1.state nothing", "No such file or directory (nothing)"),
        ("shard 0/3 x.npy --metric rdm_drift --out y", "argument K/N: '0/3' is no shard K/N"),
        (f"shard 2/3 {CALL} --out part1.state", "holds shard 1/3, not shard 2/3; name another"),
        ("shard 1/3 x.npy --metric feature_split --out y", "a shard needs --seed, so that"),
        ("shard 1/3 x.npy --metric feature_split --seed 1 --out y", "the call streams no pairs"),
    ],
)
def test_what_cannot_be_merged_is_told(words: str, error: str, folder: Path) -> None:
    assert error in run_command(*words.split(), folder=folder).error_line


def test_a_score_goes_on_from_its_checkpoint(folder: Path) -> None:
    words = ("score", *CALL.split(), "--checkpoint", "run.ckpt")
    first = run_command(*words, folder=folder).document
    assert (folder / "run.ckpt").exists()
    assert run_command(*words, folder=folder).document == first
    other = [word.replace("320", "321") for word in words]
    assert "belongs to another computation" in run_command(*other, folder=folder).error_line
