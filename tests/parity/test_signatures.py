"""Names, order, kinds and defaults of all parameters are the original's."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import pytest

import fastshesha
from oracle.client import Oracle

MODULES = ("shesha", "shesha.core", "shesha.replicate", "shesha.sim", "shesha.bio")
# An expression, as functions cannot be sent: what stands for one module of the original.
LISTED = """{
    name: [
        (p.name, p.kind.name, repr(p.default))
        for p in __import__("inspect").signature(value).parameters.values()
    ]
    for module in [__import__("importlib").import_module(%r)]
    for name in module.__all__
    for value in [getattr(module, name)]
    if callable(value)
}"""
FIELDS = "[(f.name, repr(f.default)) for f in __import__('dataclasses').fields(%s)]"
RESULT = "__import__('importlib').import_module('shesha').StabilityResult"


def evaluated(oracle: Oracle, expression: str) -> Any:
    outcome = oracle.call("builtins.eval", expression)
    assert outcome.exception is None, outcome.exception
    return outcome.value


def parameters_of(function: Any) -> list[tuple[str, str, str]]:
    parameters = inspect.signature(function).parameters.values()
    return [(p.name, p.kind.name, repr(p.default)) for p in parameters]


@pytest.mark.parametrize("module", MODULES)
def test_every_function_takes_what_the_original_takes(oracle: Oracle, module: str) -> None:
    """Ours may take more, by keyword alone and with a default."""
    namespace = import_module(module.replace("shesha", "fastshesha", 1))
    originals = evaluated(oracle, LISTED % module)
    assert originals, f"{module} of the original has no functions"
    for name, expected in originals.items():
        ours = parameters_of(getattr(namespace, name))
        ours = [p for p in ours if p in expected or p[1:2] != ("KEYWORD_ONLY",)]
        assert ours == expected, f"{module}.{name}"


def test_additional_parameters_have_defaults(oracle: Oracle) -> None:
    for module in MODULES:
        namespace = import_module(module.replace("shesha", "fastshesha", 1))
        for name, expected in evaluated(oracle, LISTED % module).items():
            known = {parameter for parameter, _, _ in expected}
            for added in inspect.signature(getattr(namespace, name)).parameters.values():
                assert added.name in known or added.default is not added.empty, (name, added)


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_there(oracle: Oracle, module: str) -> None:
    names = evaluated(oracle, f"__import__('importlib').import_module({module!r}).__all__")
    namespace = import_module(module.replace("shesha", "fastshesha", 1))
    assert [name for name in names if name not in namespace.__all__] == []
    assert [name for name in names if not hasattr(namespace, name)] == []


def test_a_result_has_the_fields_of_the_original(oracle: Oracle) -> None:
    ours = [
        (name, repr(field.default))
        for name, field in fastshesha.StabilityResult.__dataclass_fields__.items()
    ]
    assert [(n, d) for n, d in ours if "MISSING" not in d] == [
        (n, d) for n, d in evaluated(oracle, FIELDS % RESULT) if "MISSING" not in d
    ]
    assert [n for n, _ in ours] == [n for n, _ in evaluated(oracle, FIELDS % RESULT)]
