"""Results pickled by the original load as ours, and ours load wherever fastshesha is installed."""

from __future__ import annotations

import pytest

from ways_in.interpreter import Interpreter

FIELDS = (
    "0.75, data_ci_low=0.5, ci_level=0.9, n_valid_splits=3, component_scores=(0.25, 1.25), "
    "warnings=('note',), metadata={'estimator': 'feature_split', 'seed': 320}"
)
WRITE = f"""
import pickle
from shesha import StabilityResult
result = StabilityResult({FIELDS})
with open("result.pickle", "wb") as file:
    pickle.dump(result, file, protocol=%d)
"""
READ = f"""
import pickle
with open("result.pickle", "rb") as file:
    result = pickle.load(file)
import fastshesha
assert type(result) is fastshesha.StabilityResult, type(result)
assert result == fastshesha.StabilityResult({FIELDS})
assert float(result) == 0.75
"""
INSTALL = "import fastshesha\nfastshesha.install()\n"


@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_of_the_original_through_our_file(
    original: Interpreter, alone: Interpreter, protocol: int
) -> None:
    original.run(WRITE % protocol)
    alone.run(READ)


def test_of_the_original_after_install(original: Interpreter, beside: Interpreter) -> None:
    original.run(WRITE % 5)
    beside.run(INSTALL + READ)


def test_of_ours_made_under_the_name_shesha(alone: Interpreter, beside: Interpreter) -> None:
    alone.run(WRITE % 5)
    beside.run(READ)


def test_of_ours_made_after_install(alone: Interpreter, beside: Interpreter) -> None:
    beside.run(INSTALL + WRITE % 5)
    alone.run(READ)
    beside.run(f"import shesha\n{READ}\nassert type(result) is not shesha.StabilityResult")
