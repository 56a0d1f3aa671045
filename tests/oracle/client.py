"""Our end of the oracle's pipe."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, cast

from .wire import Outcome, Request, receive, send

_TESTS = Path(__file__).resolve().parents[1]


class Oracle:
    """A process of another Python in which functions are called by their dotted names.

    Arrays arrive there with their dtype, byte order, strides and alignment, so what depends
    on the memory layout is reproduced. Exceptions are reported, not raised. ``variables`` are
    added to its environment.
    """

    def __init__(self, python: str | os.PathLike[str], **variables: str) -> None:
        self._process = subprocess.Popen(
            [os.fspath(python), "-s", "-P", "-B", "-m", "oracle.server"],
            env={**os.environ, **variables, "PYTHONPATH": os.fspath(_TESTS)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._requests = cast(BinaryIO, self._process.stdin)
        self._outcomes = cast(BinaryIO, self._process.stdout)

    def call(self, function: str, *args: Any, **kwargs: Any) -> Outcome:
        """Call ``function``, for example ``"scipy.spatial.distance.pdist"``."""
        return self.call_many([Request(function, args, kwargs)])[0]

    def call_many(self, requests: Iterable[Request]) -> list[Outcome]:
        """Make several calls at the price of one exchange."""
        batch = list(requests)
        try:
            send(self._requests, batch)
            return cast("list[Outcome]", receive(self._outcomes))
        except (BrokenPipeError, EOFError) as error:
            status = self._process.wait()
            message = f"the oracle ended with status {status} (its traceback is on stderr)"
            raise RuntimeError(message) from error

    def close(self) -> None:
        """End the process."""
        self._requests.close()
        self._process.wait()
        self._outcomes.close()

    def __enter__(self) -> Oracle:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
