"""The forms in which feature_split answers: number, dict of splits, interval, or result."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastshesha import _log
from fastshesha._bootstrap import bootstrap_dict, interval_dict, result_fields
from fastshesha._plan import (
    bootstrap_rows,
    conditional_bootstrap_rows,
    feature_halves,
    generator,
    starts_anew,
    subsample,
)
from fastshesha._resources.pair_limit import told_of_sampling
from fastshesha._resources.pair_memory import require_pairs, split_bootstrap_bytes
from fastshesha._resources.threads import resolve_threads
from fastshesha._result import StabilityResult, result_metadata, skipped_note
from fastshesha._rows import chosen_rows
from fastshesha._warnings import WarningTally, warn

from .bootstrap import SplitBootstrap
from .options import SplitOptions
from .partitions import Partitions, SplitRule, score_partitions
from .paths import Told, exact_scorer, paired_scorer, scaled

if TYPE_CHECKING:
    from fastshesha._typing import (
        FloatArray,
        IndexArray,
        Matrix,
        Rows,
        Score,
    )

_FEWEST = 4


def score_matrix(source: Rows, options: SplitOptions) -> Score:
    """The answer for one matrix in the form that was asked for."""
    _require_compatible(options)
    _log_plan(source, options)
    # Rows of a file stay there where the only access to them is to draw some.
    _require_memory(source.shape[0], options)
    X = source if _draws_once(source.shape[0], options) else chosen_rows(source, None)
    with WarningTally() as tally:
        if options.return_type == "result":
            return _as_result(X, options, tally)
        if options.rule.target_mc_se is not None:
            return _until_converged(X, options, tally)
        if options.n_bootstrap_ci is not None:
            return _as_interval(chosen_rows(X, None), options, tally)
        if _too_small(X):
            return math.nan
        return _as_plain(_scored(X, options, tally).partitions, options)


def _require_compatible(options: SplitOptions) -> None:
    if options.return_type == "result" or options.n_bootstrap_ci is None:
        return
    if options.rule.target_mc_se is not None:
        raise ValueError(
            "target_mc_se together with n_bootstrap_ci requires return_type='result', got 'float'"
        )
    if options.return_all_splits:
        raise ValueError(
            "return_all_splits and n_bootstrap_ci exclude each other under return_type='float', "
            f"got {options.return_all_splits!r} and {options.n_bootstrap_ci}"
        )


def _require_memory(n_samples: int, options: SplitOptions) -> None:
    """Refuse distances that no memory holds before the rows are copied for them."""
    if options.n_bootstrap_ci is not None:
        most = n_samples if options.max_samples is None else options.max_samples
        n_samples = min(n_samples, most)
        require_pairs(n_samples, split_bootstrap_bytes(n_samples))


def _draws_once(n_samples: int, options: SplitOptions) -> bool:
    most = None if options.max_pairs is not None else options.max_samples
    return options.n_bootstrap_ci is None and most is not None and n_samples > most


def _log_plan(X: Rows, options: SplitOptions) -> None:
    n_threads, source = resolve_threads()
    _log.debug(
        "feature_split: %d x %d %s, %d splits, %d threads (%s)",
        *X.shape,
        X.dtype,
        options.rule.n_splits,
        n_threads,
        source,
    )


def _too_small(X: Rows) -> bool:
    return bool(min(X.shape) < _FEWEST)


@dataclass(frozen=True)
class _Scored:
    """The rows that were scored, their partitions, and what is told of pairs that were not kept."""

    rows: Matrix
    partitions: Partitions
    told: Told | None


def _scored(X: Rows, options: SplitOptions, tally: WarningTally) -> _Scored:
    """Rows are drawn first, widened next, then scaled; a sample of pairs draws no rows."""
    rng, rule = generator(options.seed), options.rule
    most = None if options.max_pairs is not None else options.max_samples
    chosen = subsample(rng, X.shape[0], most)
    rows = chosen_rows(X, chosen)
    paired = None
    if options.n_bootstrap_ci is None:
        paired = paired_scorer(rows, rule, rng, options.max_pairs)
    if paired is None:
        rows = scaled(rows, rule)
    score, told = (exact_scorer(rows, rule), None) if paired is None else paired
    return _Scored(rows, score_partitions(X.shape[1], score, rng, rule, tally), told)


def _as_plain(partitions: Partitions, options: SplitOptions) -> float | dict[str, Any]:
    if options.return_all_splits:
        return {"mean": partitions.mean, "split_scores": list(partitions.scores)}
    return partitions.mean


def _as_interval(X: Matrix, options: SplitOptions, tally: WarningTally) -> dict[str, Any]:
    """The dict bootstrap: every replicate subsamples and splits anew from the same seed."""
    n_bootstraps = options.n_bootstrap_ci or 0
    if not _too_small(X) and _splits_alike(X.shape[0], options):
        splits = _splits_of_copies(X, options, tally)
        replicates = bootstrap_rows(options.seed, X.shape[0], n_bootstraps)
        return interval_dict(splits.scores(replicates), options.ci)

    def score(rows: IndexArray) -> float:
        return math.nan if _too_small(X) else _scored(X[rows], options, tally).partitions.mean

    return bootstrap_dict(score, X.shape[0], n_bootstraps, options.ci, options.seed)


def _splits_alike(n_samples: int, options: SplitOptions) -> bool:
    """Whether every replicate scores the same partitions of all its rows."""
    most = options.max_samples
    return starts_anew(options.seed) and (most is None or n_samples <= most)


def _splits_of_copies(X: Matrix, options: SplitOptions, tally: WarningTally) -> SplitBootstrap:
    rule = options.rule
    first, second = feature_halves(generator(options.seed), X.shape[1], rule.n_splits)
    # Rows of a replicate lie in C order, which decides about the last bits of their norms.
    rows = scaled(X[np.arange(X.shape[0])], rule)
    return SplitBootstrap(rows, first, second, rule, self_pairs=True, tally=tally)


def _until_converged(X: Rows, options: SplitOptions, tally: WarningTally) -> float | dict[str, Any]:
    if _too_small(X):
        return _as_plain(Partitions(), options)
    partitions = _scored(X, options, tally).partitions
    if not partitions.propagated:
        for note in _unconverged_note(partitions, options.rule):
            warn(note, UserWarning)
    return _as_plain(partitions, options)


def _unconverged_note(partitions: Partitions, rule: SplitRule) -> tuple[str, ...]:
    """The warning for a target that was missed, as a tuple of one or none."""
    error, target = partitions.monte_carlo_se, rule.target_mc_se
    if target is None or error <= target:
        return ()
    return (
        f"feature_split did not reach target_mc_se={target:g}: the Monte Carlo standard error "
        f"is {error:.4g} after {partitions.n_drawn} splits (max_splits={rule.limit})",
    )


def _as_result(X: Rows, options: SplitOptions, tally: WarningTally) -> StabilityResult:
    metadata = _metadata(X, options)
    if _too_small(X):
        note = f"at least {_FEWEST} samples and {_FEWEST} features are needed, got shape {X.shape}"
        return StabilityResult(math.nan, warnings=(note,), metadata=metadata)
    scored = _scored(X, options, tally)
    rows, partitions = scored.rows, scored.partitions
    metadata["n_samples_used"] = rows.shape[0]
    metadata["n_partitions_drawn"] = partitions.n_drawn
    if partitions.propagated:
        note = "undefined distances make the result NaN (nan_policy='propagate')"
        return StabilityResult(math.nan, warnings=(note,), metadata=metadata)
    metadata |= _pair_metadata(scored, options)
    notes = skipped_note(
        partitions.n_drawn - len(partitions.scores), partitions.n_drawn, "feature partitions"
    )
    if options.rule.target_mc_se is not None:
        unconverged = _unconverged_note(partitions, options.rule)
        metadata["converged"] = not unconverged
        notes += unconverged
    uncertainty = _data_uncertainty(rows, partitions, options, tally)
    notes += uncertainty.pop("warnings")
    return StabilityResult(
        partitions.mean,
        partition_sd=partitions.standard_deviation,
        monte_carlo_se=partitions.monte_carlo_se,
        n_valid_splits=len(partitions.scores),
        component_scores=tuple(partitions.scores),
        warnings=notes,
        metadata=metadata,
        **uncertainty,
    )


def _pair_metadata(scored: _Scored, options: SplitOptions) -> dict[str, Any]:
    """What is told of the pairs where they were streamed, or were to be sampled."""
    mean = scored.partitions.mean
    told = told_of_sampling(options.max_pairs, mean)
    if scored.told is not None:
        told |= scored.told(mean, scored.partitions.n_drawn, options.ci)
    return told


def _metadata(X: Rows, options: SplitOptions) -> dict[str, Any]:
    rule = options.rule
    metadata = result_metadata(
        "feature_split",
        metric=rule.metric,
        nan_policy=rule.nan_policy,
        seed=options.seed,
        n_splits=rule.n_splits,
        max_samples=options.max_samples,
        n_samples=X.shape[0],
        n_features=X.shape[1],
        bootstrap_unit="observations, under the feature partitions of the data as given",
    )
    if rule.target_mc_se is not None:
        metadata["target_mc_se"] = rule.target_mc_se
        metadata["max_splits"] = rule.limit
    return metadata


def _data_uncertainty(
    rows: FloatArray, partitions: Partitions, options: SplitOptions, tally: WarningTally
) -> dict[str, Any]:
    scores: list[float] = []
    if options.n_bootstrap_ci is not None:
        splits = SplitBootstrap(
            rows,
            np.stack(partitions.first),
            np.stack(partitions.second),
            options.rule,
            self_pairs=False,
            tally=tally,
        )
        replicates = conditional_bootstrap_rows(options.seed, rows.shape[0], options.n_bootstrap_ci)
        scores = splits.scores(replicates)
    return result_fields(scores, options.n_bootstrap_ci, options.ci)
