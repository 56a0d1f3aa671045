"""One computation in shards: each runs anywhere, in any order, and their states are added.

Examples
--------
>>> import numpy as np
>>> import fastshesha
>>> from fastshesha.shards import open_shards, write_shard
>>> X = np.random.default_rng(0).standard_normal((300, 16))
>>> settings = {"n_splits": 2, "seed": 320, "max_samples": None}
>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder, fastshesha.config(exact_pairs=10_000):
...     files = [f"{folder}/{k}.state" for k in (1, 2, 3)]
...     for k, file in enumerate(files, start=1):
...         write_shard(file, (k, 3), fastshesha.feature_split, X, **settings)
...     merged = open_shards(files).merged(fastshesha.feature_split, X, **settings)
...     merged == fastshesha.feature_split(X, **settings)
True
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._config import CHECKPOINT_INTERVAL

if TYPE_CHECKING:
    from .scale.ledger import Entry


def write_shard(
    path: str | os.PathLike[str],
    shard: tuple[int, int],
    function: Callable[..., Any],
    /,
    *args: Any,
    about: dict[str, Any] | None = None,
    **kwargs: Any,
) -> None:
    """Run one shard of a call, and write what it counts to a file.

    Parameters
    ----------
    path : str or path
        The file. One that holds an unfinished run of the same shard goes on, and the file is
        written anew every 30 seconds.
    shard : tuple of int
        (k, n) for the k-th of n shards, k from 1 to n.
    function : callable
        A function of this package whose pairs are streamed, such as ``feature_split`` under
        ``max_samples=None``.
    *args, **kwargs
        What to call it with; a ``seed`` among it, so that all shards draw the same.
    about : dict, optional
        What the file is to tell besides, as JSON can hold it.

    Raises
    ------
    ValueError
        ``shard`` is no such pair, the file belongs to another computation or is damaged, or the
        call streams no pairs.
    RuntimeError
        Another process writes the file.
    OSError
        It cannot be written.
    """
    from .scale.checkpoints import Checkpoint
    from .scale.running import noting_in

    share = _checked_share(shard)
    checkpoint = Checkpoint(Path(path), CHECKPOINT_INTERVAL, share=share, about=about)
    try:
        with noting_in(checkpoint):
            function(*args, **kwargs)
        if not checkpoint.entries:
            raise ValueError(
                "the call streams no pairs, so it has no shards: it needs more pairs than "
                "config(exact_pairs=...), max_pairs below their number, and, for feature_split "
                "and supervised_alignment, max_samples=None or above the number of rows"
            )
        checkpoint.is_finished = True
        checkpoint.save()
    finally:
        checkpoint.close()


def _checked_share(shard: Any) -> tuple[int, int]:
    if isinstance(shard, tuple) and len(shard) == 2:
        number, n_shards = shard
        if isinstance(number, int) and isinstance(n_shards, int) and 1 <= number <= n_shards:
            return number, n_shards
    raise ValueError(f"shard must be (k, n) with 1 <= k <= n, got {shard!r}")


@dataclass(frozen=True)
class Shards:
    """All shards of a call, opened by :func:`open_shards`."""

    about: dict[str, Any]
    _entries: list[Entry]
    _mixed_kernels: bool

    def merged(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """What the call returns, given what its shards counted.

        Parameters
        ----------
        function, *args, **kwargs
            The same call on the same rows as that of the shards; the matrix may have moved.

        Returns
        -------
        object
            What the function returns, with the bits of a call in one process. What the shards
            could not know is counted here: a sample of the pairs and, for few kinds of data, a
            second pass over all of them.

        Raises
        ------
        ValueError
            The shards belong to another call or to other rows.
        """
        from .scale.ledger import KeptLedger
        from .scale.running import noting_in

        ledger = KeptLedger("this set of shards", self._entries, mixed=self._mixed_kernels)
        with noting_in(ledger):
            return function(*args, **kwargs)


def open_shards(
    paths: Sequence[str | os.PathLike[str]], *, allow_mixed_kernels: bool = False
) -> Shards:
    """Add up the files of all shards of a call, in whatever order.

    Parameters
    ----------
    paths : sequence of str or path
        The files that :func:`write_shard` has written.
    allow_mixed_kernels : bool, default=False
        Accept shards of processors with and without AVX2. A few pairs may then count for a
        neighbouring level, which ``error_bound`` does not cover.

    Returns
    -------
    Shards
        With ``about``, what the first file tells besides, and :meth:`Shards.merged`.

    Raises
    ------
    ValueError
        A shard is missing, doubled, unfinished, damaged, or belongs to another computation; the
        message names it.
    OSError
        A file cannot be read.
    """
    from .scale.merging import merged_entries

    about, entries = merged_entries([Path(path) for path in paths], mixed=allow_mixed_kernels)
    return Shards(about, entries, allow_mixed_kernels)
