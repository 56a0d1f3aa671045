"""An executor over Ray, which has none of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class RayExecutor(Executor):
    """Runs functions as tasks of Ray, for ``config(executor=...)``.

    Parameters
    ----------
    **options
        Options of ``ray.remote`` for every task, such as ``num_cpus=1``.

    Raises
    ------
    ModuleNotFoundError
        Ray is not installed.

    Notes
    -----
    Connect first (``ray.init``); otherwise Ray starts on this machine.

    Examples
    --------
    >>> import fastshesha
    >>> with fastshesha.config(executor=fastshesha.RayExecutor(num_cpus=1)):  # doctest: +SKIP
    ...     fastshesha.feature_split(X, max_samples=None, seed=320)
    """

    def __init__(self, **options: Any) -> None:
        import ray

        self._ray, self._options = ray, options
        if not ray.is_initialized():
            ray.init()
        self.num_workers = max(1, int(ray.cluster_resources().get("CPU", 1)))

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run ``fn(*args, **kwargs)`` somewhere in the cluster."""
        task = self._ray.remote(**self._options)(fn) if self._options else self._ray.remote(fn)
        future: Future[Any] = task.remote(*args, **kwargs).future()
        return future
