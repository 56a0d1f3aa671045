"""Shards of every kind of call, merged in any order, have the bits of one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha import _core
from fastshesha.shards import open_shards, write_shard
from scale.streamed import CALLS, EXACT_PAIRS, X, split

N_SHARDS = 3


@pytest.fixture(autouse=True)
def streamed() -> Iterator[None]:
    with fastshesha.config(exact_pairs=EXACT_PAIRS):
        yield


def written(folder: Path, call: Callable[..., Any], *args: Any, n: int = N_SHARDS) -> list[Path]:
    paths = [folder / f"part{k}" for k in range(1, n + 1)]
    for k, path in enumerate(paths, start=1):
        write_shard(path, (k, n), call, *args)
    return paths


@pytest.mark.parametrize("name", CALLS)
def test_shards_merge_to_the_bits_of_one_process(name: str, tmp_path: Path) -> None:
    paths = written(tmp_path, CALLS[name], n=4)
    order = np.random.default_rng(0).permutation(4)
    assert open_shards([paths[k] for k in order]).merged(CALLS[name]) == CALLS[name]()


def test_more_shards_than_tiles_are_no_harm(tmp_path: Path) -> None:
    few = X[:100]
    paths = written(tmp_path, split, few, n=7)
    assert open_shards(paths).merged(split, few) == split(few)


def test_a_shard_that_was_stopped_is_not_merged_and_goes_on(tmp_path: Path) -> None:
    paths = written(tmp_path, split)
    paths[1].unlink()
    with (
        fastshesha.config(progress=lambda done, total: done == 0),
        pytest.raises(fastshesha.Cancelled, match=r"^progress returned False after \d+ of \d+$"),
    ):
        write_shard(paths[1], (2, N_SHARDS), split)
    with pytest.raises(ValueError, match=r"part2' \(shard 2/3\) is not finished: run it again"):
        open_shards(paths)
    write_shard(paths[1], (2, N_SHARDS), split)
    assert open_shards(paths).merged(split) == split()


def test_shards_of_other_calls_are_refused(tmp_path: Path) -> None:
    paths = written(tmp_path, split)
    for k, (other, reason) in enumerate(
        [
            (lambda: split(seed=2), "the parameters differ"),
            (lambda: split(X[::-1]), "the rows differ"),
            (lambda: split(n_splits=1), "the numbers of splits differ"),
        ]
    ):
        foreign = tmp_path / f"foreign{k}"
        write_shard(foreign, (3, N_SHARDS), other)
        with pytest.raises(ValueError, match=f"do not belong together: {reason}"):
            open_shards([*paths[:2], foreign])
    write_shard(tmp_path / "four", (4, 4), split)
    with pytest.raises(ValueError, match="do not belong together: the numbers of shards differ"):
        open_shards([*paths[:2], tmp_path / "four"])
    with pytest.raises(ValueError, match="set of shards belongs to another computation: the rows"):
        open_shards(paths).merged(split, X[::-1])


def test_a_checkpoint_is_no_shard(tmp_path: Path) -> None:
    with fastshesha.config(checkpoint=tmp_path / "run"):
        split()
    with pytest.raises(ValueError, match="run' is a checkpoint, not a shard"):
        open_shards([tmp_path / "run"])
    with pytest.raises(ValueError, match="holds a checkpoint, not shard 1/2; name another file"):
        write_shard(tmp_path / "run", (1, 2), split)


def test_mixed_kernels_are_merged_on_request_only(tmp_path: Path) -> None:
    active = _core.active_simd_level()
    if active == "baseline":
        pytest.skip("this processor has one kind of kernels")
    paths = written(tmp_path, split)
    paths[2].unlink()
    _core._force_simd_level("baseline")
    try:
        write_shard(paths[2], (3, 3), split)
    finally:
        _core._force_simd_level(active)
    with pytest.raises(ValueError, match=r"the kernels differ \(fused-\d+ and baseline-\d+\)"):
        open_shards(paths)
    merged = open_shards(paths, allow_mixed_kernels=True).merged(split)
    assert abs(merged - split()) < 1e-7


@pytest.mark.parametrize("shard", [(0, 3), (4, 3), "1/3", (1.0, 3), [1, 3]])
def test_other_shards_are_refused(shard: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^shard must be \(k, n\) with 1 <= k <= n, got "):
        write_shard(tmp_path / "part", shard, split)


def test_a_call_without_streamed_pairs_has_no_shards(tmp_path: Path) -> None:
    with fastshesha.config(exact_pairs=10**9), pytest.raises(ValueError, match="no shards"):
        write_shard(tmp_path / "part", (1, 2), split)
    assert list(tmp_path.iterdir()) == []
