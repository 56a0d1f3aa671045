"""How far a call over many items is, told as ``config(progress=...)`` says."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._config import current_settings

if TYPE_CHECKING:
    from collections.abc import Callable


class Progress:
    """Tells how many of the items are done: at the start, and after each of them."""

    def __init__(self, what: str, n_items: int) -> None:
        self._n_items = n_items
        self._n_done = 0
        self._callback: Callable[[int, int], object] | None = None
        self._bar: Any = None
        setting = current_settings().progress
        if setting is True:
            self._bar = _bar(what, n_items)
        elif setting:
            self._callback = setting

    def __enter__(self) -> Progress:
        self._tell()
        return self

    def advance(self) -> None:
        """Note that one more item is done."""
        self._n_done += 1
        self._tell()

    def _tell(self) -> None:
        if self._callback is not None:
            self._callback(self._n_done, self._n_items)
        elif self._bar is not None and self._n_done:
            self._bar.update()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()


def _bar(what: str, n_items: int) -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError as error:
        raise ImportError(
            "config(progress=True) draws a bar by tqdm, which is not installed: pip install tqdm, "
            "or pass a callable(done, total)"
        ) from error
    # None: only where the output is a terminal or a notebook.
    return tqdm(total=n_items, desc=what, disable=None)
