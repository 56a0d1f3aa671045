"""The forms in which a similarity of two matrices answers: number, interval, or result."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from fastshesha._bootstrap import interval_dict, result_fields
from fastshesha._plan import bootstrap_rows
from fastshesha._result import StabilityResult, result_metadata
from fastshesha._rows import as_rows
from fastshesha._validate import RETURN_TYPES, require_bootstrap, require_choice
from fastshesha._warnings import WarningTally

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray, Matrix, MatrixLike, ReturnType, Score, Seed


class PairedMeasure(Protocol):
    """A similarity of two matrices of the same samples.

    What is needed of one matrix is prepared once, whatever it is compared with.
    """

    def require_comparable(self, X: Matrix, Y: Matrix, names: tuple[str, str]) -> None:
        """Raise ValueError for shapes that cannot be compared."""

    def prepare(self, X: Matrix) -> Any:
        """What a comparison needs of a matrix.

        ``is_estimable`` tells if it can be resampled, ``is_too_large`` if its squares overflow.
        """

    def compare(self, a: Any, b: Any) -> float:
        """Similarity of two prepared matrices; NaN where there is none."""

    def resampled(self, X: Matrix, Y: Matrix, replicates: Iterator[IndexArray]) -> Iterable[float]:
        """Similarity of the rows of every replicate, in their order."""


def evaluate(
    measure: PairedMeasure,
    name: str,
    X: MatrixLike,
    Y: MatrixLike,
    n_bootstrap_ci: int | None,
    ci: float,
    seed: Seed,
    return_type: ReturnType,
    **options: Any,
) -> Score:
    """The measure on checked data in the form that was asked for.

    ``name`` and ``options`` are what the metadata of a result records.
    """
    require_choice(return_type, "return_type", RETURN_TYPES)
    as_result = return_type == "result"
    if not as_result or n_bootstrap_ci is not None:
        require_bootstrap(n_bootstrap_ci, ci)
    rows_x, rows_y = as_rows(X, "X"), as_rows(Y, "Y")
    measure.require_comparable(rows_x, rows_y, ("X", "Y"))
    a, b = _prepared(measure, rows_x, rows_y)
    is_estimable = a.is_estimable and b.is_estimable
    scores: list[float] = []
    if n_bootstrap_ci is not None and is_estimable:
        replicates = bootstrap_rows(seed, rows_x.shape[0], n_bootstrap_ci)
        scores = list(filter(math.isfinite, measure.resampled(rows_x, rows_y, replicates)))
    if as_result:
        return StabilityResult(
            measure.compare(a, b),
            monte_carlo_se=0.0,
            metadata=result_metadata(
                name,
                input_shapes=[list(rows_x.shape), list(rows_y.shape)],
                bootstrap_unit="observations of both inputs together",
                **options,
                seed=seed,
            ),
            **result_fields(scores, n_bootstrap_ci, ci),
        )
    if n_bootstrap_ci is not None and is_estimable:
        return interval_dict(scores, ci)
    return measure.compare(a, b)


def _prepared(measure: PairedMeasure, X: Matrix, Y: Matrix) -> tuple[Any, Any]:
    """Both sides of a comparison; warns of numbers too large to be squared."""
    a, b = measure.prepare(X), measure.prepare(Y)
    if a.is_too_large or b.is_too_large:
        with WarningTally() as tally:
            tally.overflowed()
    return a, b
