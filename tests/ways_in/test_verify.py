"""``fastshesha.verify`` where the original is installed, whatever ``shesha`` means there."""

from __future__ import annotations

import pytest

from ways_in.interpreter import Interpreter

DATA = """
import sys
import numpy as np
import fastshesha
rng = np.random.default_rng(0)
X, Y, labels = rng.standard_normal((40, 12)), rng.standard_normal((40, 12)), np.arange(40) % 2
"""
STATES = {
    "not imported": "",
    "original imported": "import shesha, shesha.sim",
    "installed": "fastshesha.install(); import shesha",
    "original replaced": (
        "import shesha, warnings\n"
        "with warnings.catch_warnings():\n"
        "    warnings.simplefilter('ignore')\n"
        "    fastshesha.install()"
    ),
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())
def test_the_meaning_of_the_name_is_left_alone(beside: Interpreter, state: str) -> None:
    beside.run(f"""
{DATA}
{state}
before = {{name: m for name, m in sys.modules.items() if name.partition(".")[0] == "shesha"}}
found = fastshesha.verify("feature_split", X, n_splits=3, seed=1)
assert found.agree and found.largest_difference < 1e-12, found
assert found.ours == fastshesha.feature_split(X, n_splits=3, seed=1)
after = {{name: m for name, m in sys.modules.items() if name.partition(".")[0] == "shesha"}}
assert after == before
original = sys.modules["_fastshesha_original"]
assert original.__version__ == "0.3.0" and "fastshesha" not in original.__file__
""")


def test_a_function_may_be_given_in_any_way(beside: Interpreter) -> None:
    beside.run(f"""
{DATA}
import shesha
ways = ["rdm_similarity", "core.rdm_similarity", "shesha.core.rdm_similarity",
        fastshesha.rdm_similarity, shesha.rdm_similarity]
assert {{fastshesha.verify(way, X, Y).function for way in ways}} == {{"rdm_similarity"}}
ways = ["sim.rdm_similarity", "fastshesha.sim.rdm_similarity", fastshesha.sim.rdm_similarity,
        shesha.sim.rdm_similarity]
assert {{fastshesha.verify(way, X, Y).function for way in ways}} == {{"sim.rdm_similarity"}}
ways = ["shesha", "shesha.shesha", fastshesha.shesha, shesha.shesha]
assert {{fastshesha.verify(way, X, n_splits=1).function for way in ways}} == {{"shesha"}}
""")


def test_every_shared_function_can_be_verified(beside: Interpreter) -> None:
    beside.run(f"""
{DATA}
import warnings
warnings.simplefilter("ignore")
calls = {{
    "variance_ratio": (X, labels), "class_separation_ratio": (X, labels),
    "lda_stability": (X, labels), "replicate_stability": (X, Y),
    "sample_split": (X,), "anchor_stability": (X, 3, 5, 5), "compute_rdm": (X,),
    "anchor_profile_stability": (X, Y, [0, 1, 2]), "sim.cka": (X, Y),
    "sim.procrustes_similarity": (X, Y), "bio.perturbation_coherence": (X, Y + 1),
    "bio.perturbation_effect_size": (X, Y + 1),
}}
for function, arguments in calls.items():
    found = fastshesha.verify(function, *arguments)
    assert found.agree and not isinstance(found.ours, Exception), (function, str(found))
""")


@pytest.mark.parametrize(
    "seed", ["np.random.default_rng(5)", "np.random.SeedSequence(5)", "np.random.PCG64(5)"]
)
def test_both_sides_draw_alike_from_a_copy(beside: Interpreter, seed: str) -> None:
    beside.run(f"""
{DATA}
seed, untouched = {seed}, {seed}
state = lambda: getattr(seed, "bit_generator", seed)
for options in ({{}}, {{"n_bootstrap_ci": 2, "max_samples": 30}}):
    found = fastshesha.verify("feature_split", X, n_splits=2, seed=seed, **options)
    assert found.agree, str(found)
drawn, expected = np.random.default_rng(seed), np.random.default_rng(untouched)
assert drawn.random() == expected.random()
""")


def test_without_a_seed_both_get_the_same_fresh_one(beside: Interpreter) -> None:
    beside.run(f"""
{DATA}
first = fastshesha.verify("feature_split", X, n_splits=2)
second = fastshesha.verify("feature_split", X, 2, "cosine", None)
third = fastshesha.verify("shesha", X, n_splits=2)
assert first.agree and second.agree and third.agree
assert len({{first.ours, second.ours, third.ours}}) == 3
""")


def test_an_error_is_a_result(beside: Interpreter) -> None:
    beside.run(f"""
{DATA}
both = fastshesha.verify("rdm_similarity", X, Y[:3])
assert both.agree and type(both.ours) is type(both.original) is ValueError
assert "agrees with the original: both raised ValueError" in str(both), str(both)
text = np.array(["a", "b"] * 20)
one = fastshesha.verify("supervised_alignment", X, text)
assert not one.agree and isinstance(one.ours, float) and one.largest_difference == float("inf")
assert "DISAGREES" in str(one) and "against raised ValueError" in str(one), str(one)
""")


def test_tables_are_compared_too(beside: Interpreter) -> None:
    beside.run(f"""
{DATA}
import pandas as pd
frame = pd.DataFrame({{"Sp": X[:, 0], "Mp": X[:, 1], "split_half_cosine": X[:, 2]}})
kept = frame.copy()
assert fastshesha.verify("bio.discordance", frame, method="rank").agree
assert fastshesha.verify("bio.magnitude_matched_comparison", frame).agree
pd.testing.assert_frame_equal(frame, kept)
""")


def test_without_the_original_the_way_to_it_is_named(alone: Interpreter) -> None:
    alone.run("""
        import fastshesha
        try:
            fastshesha.verify("feature_split", [[1.0]])
        except ModuleNotFoundError as error:
            assert "pip install shesha-geometry==0.3.0" in str(error), error
            assert error.name == "shesha"
        else:
            raise AssertionError("found")
    """)


STAND_IN = """
__version__ = "0.2.9"
def feature_split(X, seed=None): return 0.5
__all__ = ["feature_split"]
"""


def test_another_version_of_the_original_is_told(alone: Interpreter) -> None:
    alone.write("site/shesha/__init__.py", STAND_IN)
    alone.write(
        "site/shesha_geometry-0.2.9.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: shesha-geometry\nVersion: 0.2.9\n",
    )
    alone.run("""
        import sys, warnings
        sys.path.append("site")
        import fastshesha
        X = [[1.0, 2.0], [3.0, 4.0]]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = fastshesha.verify("feature_split", X, seed=1)
            fastshesha.verify("feature_split", X, seed=1)
        (warning,) = caught
        assert warning.category is UserWarning and "0.2.9" in str(warning.message)
        assert warning.filename == "<string>", warning.filename
        assert not found.agree and found.original == 0.5
    """)
