"""Discordance: less coherent than the size of the effect would lead to expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._correlate import average_ranks
from fastshesha._validate import require_choice

from .annotated import import_pandas
from .tables import complete_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastshesha._typing import DiscordanceMethod, FloatArray

_METHODS = ("linear", "rank", "loess")
_FEWEST = 10
_SMALLEST_STD = 1e-12


def discordance(
    df: Any,
    coherence_col: str = "Sp",
    magnitude_col: str = "Mp",
    method: DiscordanceMethod = "linear",
    loess_frac: float = 0.3,
) -> Any:
    """How much less coherent each perturbation is than others of its magnitude.

    Parameters
    ----------
    df : pandas.DataFrame
        One perturbation per row. Rows without a coherence or a magnitude are left out.
    coherence_col, magnitude_col : str, default='Sp', 'Mp'
        Columns with the coherence and the magnitude of the effect.
    method : {'linear', 'rank', 'loess'}, default='linear'
        What is expected of a magnitude: a straight line of least squares, the same rank, or
        a local regression.
    loess_frac : float, default=0.3
        Under 'loess', the share of perturbations in each local fit, from 0 to 1.

    Returns
    -------
    pandas.Series of float64
        Named 'discordance', with the index of the rows used: expected minus found, centred and
        divided by its standard deviation (of n, not n - 1). Positive: less coherent than
        expected. All 0.0 where there is no deviation above 1e-12.

    Raises
    ------
    ValueError
        Fewer than 10 rows, an unknown method, entries that are no numbers, an infinite
        magnitude under 'linear' (a LinAlgError), or ``loess_frac`` outside its range.
    KeyError
        A column that does not exist.
    TypeError
        ``df`` is no data frame.
    ImportError
        'loess' without statsmodels; ``pip install 'fastshesha[loess]'``. No other regression
        takes its place.

    Notes
    -----
    O(n) time for n perturbations, O(n log n) under 'rank', O(n^2 loess_frac) under 'loess'.

    'loess' is the ``lowess`` of statsmodels with three robustifying iterations: Cleveland,
    "Robust locally weighted regression and smoothing scatterplots", Journal of the American
    Statistical Association 74, 1979. The measure is that of Raju's shesha-geometry.

    Scores are relative to the table: another set of perturbations gives other scores, and some
    perturbation always scores highest. Weak effects are less coherent through noise alone, so
    a high score at a small magnitude may mean no more than few samples.

    Examples
    --------
    >>> import pandas as pd
    >>> from fastshesha.bio import discordance
    >>> table = pd.DataFrame({"Mp": range(12), "Sp": [0.1 * i for i in range(12)]})
    >>> table.loc[5, "Sp"] = 0.0
    >>> int(discordance(table).idxmax())
    5
    """
    chosen = {"coherence_col": coherence_col, "magnitude_col": magnitude_col}
    used = complete_rows(df, "df", chosen)
    if len(used) < _FEWEST:
        raise ValueError(
            f"Too few rows with both coherence and magnitude: df must have at least "
            f"{_FEWEST}, got {len(used)}"
        )
    magnitude = used[magnitude_col].to_numpy().astype(np.float64)
    coherence = used[coherence_col].to_numpy().astype(np.float64)
    require_choice(method, "method", _METHODS)
    if method == "rank":
        deviation = average_ranks(magnitude) - average_ranks(coherence)
    elif method == "linear":
        deviation = _on_a_line(magnitude, coherence) - coherence
    else:
        fitted = _lowess()(coherence, magnitude, frac=loess_frac, return_sorted=False)
        deviation = fitted - coherence
    return import_pandas().Series(_standardised(deviation), index=used.index, name="discordance")


def _on_a_line(x: FloatArray, y: FloatArray) -> FloatArray:
    """Values of the line of least squares."""
    if not np.isfinite(x).all():
        raise np.linalg.LinAlgError("method='linear' needs finite magnitudes")
    design = np.column_stack([np.ones_like(x), x])
    fitted: FloatArray = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return fitted


def _lowess() -> Callable[..., FloatArray]:
    try:
        from statsmodels.nonparametric.smoothers_lowess import lowess
    except ImportError as error:
        raise ImportError(
            "method='loess' needs statsmodels: pip install 'fastshesha[loess]'"
        ) from error
    fit: Callable[..., FloatArray] = lowess
    return fit


def _standardised(deviation: FloatArray) -> FloatArray:
    std = deviation.std()
    if std < _SMALLEST_STD:
        return np.zeros_like(deviation)
    standardised: FloatArray = (deviation - deviation.mean()) / std
    return standardised
