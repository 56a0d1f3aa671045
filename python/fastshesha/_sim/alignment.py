"""Centred kernel alignment (CKA) with linear kernels: its three estimators.

All of them are ratios of sums over pairs of samples of products of two centred kernels K and L.
The rows of a centred kernel add up to zero, so that of K without its diagonal, row i adds up to
-K_ii and all entries to -tr K: no sum needs more than <K, L> and the two diagonals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias, TypeVar

from fastshesha._validate import require_same_samples

from .alignment_bootstrap import resampled_alignments
from .gram import (
    CentredRows,
    LinearKernel,
    about_exact_mean,
    about_mean,
    inner_product,
    linear_kernel,
)

if TYPE_CHECKING:
    from fastshesha._typing import FloatArray, IndexArray, Matrix

# One value, or one for every replicate.
Real = TypeVar("Real", float, "FloatArray")
Estimator: TypeAlias = Literal["linear", "debiased", "unbiased"]

# The original adds it to the denominator.
SMALLEST_DENOMINATOR = 1e-12
# The corrections divide by the number of samples less three.
FEWEST_SAMPLES = 4


@dataclass(frozen=True)
class AlignedSide:
    """What comparisons need of one matrix.

    Attributes
    ----------
    kernel : LinearKernel
        Of the centred rows, each times the square root of the number of times it counts.
    n_samples : int
        Rows, each as often as it counts.
    trace : float
        Trace of the kernel.
    root_diagonal : ndarray or None
        Diagonal of the kernel of the rows as they are, times the square root of their counts;
        None where there is no correction for the diagonal.
    own : float
        The criterion of the matrix with itself.
    """

    kernel: LinearKernel
    n_samples: int
    trace: float = 0.0
    root_diagonal: FloatArray | None = None
    own: float = math.nan
    # A replicate may have a value where the whole has none.
    is_estimable: ClassVar[bool] = True

    @property
    def is_too_large(self) -> bool:
        """Whether squares of the kernel overflow; too few samples have no criterion at all."""
        return not math.isfinite(self.own) and self.n_samples >= FEWEST_SAMPLES


@dataclass(frozen=True)
class Alignment:
    """CKA by an estimator of the Hilbert-Schmidt independence criterion (HSIC)."""

    estimator: Estimator

    def require_comparable(self, X: Matrix, Y: Matrix, names: tuple[str, str]) -> None:
        """One row per shared sample."""
        require_same_samples(X, Y, names)

    def is_uncorrected(self, n_samples: int) -> bool:
        """Whether the plain estimator is used, for want of samples if not by name."""
        return self.estimator == "linear" or (
            self.estimator == "debiased" and n_samples < FEWEST_SAMPLES
        )

    def prepare(self, X: Matrix) -> AlignedSide:
        """Centre a matrix and compare it with itself."""
        n_samples = X.shape[0]
        if self.is_uncorrected(n_samples) or n_samples < FEWEST_SAMPLES:
            return self.side(about_mean(X), n_samples)
        return self.side(about_exact_mean(X), n_samples)

    def side(
        self, rows: CentredRows, n_samples: int, root_counts: FloatArray | None = None
    ) -> AlignedSide:
        """What comparisons need of rows centred already and scaled by ``root_counts``."""
        kernel = linear_kernel(rows)
        if self.is_uncorrected(n_samples):
            return AlignedSide(kernel, n_samples, own=inner_product(kernel, kernel))
        diagonal = kernel.diagonal
        root = diagonal if root_counts is None else diagonal / root_counts
        bare = AlignedSide(kernel, n_samples, float(diagonal.sum()), root)
        return AlignedSide(kernel, n_samples, bare.trace, root, self.criterion(bare, bare))

    def compare(self, a: AlignedSide, b: AlignedSide) -> float:
        """CKA of two prepared matrices."""
        return self.normalized(self.criterion(a, b), a.own, b.own, a.n_samples)

    def criterion(self, a: AlignedSide, b: AlignedSide) -> float:
        """The HSIC of two matrices, up to a factor that CKA cancels."""
        product = inner_product(a.kernel, b.kernel)
        if a.root_diagonal is None or b.root_diagonal is None:
            return product
        diagonals = float(a.root_diagonal @ b.root_diagonal)
        return self.corrected(product, a.trace * b.trace, diagonals, a.n_samples)

    def corrected(self, product: Real, traces: Real, diagonals: Real, n_samples: int) -> Real:
        """HSIC from <K, L>, the product of the traces and the product of the diagonals."""
        if n_samples < FEWEST_SAMPLES:
            return math.nan * product
        factor = 2 if self.estimator == "debiased" else n_samples
        pairs = (n_samples - 1) * (n_samples - 2)
        return product + traces / pairs - factor * diagonals / (n_samples - 2)

    def normalized(self, criterion: float, own_a: float, own_b: float, n_samples: int) -> float:
        """CKA from the three criteria."""
        if self.is_uncorrected(n_samples):
            denominator = math.sqrt(own_a) * math.sqrt(own_b) + SMALLEST_DENOMINATOR
            # A sum of squares, but with Gram matrices rounding may put it below zero.
            return max(criterion, 0.0) / denominator
        if own_a <= 0.0 or own_b <= 0.0:
            return 0.0 if self.estimator == "debiased" else math.nan
        # The product of the two could leave the range of float64.
        return criterion / (math.sqrt(own_a) * math.sqrt(own_b))

    def resampled(self, X: Matrix, Y: Matrix, replicates: Iterator[IndexArray]) -> Iterable[float]:
        """CKA of the rows of every replicate."""
        return resampled_alignments(self, X, Y, replicates)
