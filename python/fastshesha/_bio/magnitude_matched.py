"""Reproducibility of coherent and incoherent perturbations of like magnitude."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha._correlate import average_ranks
from fastshesha._student_t import correlation_p_value
from fastshesha._warnings import warn_constant_input

from .annotated import import_pandas
from .options import require_count
from .tables import complete_rows

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray

_FEWEST_PER_BIN_ASKED = 4
_FEWEST_PER_BIN = 6


def magnitude_matched_comparison(
    repro_df: Any,
    coherence_col: str = "Sp",
    repro_col: str = "split_half_cosine",
    magnitude_col: str = "Mp",
    n_bins: int = 4,
) -> Any:
    """Compare the reproducibility of coherent and incoherent perturbations of like magnitude.

    Perturbations are put into bins of equal count by magnitude; each bin is split at its median
    coherence. Larger effects are both more coherent and more reproducible, which within a bin
    explains less of the difference than in the whole.

    Parameters
    ----------
    repro_df : pandas.DataFrame
        One perturbation per row. Rows without one of the three values are left out.
    coherence_col, repro_col, magnitude_col : str
        Columns with coherence, reproducibility and magnitude of the effect; by default 'Sp',
        'split_half_cosine' and 'Mp'.
    n_bins : int, default=4
        Number of bins. Where tied magnitudes make edges of bins coincide, there are fewer.

    Returns
    -------
    pandas.DataFrame
        One row per bin with at least 6 perturbations:

        - 'mag_bin': 'Q1' for the smallest magnitudes, 'Q2' and so on;
        - 'n', 'mag_min', 'mag_max': number and range;
        - 'high_coherence_mean', 'low_coherence_mean', 'difference': mean reproducibility at or
          above the median coherence, below it (NaN where none lies below), and the first minus
          the second;
        - 'within_bin_rho', 'within_bin_pvalue': Spearman's correlation of coherence with
          reproducibility, and its two-sided p-value by Student's t distribution. NaN where
          one of the two is constant.

    Raises
    ------
    ValueError
        Fewer than 4 rows per bin, no bin with 6, or ``n_bins`` below 1.
    KeyError
        A column that does not exist.
    TypeError
        ``repro_df`` is no data frame, or ``n_bins`` no integer.

    Warns
    -----
    ConstantInputWarning
        Coherence or reproducibility is constant within a bin. SciPy's class where SciPy is
        loaded, else one of this package; a RuntimeWarning either way.

    Notes
    -----
    O(n log n) time. As in Raju's shesha-geometry. Magnitudes still differ within a bin, so the
    confounding is weakened, not removed; the p-values assume independent perturbations and are
    not corrected for the number of bins.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from fastshesha.bio import magnitude_matched_comparison
    >>> rng = np.random.default_rng(0)
    >>> coherence = rng.uniform(size=80)
    >>> table = pd.DataFrame({"Sp": coherence, "Mp": rng.uniform(size=80)})
    >>> table["split_half_cosine"] = coherence + 0.1 * rng.standard_normal(80)
    >>> bins = magnitude_matched_comparison(table)
    >>> bins["n"].tolist(), bool((bins["difference"] > 0).all())
    ([20, 20, 20, 20], True)
    """
    require_count(n_bins, "n_bins")
    columns = (coherence_col, repro_col, magnitude_col)
    arguments = ("coherence_col", "repro_col", "magnitude_col")
    used = complete_rows(repro_df, "repro_df", dict(zip(arguments, columns, strict=True)))
    if len(used) < _FEWEST_PER_BIN_ASKED * n_bins:
        raise ValueError(
            f"Too few complete rows: repro_df must have at least {_FEWEST_PER_BIN_ASKED} per bin, "
            f"{_FEWEST_PER_BIN_ASKED * n_bins} for n_bins={n_bins}; got {len(used)}"
        )
    of_row = _bins(used[magnitude_col], n_bins)
    rows = [
        {"mag_bin": f"Q{position + 1}", **_compared(used[of_row == position], *columns)}
        for position, size in enumerate(np.bincount(of_row[of_row >= 0]))
        if size >= _FEWEST_PER_BIN
    ]
    if not rows:
        raise ValueError(
            f"no bin holds the {_FEWEST_PER_BIN} perturbations that a comparison needs: got "
            f"{len(used)} complete rows and n_bins={n_bins}; take fewer bins"
        )
    return import_pandas().DataFrame(rows)


def _bins(magnitudes: Any, n_bins: int) -> Any:
    """The bin of each magnitude from 0 on, between quantiles that differ; -1 for none."""
    if magnitudes.nunique() == 1:
        return np.zeros(len(magnitudes), dtype=np.int64)
    codes = import_pandas().qcut(magnitudes, q=n_bins, labels=False, duplicates="drop")
    return codes.fillna(-1).to_numpy().astype(np.int64)


def _compared(rows: Any, coherence_col: str, repro_col: str, magnitude_col: str) -> dict[str, Any]:
    """What the table says of the perturbations of a bin."""
    coherence, reproducibility = rows[coherence_col], rows[repro_col]
    # Subtracted in their own type: float32 means differ by a float32 number.
    high = reproducibility[coherence >= coherence.median()].mean()
    low = reproducibility[coherence < coherence.median()].mean()
    rho = _spearman(coherence.to_numpy(), reproducibility.to_numpy())
    return {
        "n": len(rows),
        "mag_min": float(rows[magnitude_col].min()),
        "mag_max": float(rows[magnitude_col].max()),
        "high_coherence_mean": float(high),
        "low_coherence_mean": float(low),
        "difference": float(high - low),
        "within_bin_rho": rho,
        "within_bin_pvalue": correlation_p_value(rho, len(rows)),
    }


def _spearman(a: Any, b: Any) -> float:
    ranks: list[FloatArray] = [average_ranks(np.asarray(side, dtype=np.float64)) for side in (a, b)]
    if any(side.min() == side.max() for side in ranks):
        warn_constant_input(
            "Coherence or reproducibility is the same for all perturbations of a magnitude bin, "
            "so their correlation is not defined"
        )
        return float("nan")
    correlations: FloatArray = np.corrcoef(ranks)
    return float(correlations[0, 1])
