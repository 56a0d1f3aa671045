"""Every random draw, in the order the original makes them; no other module owns a generator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ._typing import IndexArray, Seed

# Row indices of bootstrap replicates that are drawn together: 1 MiB.
_INDICES_PER_DRAW = 2**17


def generator(seed: Seed) -> np.random.Generator:
    """The generator of a call; one that is passed in is used (and advanced) as it stands."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError) as error:
        raise _bad_seed(seed, error) from error


def spawned(rng: np.random.Generator) -> np.random.Generator:
    """A generator of its own, which leaves the draws of ``rng`` as they are."""
    try:
        return rng.spawn(1)[0]
    except TypeError as error:
        raise TypeError(
            "seed must be able to spawn a second generator for max_pairs, as those of "
            f"numpy.random.default_rng are; {error}"
        ) from error


def starts_anew(seed: Seed) -> bool:
    """Whether ``generator(seed)`` draws the same every time."""
    if isinstance(seed, (int, np.integer, np.ndarray, np.random.SeedSequence)):
        return True
    return isinstance(seed, Sequence)


def _bad_seed(seed: object, error: Exception) -> Exception:
    kind = TypeError if isinstance(error, TypeError) else ValueError
    return kind(
        f"seed must be None, an integer >= 0 or a sequence of such, got {seed!r} "
        "(a numpy random generator is taken too, except for the bootstrap of a feature_split "
        "result)"
    )


def subsample(
    rng: np.random.Generator, n_samples: int, max_samples: int | None
) -> IndexArray | None:
    """Distinct row indices in random order, or None where there are few enough rows."""
    if max_samples is None or n_samples <= max_samples:
        return None
    return rng.choice(n_samples, max_samples, replace=False)


def distinct_rows(rng: np.random.Generator, n_samples: int, size: int) -> IndexArray:
    """Distinct row indices in random order."""
    return rng.choice(n_samples, size, replace=False)


def repeated_rows(rng: np.random.Generator, rows: IndexArray, size: int) -> IndexArray:
    """Some of the given rows, drawn with replacement."""
    return rng.choice(rows, size, replace=True)


def shuffled(rng: np.random.Generator, rows: IndexArray) -> IndexArray:
    """The given rows in random order."""
    return rng.permutation(rows)


def feature_halves(
    rng: np.random.Generator, n_features: int, n_splits: int
) -> tuple[IndexArray, IndexArray]:
    """Disjoint halves of the features, one permutation per split.

    Returns
    -------
    first, second : ndarray of int64, shape (n_splits, n_features // 2)
        Of an odd number of features, the last one of each permutation is in neither half.
    """
    half = n_features // 2
    first = np.empty((n_splits, half), dtype=np.int64)
    second = np.empty((n_splits, half), dtype=np.int64)
    for split in range(n_splits):
        permutation = rng.permutation(n_features)
        first[split] = permutation[:half]
        second[split] = permutation[half : 2 * half]
    return first, second


def bootstrap_rows(seed: Seed, n_samples: int, n_bootstraps: int) -> Iterator[IndexArray]:
    """Row indices of every bootstrap replicate, drawn with replacement.

    A generator passed as the seed is shared with the metric inside the replicate, whose draws come
    in between: it draws one replicate at a time. Others draw many at once, which are the same.
    """
    rng = generator(seed)
    is_shared = not (seed is None or starts_anew(seed))
    most = 1 if is_shared else max(1, _INDICES_PER_DRAW // max(1, n_samples))
    for begin in range(0, n_bootstraps, most):
        yield from _redrawn(rng, n_samples, min(most, n_bootstraps - begin))


def _redrawn(rng: np.random.Generator, n_samples: int, n_times: int) -> IndexArray:
    """What ``rng.choice(n_samples, n_samples)`` draws so many times, in less time."""
    return rng.integers(0, max(1, n_samples), (n_times, n_samples))


def two_sample_bootstrap_rows(
    seed: Seed, n_first: int, n_second: int, n_bootstraps: int
) -> Iterator[tuple[IndexArray, IndexArray]]:
    """Row indices of both samples for every replicate, each resampled on its own.

    One at a time: draws of both samples alternate.
    """
    rng = generator(seed)
    for _ in range(n_bootstraps):
        first = _redrawn(rng, n_first, 1)[0]
        yield first, _redrawn(rng, n_second, 1)[0]


def conditional_bootstrap_rows(
    seed: Seed, n_samples: int, n_bootstraps: int
) -> Iterator[IndexArray]:
    """Bootstrap rows independent of what ``seed`` itself has drawn: those of its first child.

    A generator has no such child: the seed must be an integer, a sequence of such, or None.
    """
    try:
        sequence = np.random.SeedSequence(seed)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise _bad_seed(seed, error) from error
    return bootstrap_rows(sequence.spawn(1)[0], n_samples, n_bootstraps)


def label_seed(label: object, base_seed: int) -> int:
    """A seed for one label, the same in every process: the base plus a hash of type and value."""
    from hashlib import blake2b

    try:
        base = int(base_seed)
    except (TypeError, ValueError) as error:
        raise type(error)(f"random_state must be an integer, got {base_seed!r}") from error
    kind = type(label)
    text = f"{kind.__module__}.{kind.__qualname__}:{label!r}"
    digest = blake2b(text.encode(), digest_size=8).digest()
    return base + int.from_bytes(digest, "big") % 100_000


def fresh_seed() -> int:
    """A seed from the entropy of the operating system, for two calls that must draw alike."""
    return int(np.random.SeedSequence().generate_state(1)[0])
