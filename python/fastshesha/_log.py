"""Diagnostics for ``logging.getLogger("fastshesha")``."""

from __future__ import annotations

import sys


def debug(message: str, *arguments: object) -> None:
    """Log at level DEBUG.

    Without ``logging`` loaded nobody can have asked for records, so it is not loaded for them:
    that would cost a tenth of the time numpy takes to import.
    """
    logging = sys.modules.get("logging")
    if logging is not None:
        logging.getLogger("fastshesha").debug(message, *arguments)
