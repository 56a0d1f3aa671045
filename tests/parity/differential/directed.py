"""Calls that random drawing would not meet, or not often: defaults, limits, refused options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .directed_screens import SCREENS

Generator = np.random.Generator
Call = tuple[str, tuple[Any, ...], dict[str, Any], set[str]]


def _many_rows(rng: Generator) -> Call:
    return "feature_split", (rng.standard_normal((1700, 8)),), {"n_splits": 1, "seed": 7}, set()


def _all_defaults(rng: Generator) -> Call:
    return "feature_split", (rng.standard_normal((50, 41)),), {"seed": 320}, set()


def _unseeded_without_chance(rng: Generator) -> Call:
    return "feature_split", (rng.standard_normal((3, 9)),), {}, set()


def _target_out_of_reach(rng: Generator) -> Call:
    options = {"n_splits": 2, "seed": 1, "target_mc_se": 1e-9}
    return "feature_split", (rng.standard_normal((6, 8)),), options, set()


def _generator_as_seed(rng: Generator) -> Call:
    options = {"seed": np.random.default_rng(5), "n_splits": 3, "n_bootstrap_ci": 3}
    return "feature_split", (rng.standard_normal((9, 8)),), options, set()


def _empty_batch_with_wrong_option(rng: Generator) -> Call:
    return "feature_split", ([],), {"metric": "euclidean"}, {"X=empty_list", "odd=metric"}


def _many_labelled_rows(rng: Generator) -> Call:
    X, y = rng.standard_normal((500, 16)), np.repeat(np.arange(5), 100)
    return "supervised_alignment", (X, y), {"seed": 320}, set()


def _many_labelled_rows_as_result(rng: Generator) -> Call:
    X, y = rng.standard_normal((310, 6)), np.arange(310) % 3
    return "supervised_alignment", (X, y), {"seed": 3, "return_type": "result"}, set()


def _all_labels_distinct(rng: Generator) -> Call:
    return "variance_ratio", (rng.standard_normal((6, 4)), np.arange(6)), {}, set()


def _unlabelled_variant(rng: Generator) -> Call:
    return "shesha", (rng.standard_normal((6, 4)),), {"variant": "supervised"}, set()


def _variant_with_ignored_options(rng: Generator) -> Call:
    X, y = rng.standard_normal((8, 4)), np.arange(8) % 2
    options = {"variant": "variance", "seed": 3, "n_bootstrap_ci": 5}
    return "shesha", (X, y), options, set()


def _drift_of_itself(rng: Generator) -> Call:
    X = rng.standard_normal((20, 6))
    return "rdm_drift", (X, X), {"metric": "correlation"}, set()


def _no_features(rng: Generator) -> Call:
    return "compute_rdm", (np.empty((5, 0)), "correlation", True, "propagate"), {}, {"n_features=0"}


def _result_without_seed_check(rng: Generator) -> Call:
    X, y = rng.standard_normal((8, 4)), np.arange(8) % 2
    return "variance_ratio", (X, y), {"seed": "seven", "return_type": "result"}, set()


def _wrong_seed_after_omitted_pairs(rng: Generator) -> Call:
    X = np.vstack([np.zeros((1, 4)), rng.standard_normal((8, 4))])
    options = {"seed": 1.5, "n_bootstrap_ci": 2, "nan_policy": "omit", "return_type": "result"}
    return "rdm_similarity", (X, X), options, {"odd=seed:1.5"}


def _interval_level_as_text(rng: Generator) -> Call:
    X = rng.standard_normal((8, 6))
    return "feature_split", (X,), {"seed": 1, "ci": "0.9"}, {"odd=ci:'0.9'"}


def _target_as_text(rng: Generator) -> Call:
    options = {"seed": 1, "target_mc_se": "0.1"}
    return "feature_split", (rng.standard_normal((8, 6)),), options, {"odd=target_mc_se:'0.1'"}


def _no_matrix(rng: Generator) -> Call:
    return "supervised_alignment", (None, [0, 1]), {"return_type": "result"}, {"X=none"}


def _limit_as_text(rng: Generator) -> Call:
    X, y = rng.standard_normal((8, 4)), np.arange(8) % 2
    options = {"max_samples": "3", "return_type": "result"}
    return "supervised_alignment", (X, y), options, {"odd=max_samples:'3'"}


def _column_far_from_zero(rng: Generator) -> Call:
    X = rng.standard_normal((303, 1)) + 1e6
    return "variance_ratio", (X, np.arange(303) % 3), {}, {"family=offset"}


def _wrong_count_after_overflow(rng: Generator) -> Call:
    X, y = rng.standard_normal((8, 4)) * 1e160, np.arange(8) % 2
    options = {"n_bootstrap_ci": 2.0, "return_type": "result"}
    return "variance_ratio", (X, y), options, {"odd=n_bootstrap_ci:2.0"}


def _sample_split_by_default(rng: Generator) -> Call:
    return "sample_split", (rng.standard_normal((60, 16)),), {"seed": 320}, set()


def _anchors_by_default(rng: Generator) -> Call:
    return "anchor_stability", (rng.standard_normal((560, 8)),), {"seed": 320}, set()


def _separation_by_default(rng: Generator) -> Call:
    X, y = rng.standard_normal((80, 8)), np.arange(80) % 3
    return "class_separation_ratio", (X, y), {"seed": 320}, set()


def _discriminant_by_default(rng: Generator) -> Call:
    y = np.arange(80) % 2
    X = rng.standard_normal((80, 8)) + y[:, np.newaxis]
    return "lda_stability", (X, y), {"seed": 320}, set()


def _discriminant_of_many_features(rng: Generator) -> Call:
    y = np.arange(200) % 2
    X = rng.standard_normal((200, 160)) + 0.2 * np.outer(y, rng.standard_normal(160))
    return "lda_stability", (X, y), {"seed": 320, "n_bootstrap_ci": 2}, set()


def _aligned(rng: Generator, kind: str, labels: Any, **options: Any) -> Call:
    arguments = (rng.standard_normal((len(labels), 5)), labels)
    return "supervised_alignment", arguments, {"seed": 1, **options}, {f"labels={kind}"}


def _text_as_labels(rng: Generator) -> Call:
    return _aligned(rng, "strings", np.array(["ant", "bee"])[np.arange(12) % 2])


def _numbers_in_text_as_labels(rng: Generator) -> Call:
    return _aligned(rng, "numeric_strings", (np.arange(12) % 3).astype(str))


def _bootstrap_of_text(rng: Generator) -> Call:
    return _aligned(rng, "strings", np.array(["a", "b"])[np.arange(12) % 2], n_bootstrap_ci=3)


def _labels_beyond_floats(rng: Generator) -> Call:
    return _aligned(rng, "huge_integers", np.arange(12) % 2 + 2**60)


def _unsigned_labels_beyond_floats(rng: Generator) -> Call:
    return _aligned(rng, "uint64", (np.arange(12) % 2).astype(np.uint64) + np.uint64(2**63))


def _discriminant_of_missing_labels(rng: Generator) -> Call:
    y = np.where(np.arange(20) < 10, np.nan, 1.0)
    return "lda_stability", (rng.standard_normal((20, 4)), y), {"seed": 1}, {"labels=nan"}


def _alignment_of_nothing_with_wrong_seed(rng: Generator) -> Call:
    options = {"seed": 1.5, "n_bootstrap_ci": 2}
    return "sim.cka", (np.empty((0, 3)), np.empty((0, 3))), options, {"n_samples=0", "odd=seed:1.5"}


def _alignment_of_large_numbers(rng: Generator) -> Call:
    X = rng.standard_normal((8, 4))
    return "sim.cka_linear", (1e160 * X, X), {}, {"family=scaled"}


def _rotation_of_large_numbers(rng: Generator) -> Call:
    X = rng.standard_normal((8, 4))
    return "sim.procrustes_similarity", (1e160 * X, X), {}, {"family=scaled"}


DIRECTED: tuple[Callable[[Generator], Call], ...] = (
    _many_rows,
    _all_defaults,
    _unseeded_without_chance,
    _target_out_of_reach,
    _generator_as_seed,
    _empty_batch_with_wrong_option,
    _many_labelled_rows,
    _many_labelled_rows_as_result,
    _all_labels_distinct,
    _unlabelled_variant,
    _variant_with_ignored_options,
    _drift_of_itself,
    _no_features,
    _result_without_seed_check,
    _wrong_seed_after_omitted_pairs,
    _interval_level_as_text,
    _target_as_text,
    _no_matrix,
    _limit_as_text,
    _column_far_from_zero,
    _wrong_count_after_overflow,
    _sample_split_by_default,
    _anchors_by_default,
    _separation_by_default,
    _discriminant_by_default,
    _discriminant_of_many_features,
    _text_as_labels,
    _numbers_in_text_as_labels,
    _bootstrap_of_text,
    _labels_beyond_floats,
    _unsigned_labels_beyond_floats,
    _discriminant_of_missing_labels,
    _alignment_of_nothing_with_wrong_seed,
    _alignment_of_large_numbers,
    _rotation_of_large_numbers,
    *SCREENS,
)
