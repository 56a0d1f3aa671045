"""What is read as it lies, what becomes float64, and what is refused with a remedy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha._rows import as_float64, as_rows, unit_rows

AS_THEY_LIE = ["?", "b", "B", "h", "H", "i", "I", "l", "L", "q", "Q", "e", "f", "d"]


class WithArray:
    """Something that numpy reads through ``__array__``, like a tensor or a data frame."""

    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        self.array = array

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray[Any, Any]:
        return self.array if dtype is None else self.array.astype(dtype)


class Tensor:
    """A tensor that numpy cannot read: on a device, with a gradient, or bfloat16."""

    def __init__(self, dtype: str, error: Exception) -> None:
        self.dtype = dtype
        self.error = error

    def __array__(self, *_: Any, **__: Any) -> np.ndarray[Any, Any]:
        raise self.error

    def detach(self) -> Tensor:
        return self

    def cpu(self) -> Tensor:
        return self


class Sparse:
    """A sparse matrix: numpy takes it for an object."""

    def toarray(self) -> None: ...


class DeviceArray:
    """An array that refuses to leave its device by itself."""

    __cuda_array_interface__ = {"version": 3}  # noqa: RUF012

    def __array__(self, *_: Any, **__: Any) -> np.ndarray[Any, Any]:
        raise TypeError("implicit conversion is not allowed")


@pytest.mark.parametrize("code", AS_THEY_LIE)
@pytest.mark.parametrize("order", ["C", "F"])
def test_common_types_are_not_copied(code: str, order: str) -> None:
    X = np.ones((3, 4), dtype=code, order=order)
    rows = as_rows(X, "X")
    assert rows is X


def test_strided_and_read_only_views_are_not_copied() -> None:
    X = np.ones((6, 8), dtype=np.float32)
    X.flags.writeable = False
    for view in (X[::2, ::-3], X.T, np.broadcast_to(X[0], (5, 8))):
        assert as_rows(view, "X") is view


@pytest.mark.parametrize("dtype", ["g", object])
def test_other_types_become_float64(dtype: Any) -> None:
    X = np.arange(6).reshape(2, 3).astype(dtype)
    rows = as_rows(X, "X")
    assert rows.dtype == np.float64
    assert rows.dtype.isnative
    assert rows.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


@pytest.mark.parametrize("dtype", [">f4", ">f8", ">i2", ">f2"])
def test_the_other_byte_order_is_read_as_it_lies(dtype: Any) -> None:
    X = np.arange(6).reshape(2, 3).astype(dtype)
    assert as_rows(X, "X") is X
    assert fastshesha.compute_rdm(X).tolist() == fastshesha.compute_rdm(X.astype(float)).tolist()
    X = np.full((2, 3), np.inf, ">f4")
    with pytest.raises(ValueError, match="got inf at row 0"):
        as_rows(X, "X")


def test_words_are_refused_as_what_they_are() -> None:
    with pytest.raises(ValueError, match="X must be a rectangular array of numbers, got a ndarray"):
        as_rows(np.array([["a", "b"]]), "X")


def test_nested_sequences_become_float64() -> None:
    assert as_rows([[1, 2], [3, 4]], "X").dtype == np.float64
    assert as_rows(((1, 2), (3, 4)), "X").dtype == np.float64


def test_subclasses_of_ndarray_become_plain() -> None:
    assert type(as_rows(np.ma.masked_greater(np.ones((2, 2)), 0.5), "X")) is np.ndarray


def test_array_protocol_keeps_the_type() -> None:
    array = np.ones((3, 2), dtype=np.float32)
    assert as_rows(WithArray(array), "X") is array


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_empty_matrices_are_matrices(shape: tuple[int, int]) -> None:
    assert as_rows(np.empty(shape), "X").shape == shape


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        (Tensor("torch.float32", RuntimeError("requires grad")), "x.detach().cpu()"),
        (Tensor("torch.float32", TypeError("cuda:0 device")), "x.detach().cpu()"),
        (Tensor("torch.bfloat16", TypeError("BFloat16")), "x.detach().cpu().float()"),
        (Sparse(), "x.toarray()"),
        (DeviceArray(), "a copy in host memory, such as cupy.asnumpy(x)"),
    ],
)
def test_the_remedy_for_what_numpy_cannot_read(value: object, remedy: str) -> None:
    with pytest.raises(TypeError) as caught:
        as_rows(value, "Y")
    assert str(caught.value) == f"numpy cannot read Y (a {type(value).__name__}); pass {remedy}"


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("row", [0, 4095, 4096, 9000])
def test_the_first_undefined_entry_is_found(dtype: Any, row: int) -> None:
    X = np.zeros((9001, 3), dtype=dtype)
    X[row, 2] = np.inf
    X[-1, 2] = np.nan if row < 9000 else np.inf
    with pytest.raises(ValueError, match=rf"got inf at row {row}, column 2$"):
        as_rows(X, "X")


def test_float64_keeps_the_layout() -> None:
    X = np.asfortranarray(np.ones((4, 3), dtype=np.float32))
    assert as_float64(X).flags.f_contiguous
    already = np.ones((4, 3))
    assert as_float64(already) is already


@pytest.mark.parametrize("order", ["C", "F"])
def test_unit_rows_use_the_norm_of_the_layout(order: str) -> None:
    X = np.asarray(np.random.default_rng(0).standard_normal((50, 33)), order=order)
    expected = X / np.linalg.norm(X, axis=1, keepdims=True)
    assert np.array_equal(unit_rows(X), expected)


def test_tiny_rows_are_not_blown_up() -> None:
    scaled = unit_rows(np.array([[3e-13, 4e-13], [0.0, 0.0], [3.0, 4.0]]))
    assert np.allclose(scaled, [[0.3, 0.4], [0.0, 0.0], [0.6, 0.8]], rtol=1e-15, atol=0.0)
