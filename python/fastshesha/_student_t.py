"""The p-value of a correlation by Student's t distribution."""

from __future__ import annotations

import math

_SERIES_FROM = 16.0
_MOST_TERMS = 10_000
_PRECISION = 2.0**-53


def correlation_p_value(correlation: float, n: int) -> float:
    r"""Two-sided p-value of a correlation of n pairs, n > 2.

    With :math:`t = r \sqrt{(n - 2) / (1 - r^2)}` it is the regularised incomplete beta function
    :math:`I_{1 - r^2}((n - 2) / 2, 1 / 2)`, to about 14 digits however small.
    """
    if math.isnan(correlation):
        return math.nan
    a = (n - 2) / 2
    # From the factors, which keep the digits that 1 - r^2 loses close to 1.
    x = (1.0 - abs(correlation)) * (1.0 + abs(correlation))
    if x <= 0.0:
        return 0.0
    y = correlation * correlation
    log_x = math.log1p(-y) if y < x else math.log(x)
    # x^a y^(1/2) / B(a, 1/2)
    front = math.exp(a * log_x + _log_gamma_ratio(a)) * math.sqrt(y / math.pi)
    if x < (a + 1.0) / (a + 2.5):
        return front * _continued_fraction(x, a, 0.5) / a
    return 1.0 - front * _continued_fraction(y, 0.5, a) / 0.5


def _log_gamma_ratio(a: float) -> float:
    """Logarithm of Gamma(a + 1/2) / Gamma(a), as a series where the two would cancel."""
    if a < _SERIES_FROM:
        return math.lgamma(a + 0.5) - math.lgamma(a)
    square = 1.0 / (a * a)
    terms = (31 / 18432, -17 / 14336, 1 / 640, -1 / 192, 1 / 8)
    total = 0.0
    for coefficient in terms:
        total = total * square + coefficient
    return 0.5 * math.log(a) - total / a


def _continued_fraction(x: float, a: float, b: float) -> float:
    """1 / (1 + d_1 / (1 + d_2 / ...)) of DLMF 8.17.22, by Lentz; for x < (a + 1) / (a + b + 2)."""
    value = above = 1.0
    below = 0.0
    for term in range(1, _MOST_TERMS):
        m = term // 2
        if term % 2:
            step = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        below = 1.0 / (1.0 + step * below)
        above = 1.0 + step / above
        value *= above * below
        if abs(above * below - 1.0) < _PRECISION:
            break
    return 1.0 / value
