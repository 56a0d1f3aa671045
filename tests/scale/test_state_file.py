"""Files of states as other releases may have written them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import fastshesha
from fastshesha.scale import state_file
from scale.streamed import EXACT_PAIRS, split


def test_what_is_written_is_read(tmp_path: Path) -> None:
    counts = np.arange(6).reshape(2, 3)
    state_file.write_state_file(tmp_path / "state", {"share": [1, 2]}, [counts])
    header, arrays = state_file.read_state_file(tmp_path / "state")
    assert header == {"share": [1, 2]}
    assert len(arrays) == 1
    assert np.array_equal(arrays[0], counts)


def test_another_version_of_the_format_is_refused_and_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.ckpt"
    with monkeypatch.context() as older:
        older.setattr(state_file, "_VERSION", 0)
        with fastshesha.config(checkpoint=path, exact_pairs=EXACT_PAIRS):
            split(n_splits=1)
    content = path.read_bytes()
    with (
        fastshesha.config(checkpoint=path, exact_pairs=EXACT_PAIRS),
        pytest.raises(ValueError, match=r"run.ckpt' has version 0 of the format; this release"),
    ):
        split(n_splits=1)
    assert path.read_bytes() == content
