"""Ten seeds give the original's numbers; without a seed every call draws anew."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from oracle.client import Oracle
from oracle.wire import Request, observe
from parity.differential.compare import differences_of

SEEDS = (0, 1, 2, 7, 42, 320, 2026, 2**32 - 1, 2**63, 10**30)
RNG = np.random.default_rng(0)
LABELS = np.arange(60) % 2
X = RNG.standard_normal((60, 12)) + LABELS[:, np.newaxis]
Y = X + 0.5 * RNG.standard_normal((60, 12))
BOOTSTRAP = {"n_bootstrap_ci": 3}
RESULT = {"n_bootstrap_ci": 3, "return_type": "result"}
SPLITS = {"n_splits": 3}
BIO = "bio.perturbation_coherence"

# Every function that draws, in each way in which it draws.
CALLS: dict[str, tuple[str, tuple[Any, ...], dict[str, Any]]] = {
    "feature_split": ("feature_split", (X,), SPLITS),
    "feature_split, limited": ("feature_split", (X,), {**SPLITS, "max_samples": 20}),
    "feature_split, bootstrap": ("feature_split", (X,), {**SPLITS, **BOOTSTRAP}),
    "feature_split, result": ("feature_split", (X,), {**SPLITS, **RESULT}),
    "feature_split, target": ("feature_split", (X,), {**SPLITS, "target_mc_se": 0.02}),
    "sample_split": ("sample_split", (X,), SPLITS),
    "sample_split, limited": ("sample_split", (X,), {**SPLITS, "max_samples": 30}),
    "anchor_stability": ("anchor_stability", (X,), {**SPLITS, "n_anchors": 5, "n_per_split": 9}),
    "anchor_stability, bootstrap": (
        "anchor_stability",
        (X,),
        {**SPLITS, **BOOTSTRAP, "n_anchors": 5, "n_per_split": 9},
    ),
    "variance_ratio": ("variance_ratio", (X, LABELS), BOOTSTRAP),
    "supervised_alignment": ("supervised_alignment", (X, LABELS), {"max_samples": 20}),
    "class_separation_ratio": ("class_separation_ratio", (X, LABELS), {"n_bootstrap": 3}),
    "class_separation_ratio, result": ("class_separation_ratio", (X, LABELS), RESULT),
    "lda_stability": ("lda_stability", (X, LABELS), {"n_bootstrap": 3}),
    "lda_stability, bootstrap": ("lda_stability", (X, LABELS), BOOTSTRAP),
    "rdm_similarity": ("rdm_similarity", (X, Y), BOOTSTRAP),
    "rdm_drift": ("rdm_drift", (X, Y), RESULT),
    "shesha": ("shesha", (X,), SPLITS),
    "replicate_stability": ("replicate_stability", (X, Y), RESULT),
    "anchor_profile_stability": ("anchor_profile_stability", (X, Y, [0, 3, 5]), RESULT),
    "sim.rdm_similarity": ("sim.rdm_similarity", (X, Y), BOOTSTRAP),
    "sim.cka": ("sim.cka", (X, Y), BOOTSTRAP),
    "sim.cka_linear": ("sim.cka_linear", (X, Y), RESULT),
    "sim.cka_debiased": ("sim.cka_debiased", (X, Y), BOOTSTRAP),
    "sim.procrustes_similarity": ("sim.procrustes_similarity", (X, Y), BOOTSTRAP),
    "coherence": (BIO, (X, Y + 1), {"max_samples": 20}),
    "coherence, bootstrap": (BIO, (X, Y + 1), BOOTSTRAP),
    "coherence, whitened": (f"{BIO}_whitened", (X, Y + 1), {"max_samples": 20}),
    "coherence, neighbours": (f"{BIO}_knn", (X, Y + 1), {"max_samples": 20, "k": 5}),
    "effect size": ("bio.perturbation_effect_size", (X, Y + 1), BOOTSTRAP),
}
DEPRECATED = pytest.mark.filterwarnings("ignore::FutureWarning")


def ours(function: str) -> Callable[..., Any]:
    found: Callable[..., Any] = pkgutil.resolve_name(f"fastshesha.{function}")
    return found


@DEPRECATED
@pytest.mark.parametrize("name", CALLS)
def test_ten_seeds_give_the_numbers_of_the_original(oracle: Oracle, name: str) -> None:
    function, args, kwargs = CALLS[name]
    given = [{**kwargs, "seed": seed} for seed in SEEDS]
    expected = oracle.call_many(Request(f"shesha.{function}", args, options) for options in given)
    found = [observe(ours(function), args, options) for options in given]
    for options, mine, original in zip(given, found, expected, strict=True):
        assert original.exception is None, original.exception
        assert differences_of(mine, original) == [], options["seed"]
    assert len({repr(outcome.value) for outcome in found}) > 1


@DEPRECATED
@pytest.mark.parametrize("name", CALLS)
def test_without_a_seed_calls_differ(name: str) -> None:
    function, args, kwargs = CALLS[name]
    assert len({repr(ours(function)(*args, seed=None, **kwargs)) for _ in range(4)}) > 1


def annotated() -> Any:
    """The data as a screen in which every second cell is a control."""
    AnnData = pytest.importorskip("anndata").AnnData
    pandas = pytest.importorskip("pandas")
    names = [f"cell {row}" for row in range(60)]
    labels = np.array(["control", "gene"])[LABELS]
    return AnnData(X, obs=pandas.DataFrame({"perturbation": labels}, index=names))


SCREENS: dict[str, tuple[str, dict[str, Any]]] = {
    "bio.compute_coherence": ("seed", {"max_samples": 20}),
    "bio.compute_coherence_whitened": ("seed", {"max_samples": 20}),
    "bio.compute_coherence_knn": ("seed", {"max_samples": 20, "k": 5}),
    "bio.split_half_reproducibility": ("random_state", {"n_splits": 4}),
}


@pytest.mark.parametrize("function", SCREENS)
def test_ten_seeds_of_a_screen(oracle: Oracle, function: str) -> None:
    keyword, options = SCREENS[function]
    arguments = (annotated(), "perturbation")
    values = set()
    for seed in SEEDS:
        given = {**options, keyword: seed}
        original = oracle.call(f"shesha.{function}", *arguments, **given)
        found = observe(ours(function), arguments, given)
        assert original.exception is None, original.exception
        assert differences_of(found, original) == [], seed
        values.add(repr(found.value))
    assert len(values) > 1
