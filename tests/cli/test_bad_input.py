"""Whatever is wrong with an input or an option: exit code 1 and one line that helps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cli.command import run_command

SPLIT = "--metric feature_split"
LABELLED = "--metric variance_ratio --labels"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    rows = np.random.default_rng(0).standard_normal((20, 8))
    np.save(folder / "x.npy", rows)
    np.save(folder / "y.npy", np.arange(20) % 2)
    np.save(folder / "nineteen.npy", np.arange(19) % 2)
    np.save(folder / "nineteen_rows.npy", rows[:19])
    np.save(folder / "cube.npy", np.zeros((2, 3, 4)))
    np.save(folder / "complex.npy", rows * 1j)
    np.save(folder / "words.npy", rows.astype(str).astype("U3") + "x")
    np.save(folder / "nan.npy", np.where(rows > 1, np.nan, rows))
    np.save(folder / "objects.npy", np.array([[{}, 1]], dtype=object), allow_pickle=True)
    np.savez(folder / "objects.npz", things=np.array([[{}, 1]], dtype=object))
    np.savez(folder / "two.npz", first=rows, second=rows)
    np.savez(folder / "none.npz", a=np.zeros(3))
    zero_row = rows.copy()
    zero_row[0] = 0
    np.save(folder / "zero_row.npy", zero_row)
    _write_damaged(folder)
    return folder


def _write_damaged(folder: Path) -> None:
    npy, npz = (folder / "x.npy").read_bytes(), (folder / "two.npz").read_bytes()
    (folder / "cut.npy").write_bytes(npy[:500])
    (folder / "cut_header.npy").write_bytes(npy[:40])
    (folder / "nonsense_header.npy").write_bytes(npy[:12] + b"}{" * 50 + npy[112:])
    (folder / "cut.npz").write_bytes(npz[:300])
    flipped = bytearray(npz)
    flipped[700] ^= 0xFF
    (folder / "flipped.npz").write_bytes(flipped)
    (folder / "text.npy").write_text("1.0, 2.0\n")
    (folder / "empty.npy").write_bytes(b"")


UNREADABLE = {
    f"missing.npy {SPLIT}": "FILE 'missing.npy' cannot be read: No such file or directory",
    f". {SPLIT}": "FILE '.' cannot be read: Is a directory",
    f"text.npy {SPLIT}": "FILE 'text.npy' is not a .npy, .npz, HDF5, zarr or Parquet file",
    f"empty.npy {SPLIT}": "FILE 'empty.npy' is not a .npy, .npz, HDF5, zarr or Parquet file",
    f"cut.npy {SPLIT}": "FILE 'cut.npy' is damaged",
    f"cut_header.npy {SPLIT}": "FILE 'cut_header.npy' is damaged",
    f"nonsense_header.npy {SPLIT}": "FILE 'nonsense_header.npy' is damaged",
    f"cut.npz {SPLIT}": "FILE 'cut.npz' is damaged",
    f"flipped.npz:first {SPLIT}": "FILE 'flipped.npz' is damaged",
    f"objects.npy {SPLIT}": "FILE 'objects.npy' holds pickled Python objects",
    f"objects.npz {SPLIT}": "FILE 'objects.npz', member 'things', holds pickled Python objects",
    f"x.npy {LABELLED} missing.npy": "--labels 'missing.npy' cannot be read",
    f"x.npy {LABELLED} objects.npz:things": "--labels 'objects.npz', member 'things', holds",
    "x.npy --metric rdm_drift --other text.npy": "--other 'text.npy' is not a",
}
WRONG_ARRAY = {
    f"cube.npy {SPLIT}": "FILE 'cube.npy' has shape (2, 3, 4); needed is a 2-D array",
    f"y.npy {SPLIT}": "FILE 'y.npy' has shape (20,); needed is a 2-D array",
    f"x.npy {LABELLED} x.npy": "--labels 'x.npy' has shape (20, 8); needed is a 1-D array",
    f"two.npz {SPLIT}": "name one as FILE.npz:MEMBER (it holds first (20, 8), second (20, 8))",
    f"none.npz {SPLIT}": "FILE 'none.npz' holds 0 2-D arrays",
    f"two.npz:third {SPLIT}": "FILE 'two.npz' has no member 'third'; it holds first (20, 8)",
    f"nan.npy {SPLIT}": "X must contain only finite values",
    f"complex.npy {SPLIT}": "FILE 'complex.npy' holds complex128 values; needed are real numbers",
    f"words.npy {SPLIT}": "FILE 'words.npy' holds <U4 values; needed are real numbers",
    f"x.npy {LABELLED} nineteen.npy": "19",
    "x.npy --metric rdm_drift --other nineteen_rows.npy": "19",
    f"zero_row.npy {SPLIT}": "nan_policy",
}
USAGE = {
    "": "the following arguments are required: FILE, --metric",
    "x.npy": "the following arguments are required: --metric",
    "x.npy --metric best": "argument --metric: invalid choice: 'best' (choose from",
    f"x.npy {SPLIT} --sed 3": "unrecognized arguments: --sed 3",
    f"x.npy {SPLIT} --seed": "argument --seed: expected one argument",
    f"x.npy {SPLIT} --seed -1": "--seed: '-1' is not a whole number of at least 0",
    f"x.npy {SPLIT} --n-splits 2.5": "--n-splits: '2.5' is not a whole number of at least 1",
    f"x.npy {SPLIT} --max-samples all": "--max-samples: 'all' is neither a whole number",
    f"x.npy {SPLIT} --max-pairs 2.5": "--max-pairs: '2.5' is not a whole number of at least 1",
    f"x.npy {SPLIT} --n-bootstrap-ci 0": "--n-bootstrap-ci: '0' is not a whole number",
    f"x.npy {SPLIT} --n-bootstrap-ci 9 --ci 95": "--ci: '95' is not a number between 0 and 1",
    f"x.npy {SPLIT} --ci 0.9": "--ci has no effect without --n-bootstrap-ci or --max-pairs",
    f"x.npy {SPLIT} --nan-policy skip": "--nan-policy: invalid choice: 'skip' (choose from",
    f"x.npy {SPLIT} --distance manhattan": "--distance: invalid choice: 'manhattan'",
    f"x.npy {SPLIT} --distance euclidean": "'euclidean' is not accepted by feature_split; use",
    f"x.npy {SPLIT} --threads 0": "--threads: '0' is not a whole number of at least 1",
    f"x.npy {SPLIT} --threads 5000": "threads must be",
    f"x.npy {SPLIT} --labels y.npy": "--labels is not an option of feature_split, which takes",
    f"x.npy {SPLIT} --method pearson": "--method is not an option of feature_split, which takes",
    f"x.npy {LABELLED} y.npy --n-splits 3": "--n-splits is not an option of variance_ratio, which",
    "x.npy --metric supervised_alignment": "supervised_alignment needs --labels FILE",
    "x.npy --metric rdm_similarity": "rdm_similarity needs --other FILE",
}


@pytest.mark.parametrize("words", [*UNREADABLE, *WRONG_ARRAY, *USAGE])
def test_one_line_names_the_trouble(folder: Path, words: str) -> None:
    line = run_command("score", *words.split(), folder=folder).error_line
    assert line.startswith("fastshesha")
    assert (UNREADABLE | WRONG_ARRAY | USAGE)[words] in line


def test_an_unreadable_thread_setting_is_one_line_too(folder: Path) -> None:
    environment = {"FASTSHESHA_NUM_THREADS": "many"}
    for words in (["score", "x.npy", *SPLIT.split()], ["config"], ["demo", "--quiet"]):
        line = run_command(*words, folder=folder, environment=environment).error_line
        assert line.startswith(f"fastshesha {words[0]}: ")
        assert "FASTSHESHA_NUM_THREADS" in line
        assert "'many'" in line
