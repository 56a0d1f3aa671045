"""The oracle's end of the pipe: runs in the environment of the original package.

Answers lists of requests on stdin with lists of outcomes on stdout until stdin is closed.
"""

from __future__ import annotations

import os
import pkgutil
import sys
from typing import BinaryIO

from oracle.wire import Outcome, Request, observe, receive, send


def answer(request: Request) -> Outcome:
    return observe(pkgutil.resolve_name(request.function), request.args, request.kwargs)


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
