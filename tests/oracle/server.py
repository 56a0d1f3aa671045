"""The oracle's end of the pipe: runs in the environment of the original package.

Answers lists of requests on stdin with lists of outcomes on stdout until stdin is closed.
"""

from __future__ import annotations

import os
import pkgutil
import sys
import warnings
from typing import Any, BinaryIO

from oracle.wire import AnnotatedFile, Outcome, Request, observe, receive, send


def answer(request: Request) -> Outcome:
    args = tuple(_opened(argument) for argument in request.args)
    return observe(pkgutil.resolve_name(request.function), args, request.kwargs)


def _opened(argument: Any) -> Any:
    """The AnnData in the place of its file; what reading it warns of is no part of the call."""
    if not isinstance(argument, AnnotatedFile):
        return argument
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import anndata

        return anndata.read_h5ad(argument.path, backed="r" if argument.backed else None)


def serve(requests: BinaryIO, outcomes: BinaryIO) -> None:
    while True:
        try:
            batch = receive(requests)
        except EOFError:
            return
        send(outcomes, [answer(request) for request in batch])


def main() -> None:
    # What the original prints must not end up between the messages.
    outcomes = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, outcomes)


if __name__ == "__main__":
    main()
