"""Counting instructions: what is added up, and what is reported."""

from __future__ import annotations

import pytest

from tools import instruction_budget

# One function of ours that calls libc, and is called by Python; costs follow the line "calls=".
COUNTS = """\
desc: Trigger: Client Request: scores
ob=/usr/bin/python3
fn=call
0 1000
cob=/site-packages/fastshesha/_core.cpython-311-x86_64-linux-gnu.so
cfn=score
calls=1 0
0 77
ob=/site-packages/fastshesha/_core.cpython-311-x86_64-linux-gnu.so
fn=score
0 40
cob=/lib/libc.so.6
cfn=memcpy
calls=2 0
0 30
0 5
ob=/lib/libc.so.6
fn=memcpy
0 30
"""


def test_only_the_module_itself_counts() -> None:
    assert instruction_budget.inside_module(COUNTS.splitlines()) == 45


@pytest.mark.parametrize(("counted", "wrong"), [(1029, 0), (1031, 1), (500, 0)])
def test_three_percent_are_tolerated(counted: int, wrong: int) -> None:
    measured = {level: {"scores": counted} for level in instruction_budget.LEVELS}
    budgets = {level: {"scores": 1000} for level in instruction_budget.LEVELS}
    found = instruction_budget.compare(measured, budgets)
    assert len(found) == wrong * len(instruction_budget.LEVELS)


def test_a_call_without_a_budget_is_reported() -> None:
    measured = {level: {"scores": 1} for level in instruction_budget.LEVELS}
    assert "scores, avx2: counted 1, budget None" in instruction_budget.compare(measured, {})
