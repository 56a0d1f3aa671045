"""Estimates: the path that a call will take, and figures of the right order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha._exact_trial import exact_seconds
from fastshesha._progress import told_as_one
from fastshesha.scale.running import noting_in, run_tiles
from fastshesha.scale.trial import Broken, Trial
from scale.streamed import EXACT_PAIRS, LABELS, X

PAIRS = 900 * 899 // 2


@pytest.mark.parametrize(
    ("path", "n_pairs", "settings", "options"),
    [
        ("exact", PAIRS, {}, {"max_samples": None}),
        ("exact", 100 * 99 // 2, {}, {"max_samples": 100}),
        ("streamed", PAIRS, {"exact_pairs": EXACT_PAIRS}, {"max_samples": None}),
        ("sampled", 60_000, {}, {"max_pairs": 60_000}),
        ("exact", PAIRS, {}, {"max_pairs": PAIRS, "max_samples": None}),
    ],
)
def test_path_and_error(
    path: str, n_pairs: int, settings: dict[str, Any], options: dict[str, Any]
) -> None:
    with fastshesha.config(**settings):
        found = fastshesha.estimate(fastshesha.feature_split, X, n_splits=3, seed=1, **options)
        result = fastshesha.feature_split(X, n_splits=3, seed=1, return_type="result", **options)
    assert isinstance(result, fastshesha.StabilityResult)
    assert (found.path, found.n_pairs) == (path, n_pairs)
    told = result.metadata.get("error_bound", result.metadata.get("pair_se", 0.0))
    assert told / 3 <= found.error <= 3 * told
    assert 0.0 < found.seconds < 60.0
    assert found.memory is None or 0 <= found.memory < 2**30


def test_partners_and_labels_are_estimated() -> None:
    with fastshesha.config(exact_pairs=EXACT_PAIRS):
        for function, partner in (
            (fastshesha.rdm_similarity, X[:, ::-1]),
            (fastshesha.replicate_stability, X[:, ::-1]),
            (fastshesha.supervised_alignment, LABELS),
        ):
            options = {"max_samples": 10**6} if partner is LABELS else {}
            found = fastshesha.estimate(function, X, partner, **options)
            assert (found.path, found.n_pairs) == ("streamed", PAIRS)


@pytest.mark.parametrize("metric", ["cosine", "correlation", "euclidean"])
def test_pearson_is_estimated(metric: str) -> None:
    options: dict[str, Any] = {"method": "pearson", "metric": metric}
    with fastshesha.config(exact_pairs=EXACT_PAIRS):
        for function in (fastshesha.rdm_similarity, fastshesha.replicate_stability):
            found = fastshesha.estimate(function, X, X[:, ::-1], **options)
            assert found.path == ("streamed" if metric == "euclidean" else "exact")
            assert (found.n_pairs, found.error) == (PAIRS, 0.0)
            assert 0.0 < found.seconds < 60.0


def test_time_is_extrapolated_to_all_tiles_and_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("fastshesha.scale.trial.time.perf_counter", lambda: clock[0])
    monkeypatch.setattr("fastshesha.scale.trial.part", lambda job, tiles: job.cut(*tiles))

    class Job:
        first_tile, last_tile = 0, 5000

        def cut(self, first: int, last: int) -> Any:
            self.n_tiles = last - first
            return self

        def run(self) -> None:
            clock[0] += 0.01 * self.n_tiles

    trial = Trial()
    clock[0] = 3.0
    with noting_in(trial), told_as_one(4), pytest.raises(Broken):
        run_tiles(Job())  # type: ignore[arg-type]
    assert trial.extrapolated(1.0, 3, 0.5) == pytest.approx(1.0 + 1.5 * 2.0 + 4 * 50.0)
    assert trial.extrapolated(1.0, 64, 0.5) == pytest.approx(1.0 + 2 * 1.5 * 2.0 + 4 * 50.0)


@pytest.mark.parametrize("n_rows", [300, 600, 9000])
@pytest.mark.parametrize("n_splits", [1, 100])
def test_exact_time_is_extrapolated_by_its_growth(
    n_rows: int, n_splits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, tried = [0.0], []
    monkeypatch.setattr("fastshesha._exact_trial.time.perf_counter", lambda: clock[0])

    def seconds(rows: int, splits: int) -> float:
        return float(1e-8 * (rows * (rows - 1) / 2) ** 1.1 * splits)

    def attempt(rows: int, splits: int) -> None:
        tried.append(seconds(rows, splits))
        clock[0] += tried[-1]

    found, most_rows = exact_seconds(attempt, n_rows, n_splits)
    assert found == pytest.approx(seconds(n_rows, n_splits), rel=1e-9)
    assert min(n_rows, 600) <= most_rows <= n_rows
    assert sum(tried) < 10.0


def test_what_cannot_be_estimated_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^function must be one of feature_split, rdm_similarity"):
        fastshesha.estimate(fastshesha.variance_ratio, X, LABELS)
    with pytest.raises(ValueError, match=r"^n_bootstrap_ci is not estimated; leave it out"):
        fastshesha.estimate(fastshesha.feature_split, X, n_bootstrap_ci=9)
    with pytest.raises(ValueError, match=r"^X must be"):
        fastshesha.estimate(fastshesha.feature_split, np.ones(3))
