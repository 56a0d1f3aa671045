"""The three kinds of coherence behind one door.

For many perturbations of one control::

    options = CoherenceOptions(method, metric, k, regularization, seed, max_samples)
    control = ControlReference.from_rows(control_rows, options)
    scores = [control.coherence(group_rows) for group_rows in groups]

Rows are those of ``_rows.as_rows``: checked, of any numeric type.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fastshesha._plan import generator, subsample
from fastshesha._rows import as_float64
from fastshesha._validate import require_choice, require_int, require_positive

from .coherence import Centroid
from .neighbours import Neighbours
from .whitening import Whitening

if TYPE_CHECKING:
    from fastshesha._typing import (
        CoherenceMethod,
        CoherenceMetric,
        FloatArray,
        IndexArray,
        Matrix,
        Seed,
    )

COHERENCE_METHODS = ("standard", "whitened", "knn")
COHERENCE_METRICS = ("cosine", "euclidean")
FEWEST_SAMPLES = 5


@dataclass(frozen=True)
class CoherenceOptions:
    """The options of a call, checked one by one when they are put together."""

    method: CoherenceMethod = "standard"
    metric: CoherenceMetric = "cosine"
    k: int = 50
    regularization: float = 1e-6
    seed: Seed = None
    max_samples: int | None = 1000

    def __post_init__(self) -> None:
        require_choice(self.method, "method", COHERENCE_METHODS)
        require_choice(self.metric, "metric", COHERENCE_METRICS)
        require_int(self.k, "k")
        require_positive(self.regularization, "regularization")
        require_int(self.max_samples, "max_samples", allow_none=True)

    def sample(self, n_samples: int) -> IndexArray | None:
        """Rows of the perturbed samples that count, None for all of them."""
        too_many = self.max_samples is not None and n_samples > self.max_samples
        # The seed of 'standard' is looked at, and refused, even where nothing is drawn.
        if not too_many and self.method != "standard":
            return None
        return subsample(generator(self.seed), n_samples, self.max_samples)


class Reference(Protocol):
    """What is computed from the controls once: a centroid, a whitening, or neighbours."""

    def coherence(self, perturbed: FloatArray) -> float:
        """Coherence of at least five perturbed samples."""


@dataclass(frozen=True)
class ControlReference:
    """The controls of any number of perturbations.

    Attributes
    ----------
    reference : Reference or None
        None where there are fewer than five controls, and every coherence is NaN.
    options : CoherenceOptions
    """

    reference: Reference | None
    options: CoherenceOptions

    @classmethod
    def from_rows(cls, control: Matrix, options: CoherenceOptions) -> ControlReference:
        """The statistics of the controls that the method needs."""
        few = control.shape[0] < FEWEST_SAMPLES
        return cls(None if few else _reference(control, options), options)

    def coherence(self, perturbed: Matrix) -> float:
        """Coherence of perturbed samples, NaN for fewer than five.

        A subsample is drawn from the options' seed anew in every call; a generator given as
        the seed goes on from where it stands.
        """
        if self.reference is None or perturbed.shape[0] < FEWEST_SAMPLES:
            return math.nan
        chosen = self.options.sample(perturbed.shape[0])
        rows = perturbed if chosen is None else perturbed[chosen]
        return self.reference.coherence(as_float64(rows))


def _reference(control: Matrix, options: CoherenceOptions) -> Reference:
    if options.method == "standard":
        return Centroid.from_rows(control, options.metric)
    if options.method == "whitened":
        return Whitening.from_rows(control, options.regularization)
    return Neighbours.from_rows(control, options.k, options.metric)
