"""One thread for the decompositions of numpy, where threadpoolctl can see to it.

On cores that a training loop keeps busy, the threads of a BLAS wait for each other at every step
of a decomposition: a hundred times the time of one thread was measured.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any


def one_thread() -> AbstractContextManager[object]:
    """A block in which numpy's BLAS runs on one thread; without threadpoolctl nothing changes."""
    controller = _controller()
    if controller is None:
        return nullcontext()
    limits: AbstractContextManager[object] = controller.limit(limits=1, user_api="blas")
    return limits


@cache
def _controller() -> Any:
    # Looking for the libraries takes milliseconds; numpy's is loaded by now, and it is the one.
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return ThreadpoolController()
