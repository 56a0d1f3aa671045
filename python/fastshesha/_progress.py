"""How far a call over many items is, told as ``config(progress=...)`` says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._config import current_settings

if TYPE_CHECKING:
    from collections.abc import Callable


class Cancelled(RuntimeError):  # noqa: N818
    """A callable given as ``config(progress=...)`` returned False to end the call."""


class Progress:
    """Tells how many of the items are done: at the start, and after some or each of them."""

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

    def advance(self, n_items: int = 1) -> None:
        """Note that more items are done."""
        self._n_done += n_items
        if self._bar is not None:
            self._bar.update(n_items)
        self._tell()

    def skip(self, n_items: int) -> None:
        """Note items that were done before; a bar does not take them for its speed."""
        self._n_done += n_items
        if self._bar is not None:
            self._bar.initial += n_items
            self._bar.update(n_items)
        self._tell()

    def extend(self, n_items: int) -> None:
        """Note that there are more items than was thought."""
        self._n_items += n_items
        if self._bar is not None:
            self._bar.total = self._n_items

    def _tell(self) -> None:
        if self._callback is not None and self._callback(self._n_done, self._n_items) is False:
            raise Cancelled(f"progress returned False after {self._n_done} of {self._n_items}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()


class _Passes:
    """Passes over tiles that are told of as one."""

    def __init__(self, n_passes: int) -> None:
        self.n_left = n_passes
        self._progress: Progress | None = None

    def begin(self, n_tiles: int) -> Progress:
        """What to tell of one more pass."""
        if self._progress is None:
            self._progress = Progress("tiles", self.n_left * n_tiles)
            self._progress.__enter__()
        elif self.n_left < 1:
            self._progress.extend(n_tiles)
        self.n_left -= 1
        return self._progress

    def end(self) -> None:
        """There are no more passes."""
        if self._progress is not None:
            self._progress.__exit__(None, None, None)


_passes: ContextVar[_Passes | None] = ContextVar("fastshesha_passes", default=None)


@contextmanager
def told_as_one(n_passes: int) -> Iterator[None]:
    """Tell of the passes of a ``with`` block as of one: so many, as far as is known."""
    passes = _Passes(n_passes)
    token = _passes.set(passes)
    try:
        yield
    finally:
        _passes.reset(token)
        passes.end()


def expected_passes() -> int:
    """How many passes are still to come, as far as is known."""
    passes = _passes.get()
    return 1 if passes is None else passes.n_left


@contextmanager
def tile_progress(n_tiles: int, n_done: int) -> Iterator[Progress]:
    """Tell of a pass over tiles, of which some were done before."""
    if _passes.get() is None:
        with told_as_one(1), tile_progress(n_tiles, n_done) as progress:
            yield progress
        return
    passes = _passes.get()
    assert passes is not None
    progress = passes.begin(n_tiles)
    if n_done:
        progress.skip(n_done)
    yield progress


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
