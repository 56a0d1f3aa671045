"""Memory of what is kept of all pairs: refused before the system promises it in vain."""

from __future__ import annotations

from fastshesha._resamples import can_be_weighed

from .cgroup import memory_limit
from .pair_limit import count_pairs

# Bytes that are not worth asking the system for.
_WORTH_ASKING = 400_000_000
SAMPLE_PAIRS = (
    "use fewer samples, or max_pairs in feature_split, rdm_similarity, rdm_drift, "
    "replicate_stability and supervised_alignment, which compares a sample of the pairs"
)
RDM_BYTES = 8
# Distances, and what ranks against labels take.
LABEL_BYTES = 28
# What ranking the distances of one RDM takes beside them and their ranks.
RANKING_BYTES = 33
# Measured resident memory of a pair: both distances; their order, ranks and what sorting takes.
_COMPARISON = {"pearson": 16, "spearman": 36}
# An order of the pairs in each RDM and lines of ranks, for 16 replicates at a time.
_WEIGHED = {"pearson": 36, "spearman": 160}
_WEIGHED_SPLITS = 250
# Both distances of all pairs, and where those of a resample stand among them.
_RESAMPLED = 82


def comparison_bytes(
    n_samples: int, method: str, *, is_bootstrap: bool, keeps_distances: bool = True
) -> int:
    """Bytes that a correlation of two RDMs takes for every pair.

    A bootstrap that may not weigh the pairs resamples them, or, unless it ``keeps_distances``,
    the samples.
    """
    if not is_bootstrap:
        return _COMPARISON[method]
    if can_be_weighed(n_samples):
        return _WEIGHED[method]
    return _RESAMPLED if keeps_distances else _COMPARISON[method]


def split_bootstrap_bytes(n_samples: int) -> int:
    """Bytes that replicates of a feature split take for every pair."""
    return _WEIGHED_SPLITS if can_be_weighed(n_samples) else _COMPARISON["spearman"]


def require_pairs(
    n_samples: int, bytes_per_pair: int = RDM_BYTES, remedy: str = SAMPLE_PAIRS
) -> None:
    """Refuse to keep so many bytes for every pair of samples where no memory here can hold them.

    Raises
    ------
    MemoryError
        With the bytes, and what to do instead.
    """
    if not fits_memory(bytes_per_pair * count_pairs(n_samples)):
        raise too_many_pairs(n_samples, bytes_per_pair, remedy)


def fits_memory(n_bytes: int) -> bool:
    """Whether so many bytes can be had, as far as the system tells."""
    if n_bytes < _WORTH_ASKING:
        return True
    limit = memory_limit()
    return limit is None or n_bytes <= limit


def too_many_pairs(
    n_samples: int, bytes_per_pair: int = RDM_BYTES, remedy: str = SAMPLE_PAIRS
) -> MemoryError:
    """The error, for who has found out otherwise."""
    n_pairs = count_pairs(n_samples)
    needed = f"{shown_bytes(RDM_BYTES * n_pairs)} per RDM"
    if bytes_per_pair > RDM_BYTES:
        needed += f", all that is made of them here {shown_bytes(bytes_per_pair * n_pairs)}"
    return MemoryError(
        f"the distances of all {n_pairs} pairs of {n_samples} samples take {needed}, more than "
        f"can be had; {remedy}"
    )


def shown_bytes(n_bytes: int) -> str:
    """Bytes as messages tell them."""
    return f"{n_bytes} bytes ({n_bytes / 2**30:.1f} GiB)"
