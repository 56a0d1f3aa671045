"""What one process of a distributed training found, given to all of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Ranks:
    """Whether this process is the first, and how what it has reaches the others."""

    is_first: bool
    broadcast: Callable[[Any], Any]

    def share(self, compute: Callable[[], T]) -> T:
        """Compute in the first process and return the result in all.

        An exception is raised in all of them, for one that went on alone would wait for ever.
        """
        outcome: T | None = None
        fault: Exception | None = None
        if self.is_first:
            try:
                outcome = compute()
            except Exception as error:
                fault = error
        told = "" if fault is None else f"{type(fault).__name__}: {fault}"
        shared, told = self.broadcast((outcome, told))
        if fault is not None:
            raise fault
        if told:
            raise RuntimeError(f"in the first process: {told}")
        result: T = shared
        return result


def torch_ranks() -> Ranks:
    """The ranks of torch.distributed where it is in use; otherwise this process alone."""
    torch: Any = sys.modules.get("torch")
    if torch is None or not torch.distributed.is_available():
        return Ranks(True, lambda value: value)
    if not torch.distributed.is_initialized():
        return Ranks(True, lambda value: value)
    return Ranks(torch.distributed.get_rank() == 0, _broadcast)


def _broadcast(value: Any) -> Any:
    torch: Any = sys.modules["torch"]
    box = [value]
    torch.distributed.broadcast_object_list(box, src=0)
    return box[0]
