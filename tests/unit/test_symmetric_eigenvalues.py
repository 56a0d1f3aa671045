"""Eigenvalues of symmetric matrices against numpy's."""

from __future__ import annotations

import numpy as np
import pytest

import fastshesha
from fastshesha import _core
from fastshesha._kernels import symmetric_eigenvalues, updated_eigenvalues


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


@pytest.mark.parametrize("length", [0.0, 1e-6, 1.0, 1e9])
@pytest.mark.parametrize("order", [1, 2, 3, 40])
def test_an_outer_square_is_added(order: int, length: float) -> None:
    rng = np.random.default_rng(order)
    factors = rng.standard_normal((order, order + 3))
    matrix, vector = factors @ factors.T, length * rng.standard_normal(order)
    values, updated = updated_eigenvalues(matrix, vector)
    for found, of in ((values, matrix), (updated, matrix + np.outer(vector, vector))):
        expected = np.linalg.eigvalsh(of)
        np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-14 * order * expected[-1])


def test_a_vector_along_a_basis_vector_is_added() -> None:
    for vector in (np.array([2.0, 0.0, 0.0]), np.array([0.0, 0.0, -2.0])):
        values, updated = updated_eigenvalues(np.diag([3.0, 2.0, 1.0]), vector)
        np.testing.assert_allclose(values, [1.0, 2.0, 3.0], rtol=1e-14)
        expected = np.sort(np.array([3.0, 2.0, 1.0]) + vector**2)
        np.testing.assert_allclose(updated, expected, rtol=1e-14)


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
    for matrix, vector in ((np.zeros((3, 4)), np.zeros(3)), (np.zeros((3, 3)), np.zeros(4))):
        with pytest.raises(ValueError, match="matrix must be of shape"):
            _core.updated_eigenvalues(matrix, vector)
