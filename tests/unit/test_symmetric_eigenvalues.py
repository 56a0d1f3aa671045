"""Eigenvalues of symmetric matrices against numpy's."""

from __future__ import annotations

import numpy as np
import pytest

import fastshesha
from fastshesha import _core
from fastshesha._kernels import symmetric_eigenvalues


@pytest.mark.parametrize(("order", "rank"), [(1, 1), (2, 2), (3, 1), (17, 17), (64, 5), (150, 150)])
def test_they_are_those_of_numpy(order: int, rank: int) -> None:
    factors = np.random.default_rng(order).standard_normal((3, order, rank)) * [
        [[1.0]],
        [[1e-9]],
        [[1e9]],
    ]
    matrices = factors @ factors.transpose(0, 2, 1)
    expected = np.linalg.eigvalsh(matrices)
    found = symmetric_eigenvalues(matrices)
    scale = expected[:, -1:]
    np.testing.assert_allclose(found / scale, expected / scale, rtol=0.0, atol=1e-14 * order)
    assert np.all(np.diff(found, axis=1) >= 0.0)


def test_matrices_of_zeros_and_multiples_of_one() -> None:
    found = symmetric_eigenvalues(np.stack([np.zeros((5, 5)), 3.0 * np.eye(5)]))
    assert found.tolist() == [[0.0] * 5, [3.0] * 5]


def test_threads_change_no_bit() -> None:
    factors = np.random.default_rng(0).standard_normal((4, 40, 60))
    matrices = factors @ factors.transpose(0, 2, 1)
    found = []
    for threads in (1, 2, 3):
        with fastshesha.config(threads=threads):
            found.append(symmetric_eigenvalues(matrices))
    alone = np.concatenate([symmetric_eigenvalues(matrix[None]) for matrix in matrices])
    assert all(np.array_equal(values, alone) for values in found)


def test_only_square_matrices_are_taken() -> None:
    with pytest.raises(ValueError, match="n_matrices, order, order"):
        _core.symmetric_eigenvalues(np.zeros((2, 3, 4)), 1)
