"""Comparing two RDMs whose distances are not kept: one way for each correlation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pearson_rdms import pearson_rdms
from .rdm_streams import StreamedRdms, stream_rdms

if TYPE_CHECKING:
    from fastshesha._typing import CorrelationMethod, Matrix, NanPolicy, RdmMetric, Seed
    from fastshesha._warnings import WarningTally


def compare_unkept(
    X: Matrix,
    Y: Matrix,
    metric: RdmMetric,
    method: CorrelationMethod,
    nan_policy: NanPolicy,
    tally: WarningTally,
    *,
    max_pairs: int | None,
    seed: Seed,
) -> StreamedRdms | None:
    """What is known of the correlation; None where all pairs are few enough to be kept."""
    if method == "pearson":
        return pearson_rdms(X, Y, metric, nan_policy, tally)
    return stream_rdms(X, Y, metric, nan_policy, tally, max_pairs=max_pairs, seed=seed)
