"""What a user of every public function writes; ``mypy --strict`` checks it, a test runs it."""

from __future__ import annotations

from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

import fastshesha
from fastshesha import StabilityResult, bio, replicate, sim, spectrum

Matrix = NDArray[np.float64]
rng = np.random.default_rng(0)
labels = np.arange(60) % 2
X: Matrix = rng.standard_normal((60, 8)) + labels[:, np.newaxis]
Y: Matrix = X + 0.1 * rng.standard_normal((60, 8))


def number(score: object) -> float:
    """A score in any of its forms as a number."""
    assert isinstance(score, (float, StabilityResult))
    return float(score)


def of_one_matrix() -> list[float]:
    with fastshesha.config(threads=1):
        first = fastshesha.feature_split(X, n_splits=2, metric="cosine", seed=1)
    distances: Matrix = fastshesha.compute_rdm(X, metric="euclidean", nan_policy="omit")
    result = fastshesha.shesha(X, variant="feature_split", n_splits=2, return_type="result")
    assert isinstance(result, StabilityResult)
    component_scores: tuple[float, ...] = result.component_scores
    scores = [
        first,
        result,
        fastshesha.sample_split(X, n_splits=2, seed=1),
        fastshesha.anchor_stability(X, n_splits=2, n_anchors=5, n_per_split=9, seed=1),
    ]
    return [*map(number, scores), *component_scores, float(distances.max())]


def of_a_file() -> list[float]:
    with TemporaryDirectory() as folder:
        np.save(f"{folder}/X.npy", X)
        rows = fastshesha.open_rows(f"{folder}/X.npy")
        return [
            number(fastshesha.feature_split(rows, n_splits=2, seed=1)),
            number(fastshesha.class_separation_ratio(rows, labels, seed=1, max_pairs=600)),
        ]


def of_what_is_to_come() -> list[float]:
    told: fastshesha.Estimate = fastshesha.estimate(fastshesha.feature_split, X, n_splits=2, seed=1)
    return [told.seconds, told.error, float(told.n_pairs)]


def of_the_spectrum() -> list[float]:
    together: dict[str, float] = spectrum.summary(X)
    return [
        *together.values(),
        spectrum.effective_rank(X, center=True, spectrum="eigen", eps=0.0),
        spectrum.participation_ratio(X),
        spectrum.feature_participation_ratio(X),
        spectrum.normalised_spread(X),
        spectrum.energy(X),
        spectrum.mean_cosine(X),
        spectrum.alpha_req(X, first=1, last=5),
    ]


def of_labels() -> list[float]:
    scores = [
        fastshesha.variance_ratio(X, labels),
        fastshesha.supervised_alignment(X, labels.tolist(), metric="correlation", seed=1),
        fastshesha.class_separation_ratio(X, labels, n_bootstrap=2, metric="cosine", seed=1),
        fastshesha.lda_stability(X, labels, n_bootstrap=2, seed=np.random.SeedSequence(1)),
    ]
    return [*map(number, scores)]


def of_pairs() -> list[float]:
    scores = [
        fastshesha.rdm_similarity(X, Y, method="pearson"),
        fastshesha.rdm_drift(X, Y, n_bootstrap_ci=2, seed=1, return_type="result"),
        replicate.replicate_stability(X, Y, ids_a=range(60), ids_b=list(range(60))),
        replicate.anchor_profile_stability(X, Y, [0, 1, 2], np.arange(10, 20)),
        sim.rdm_similarity(X, Y, metric="correlation"),
        sim.cka(X, Y, debiased=True),
        sim.cka_linear(X, Y),
        sim.cka_debiased(X, Y),
        sim.procrustes_similarity(X, Y, scale=False),
    ]
    return [*map(number, scores)]


def of_populations() -> list[float]:
    scores = [
        bio.perturbation_coherence(X, Y + 1.0, method="standard", metric="euclidean"),
        bio.perturbation_coherence_whitened(X, Y + 1.0, regularization=1e-3),
        bio.perturbation_coherence_knn(X, Y + 1.0, k=5),
        bio.perturbation_effect_size(X, Y + 1.0, metric="cohen"),
    ]
    return [*map(number, scores)]


def of_several() -> list[float]:
    """What the original has not."""
    table = sim.pairwise_similarity([X, Y, X + Y])
    first, second = fastshesha.compute_rdm(X), fastshesha.compute_rdm(Y)
    compared = sim.compare_rdms(first, second, method="spearman")
    return [number(sim.cka_unbiased(X, Y)), number(compared), float(np.min(np.asarray(table)))]


def of_screens() -> list[float]:
    import pandas as pd
    from anndata import AnnData

    names = [f"cell {row}" for row in range(60)]
    perturbations = np.array(["control", "KLF1"])[labels]
    screen = AnnData(X, obs=pd.DataFrame({"gene": perturbations}, index=names))
    coherence = bio.compute_coherence(screen, "gene", control_label="control")
    whitened = bio.compute_coherence_whitened(screen, "gene", regularization=1e-3)
    neighbours = bio.compute_coherence_knn(screen, "gene", k=5, metric="cosine")
    magnitude = bio.compute_magnitude(screen, "gene", metric="cohen")
    halves = bio.split_half_reproducibility(screen, "gene", n_splits=2, min_cells=4)
    scores = pd.DataFrame({"Sp": X[:, 0], "Mp": X[:, 1], "split_half_cosine": X[:, 2]})
    bins = bio.magnitude_matched_comparison(scores, n_bins=2)
    discordance = bio.discordance(scores, method="rank")
    found = [table["KLF1"] for table in (coherence, whitened, neighbours, magnitude)]
    return [*map(number, found), float(discordance.max()), float(len(halves) + len(bins))]


def of_the_package() -> list[float]:
    """What is no metric: the settings, the name shesha, the original."""
    said = fastshesha.show_config(mode="dicts")
    assert said is not None
    fastshesha.install()
    assert fastshesha.is_installed()
    fastshesha.uninstall()
    try:
        found: fastshesha.Verification = fastshesha.verify("sim.cka", X, Y)
    except ModuleNotFoundError:  # the original is not installed
        return []
    assert found.agree, str(found)
    return [found.largest_difference, found.seconds_ours]


def main() -> None:
    metrics = (
        of_one_matrix,
        of_a_file,
        of_what_is_to_come,
        of_the_spectrum,
        of_labels,
        of_pairs,
        of_populations,
        of_several,
        of_screens,
    )
    for scores in (*metrics, of_the_package):
        assert np.isfinite(scores()).all()


if __name__ == "__main__":
    main()
