"""Sums of floating-point numbers that do not depend on their order.

Every finite float64 is a multiple of 2^-1074, so that sums of integers stand for exact ones. They
have at most 640 digits, which Python writes under any limit, as long as there are no more than
2^27 terms.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastshesha._typing import FloatArray

_SMALLEST = 1 << 1074


def as_integers(values: FloatArray) -> tuple[int, ...]:
    """Exact sums of the columns of finite values, as multiples of 2^-1074."""
    return tuple(sum(map(_multiple, column.tolist())) for column in values.T)


def _multiple(value: float) -> int:
    numerator, denominator = value.as_integer_ratio()
    return numerator * (_SMALLEST // denominator)


def as_fractions(sums: Iterable[int]) -> list[Fraction]:
    """What integers of :func:`as_integers` stand for."""
    return [Fraction(total, _SMALLEST) for total in sums]
