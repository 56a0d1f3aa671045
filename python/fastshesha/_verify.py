"""The original and this package on the same data: what they answer, and how fast."""

from __future__ import annotations

import copy
import inspect
import math
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from ._agreement import distance
from ._original import PRIVATE_NAME, load_original
from ._plan import fresh_seed

_PACKAGE = __name__.partition(".")[0]
_MODULES = ("", "replicate", "sim", "bio")
_TOLERANCE = 1e-12
_STATEFUL = (np.random.Generator, np.random.BitGenerator, np.random.SeedSequence)


@dataclass(frozen=True, eq=False)
class Verification:
    """What `verify` found.

    Attributes
    ----------
    function : str
        The function, as in ``"sim.cka"``.
    ours, original : object
        What each returned, or the exception that each raised.
    largest_difference : float
        The largest absolute difference between two numbers of the results; infinite where they
        differ in more than finite numbers, such as types, keys, or what is NaN.
    place : str
        Where in the result it was found; empty for a plain number.
    agree : bool
        Whether all numbers agree to 1e-12, relative to those beyond 1, or both raised the same
        type of exception.
    seconds_ours, seconds_original : float
        How long each took, without imports.
    """

    function: str
    ours: Any
    original: Any
    largest_difference: float
    place: str
    agree: bool
    seconds_ours: float
    seconds_original: float

    def __str__(self) -> str:
        verb = "agrees" if self.agree else "DISAGREES"
        found = f"largest difference {self.largest_difference:.2g}"
        if isinstance(self.ours, Exception) or isinstance(self.original, Exception):
            found = f"{_told(self.ours)} against {_told(self.original)}"
            if self.agree:
                found = f"both {_told(self.ours)}"
        elif math.isinf(self.largest_difference):
            found = f"{self.ours!r} against {self.original!r}"
        where = f" at {self.place}" if self.place and not self.agree else ""
        return (
            f"{self.function} {verb} with the original: {found}{where}; "
            f"{self.seconds_ours:.3g} s against {self.seconds_original:.3g} s"
        )


def _told(value: Any) -> str:
    return f"raised {type(value).__name__}" if isinstance(value, Exception) else repr(value)


def verify(function: str | Callable[..., Any], /, *args: Any, **kwargs: Any) -> Verification:
    """Call a function here and in the installed original, and compare.

    Parameters
    ----------
    function : str or callable
        The function: by name, such as ``"feature_split"`` or ``"sim.cka"``, or itself, taken
        from this package or from the original.
    *args, **kwargs
        What to call it with, on your own data. Random generators and seed sequences are copied,
        so that both calls draw the same numbers and yours stays as it is. Without a seed, a
        fresh one is drawn and given to both.

    Returns
    -------
    Verification
        Both results, the largest difference, ``agree``, and the seconds that each took.
        ``print`` shows it in a line.

    Raises
    ------
    ModuleNotFoundError
        The original is not installed: ``pip install shesha-geometry==0.3.0``.
    ValueError
        The function is none that both packages have.

    Warns
    -----
    UserWarning
        Another version of the original than 0.3.0 is installed.

    Notes
    -----
    The original is loaded once, under a private name: ``shesha`` keeps whatever meaning it has
    in this process. An exception is a result; warnings of the original are not shown again.
    Time and memory are those of both calls, one after the other. Behind products and
    decompositions of matrices (CKA, LDA, Procrustes, whitening) the last digits of the original
    depend on its BLAS; on badly conditioned data a difference above 1e-12 need not be a fault.

    Examples
    --------
    >>> import numpy as np
    >>> import fastshesha
    >>> X = np.random.default_rng(0).standard_normal((100, 32))
    >>> found = fastshesha.verify("feature_split", X, seed=320)  # doctest: +SKIP
    >>> found.agree, found.largest_difference < 1e-12  # doctest: +SKIP
    (True, True)
    """
    name = _name_of(function)
    original = _resolve(load_original().__name__, name)
    ours = _resolve(_PACKAGE, name)
    args, kwargs = _seeded(original, args, kwargs)
    result, seconds = _timed(ours, *_copies(args, kwargs))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected, seconds_original = _timed(original, *_copies(args, kwargs))
    verdict = _judged(result, expected)
    return Verification(name, result, expected, *verdict, seconds, seconds_original)


def _judged(ours: Any, original: Any) -> tuple[float, str, bool]:
    """The largest difference, its place, and whether that is agreement."""
    if isinstance(ours, Exception) or isinstance(original, Exception):
        same = type(ours).__name__ == type(original).__name__
        return (0.0 if same else math.inf), "", same
    found = distance(ours, original)
    return found.absolute, found.place, found.relative <= _TOLERANCE


def _timed(function: Callable[..., Any], args: Any, kwargs: Any) -> tuple[Any, float]:
    start = time.perf_counter()
    try:
        value = function(*args, **kwargs)
    except Exception as error:  # what is raised is a result here
        value = error
    return value, time.perf_counter() - start


def _copies(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The arguments, with copies of what a call would advance."""
    return [_copy(value) for value in args], {name: _copy(v) for name, v in kwargs.items()}


def _copy(value: Any) -> Any:
    return copy.deepcopy(value) if isinstance(value, _STATEFUL) else value


def _seeded(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments, with a seed where the function would draw its own."""
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return args, kwargs
    options: dict[str, Any] = bound.arguments
    if "kwargs" in bound.signature.parameters:
        options = bound.arguments.setdefault("kwargs", {})
    elif "seed" not in bound.signature.parameters:
        return args, kwargs
    if options.get("seed") is None:
        options["seed"] = fresh_seed()
    return bound.args, bound.kwargs


def _name_of(function: str | Callable[..., Any]) -> str:
    """The name within the package, such as ``"sim.cka"``."""
    if isinstance(function, str):
        name = function
        for package in (f"{_PACKAGE}.", "shesha."):
            name = name.removeprefix(package)
        return name.removeprefix("core.")
    for module in _MODULES:
        namespace = import_module(f"{_PACKAGE}.{module}".rstrip("."))
        for name in namespace.__all__:
            if getattr(namespace, name) is function:
                return f"{module}.{name}".lstrip(".")
    package, _, module = getattr(function, "__module__", "").partition(".")
    if package not in ("shesha", PRIVATE_NAME):
        return repr(function)
    return f"{module}.{function.__name__}" if module in ("sim", "bio") else function.__name__


def _resolve(package: str, name: str) -> Callable[..., Any]:
    """The public function of that name, of either package."""
    module, _, function = name.rpartition(".")
    namespace = import_module(f"{package}.{module}".rstrip(".")) if module in _MODULES else None
    found = getattr(namespace, function) if function in getattr(namespace, "__all__", ()) else None
    if not inspect.isfunction(found):
        raise ValueError(
            f"{name!r} is no function that fastshesha and the original share, such as "
            "'feature_split', 'sim.cka' or 'bio.perturbation_coherence'"
        )
    return found
