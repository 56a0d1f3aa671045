"""Many short pieces of work on all threads, each by itself on one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fastshesha._config import config
from fastshesha._resources.threads import n_threads

Item = TypeVar("Item")
Found = TypeVar("Found")


def in_threads(function: Callable[[Item], Found], items: Iterable[Item]) -> Iterator[Found]:
    """What the function makes of the items, in their order.

    Compiled code is told to use one thread: the items are too small to be divided.
    """

    def alone(item: Item) -> Found:
        with config(threads=1):
            return function(item)

    with ThreadPoolExecutor(n_threads()) as pool:
        yield from pool.map(alone, items)
