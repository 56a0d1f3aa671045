"""Every mistake a caller can make gets a message with the argument, the value and the remedy."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

import fastshesha
from fastshesha import sim

X = np.random.default_rng(0).standard_normal((12, 8))
Y = np.random.default_rng(1).standard_normal((12, 5))
LABELS = np.repeat([0, 1, 2], 4)
WITH_NAN = np.where(np.arange(96).reshape(12, 8) == 26, np.nan, X)
WITH_INFINITY = np.where(np.arange(96).reshape(12, 8) == 95, -np.inf, X)
WITH_ZERO_ROW = np.where(np.arange(12)[:, None] == 2, 0.0, X)

MATRIX = "must be a 2-dimensional array of shape (n_samples, n_features), got shape "
ONE_BY_ONE = "; only feature_split takes a batch of matrices, as a list"
UNDEFINED = (
    "Undefined distances: 11. Under cosine a row of zeros, under correlation a constant row "
    "has no direction, and a distance can overflow. nan_policy='raise' stops here; 'omit' leaves "
    "such pairs out, 'propagate' returns NaN, 'replace' takes 1.0"
)
SPLIT = fastshesha.feature_split

# Each of these is called with a matrix under the name that its message must give.
MATRIX_ARGUMENTS: dict[str, tuple[str, Callable[[object], object]]] = {
    "feature_split": ("X", fastshesha.feature_split),
    "shesha": ("X", fastshesha.shesha),
    "compute_rdm": ("X", fastshesha.compute_rdm),
    "supervised_alignment": ("X", lambda bad: fastshesha.supervised_alignment(bad, LABELS)),
    "variance_ratio": ("X", lambda bad: fastshesha.variance_ratio(bad, LABELS)),
    "rdm_similarity X": ("X", lambda bad: fastshesha.rdm_similarity(bad, Y)),
    "rdm_similarity Y": ("Y", lambda bad: fastshesha.rdm_similarity(X, bad)),
    "rdm_drift X": ("X", lambda bad: fastshesha.rdm_drift(bad, Y)),
    "rdm_drift Y": ("Y", lambda bad: fastshesha.rdm_drift(X, bad)),
    "sim.rdm_similarity Y": ("Y", lambda bad: sim.rdm_similarity(X, bad)),
}

BAD_MATRICES: dict[str, tuple[object, str]] = {
    "one dimension": (
        X[0],
        MATRIX + "(8,); a single sample is X[None, :], a single feature X[:, None]",
    ),
    "three dimensions": (np.stack([X, X]), MATRIX + "(2, 12, 8)" + ONE_BY_ONE),
    "number": (3.0, MATRIX + "()"),
    "None": (None, MATRIX + "()"),
    "text": (
        "embeddings.npy",
        "must be a rectangular array of numbers, got a str: could not convert string to float: "
        "'embeddings.npy'",
    ),
    "NaN": (WITH_NAN, "must contain only finite values, got nan at row 3, column 2"),
    "infinity": (WITH_INFINITY, "must contain only finite values, got -inf at row 11, column 7"),
    "float16 infinity": (
        WITH_INFINITY.astype(np.float16),
        "must contain only finite values, got -inf at row 11, column 7",
    ),
}


def message_of(call: Callable[[], object], kind: type[Exception] = ValueError) -> str:
    with pytest.raises(kind) as caught:
        call()
    assert caught.type is kind
    return str(caught.value)


@pytest.mark.parametrize("matrix", BAD_MATRICES)
@pytest.mark.parametrize("argument", MATRIX_ARGUMENTS)
def test_no_matrix(argument: str, matrix: str) -> None:
    name, function = MATRIX_ARGUMENTS[argument]
    given, expected = BAD_MATRICES[matrix]
    assert message_of(lambda: function(given)) == f"{name} {expected}"


@pytest.mark.parametrize(
    "argument", [name for name in MATRIX_ARGUMENTS if name not in ("feature_split", "shesha")]
)
def test_a_list_of_matrices_where_one_is_meant(argument: str) -> None:
    name, function = MATRIX_ARGUMENTS[argument]
    assert message_of(lambda: function([X, X])) == f"{name} {MATRIX}(2, 12, 8){ONE_BY_ONE}"


def test_a_list_of_rows_where_a_batch_is_meant() -> None:
    assert message_of(lambda: SPLIT(list(X))) == (
        f"X[0] {MATRIX}(8,); X is a list, which means a batch of matrices: "
        "for one matrix pass numpy.asarray(X)"
    )


def test_the_faulty_item_of_a_batch_is_named() -> None:
    message = message_of(lambda: SPLIT([X, WITH_NAN]))
    assert message == "X[1] must contain only finite values, got nan at row 3, column 2"


def test_what_numpy_cannot_read() -> None:
    ragged = message_of(lambda: fastshesha.variance_ratio([[1.0], [1.0, 2.0]], [0, 1]))
    assert ragged.startswith("X must be a rectangular array of numbers, got a list: ")
    mapping = message_of(lambda: SPLIT({"X": X}), TypeError)
    assert mapping.startswith("X must be a rectangular array of numbers, got a dict: ")


SPLIT_OPTIONS = [
    ({"n_splits": 0}, "n_splits must be an integer >= 1, got 0"),
    ({"n_splits": True}, "n_splits must be an integer >= 1, got True"),
    ({"n_splits": None}, "n_splits must be an integer >= 1, got None"),
    ({"n_splits": "3"}, "n_splits must be an integer >= 1, got '3'"),
    (
        {"metric": "euclidean"},
        "Unknown metric: must be one of 'cosine', 'correlation'; got 'euclidean'",
    ),
    ({"metric": None}, "Unknown metric: must be one of 'cosine', 'correlation'; got None"),
    ({"max_samples": 0}, "max_samples must be an integer >= 1 or None, got 0"),
    ({"max_samples": 2.0}, "max_samples must be an integer >= 1 or None, got 2.0"),
    ({"n_bootstrap_ci": -1}, "n_bootstrap_ci must be an integer >= 1 or None, got -1"),
    ({"ci": 1}, "ci must be a number strictly between 0 and 1, got 1"),
    ({"ci": "0.9"}, "ci must be a number strictly between 0 and 1, got '0.9'"),
    ({"ci": True}, "ci must be a number strictly between 0 and 1, got True"),
    ({"ci": float("nan")}, "ci must be a number strictly between 0 and 1, got nan"),
    (
        {"nan_policy": "drop"},
        "Unknown nan_policy: must be one of 'raise', 'omit', 'propagate', 'replace'; got 'drop'",
    ),
    ({"return_type": "dict"}, "Unknown return_type: must be one of 'float', 'result'; got 'dict'"),
    ({"target_mc_se": 0}, "target_mc_se must be a finite number > 0, got 0"),
    ({"target_mc_se": "0.1"}, "target_mc_se must be a finite number > 0, got '0.1'"),
    ({"target_mc_se": [0.1, 0.2]}, "target_mc_se must be a finite number > 0, got [0.1, 0.2]"),
    ({"max_splits": 40}, "max_splits requires target_mc_se, got 40 and None"),
    (
        {"target_mc_se": 0.1, "max_splits": 0},
        "max_splits must be an integer >= 1 or None, got 0",
    ),
    (
        {"target_mc_se": 0.1, "max_splits": 29},
        "max_splits must be >= n_splits=30, got 29",
    ),
    (
        {"target_mc_se": 0.1, "n_bootstrap_ci": 5},
        "target_mc_se together with n_bootstrap_ci requires return_type='result', got 'float'",
    ),
    (
        {"return_all_splits": True, "n_bootstrap_ci": 5},
        "return_all_splits and n_bootstrap_ci exclude each other under return_type='float', "
        "got True and 5",
    ),
]


@pytest.mark.parametrize(("options", "expected"), SPLIT_OPTIONS)
@pytest.mark.parametrize("function", [fastshesha.feature_split, fastshesha.shesha])
def test_options_of_feature_split(
    function: Callable[..., object], options: dict[str, object], expected: str
) -> None:
    assert message_of(lambda: function(X, **options)) == expected


COMPARISON_OPTIONS = [
    ({"method": "kendall"}, "Unknown method: must be one of 'spearman', 'pearson'; got 'kendall'"),
    (
        {"metric": "cityblock"},
        "Unknown metric: must be one of 'cosine', 'correlation', 'euclidean'; got 'cityblock'",
    ),
    (
        {"nan_policy": None},
        "Unknown nan_policy: must be one of 'raise', 'omit', 'propagate', 'replace'; got None",
    ),
    ({"n_bootstrap_ci": 1.5}, "n_bootstrap_ci must be an integer >= 1 or None, got 1.5"),
    ({"ci": 0.0}, "ci must be a number strictly between 0 and 1, got 0.0"),
    (
        {"return_type": "Result"},
        "Unknown return_type: must be one of 'float', 'result'; got 'Result'",
    ),
]


@pytest.mark.parametrize(("options", "expected"), COMPARISON_OPTIONS)
@pytest.mark.parametrize(
    "function", [fastshesha.rdm_similarity, fastshesha.rdm_drift, sim.rdm_similarity]
)
def test_options_of_comparisons(
    function: Callable[..., object], options: dict[str, object], expected: str
) -> None:
    assert message_of(lambda: function(X, Y, **options)) == expected


def test_different_numbers_of_samples() -> None:
    expected = "X and Y must have the same number of samples (rows), got shapes (12, 8) and (4, 5)"
    assert message_of(lambda: fastshesha.rdm_similarity(X, Y[:4])) == expected


@pytest.mark.parametrize(
    "call",
    [
        lambda: fastshesha.compute_rdm(WITH_ZERO_ROW),
        lambda: fastshesha.rdm_similarity(WITH_ZERO_ROW, Y),
        lambda: fastshesha.rdm_drift(X, WITH_ZERO_ROW),
        lambda: SPLIT(WITH_ZERO_ROW),
    ],
)
def test_undefined_distances(call: Callable[[], object]) -> None:
    assert message_of(call) == UNDEFINED


def test_compute_rdm_cannot_leave_pairs_out() -> None:
    call = lambda: fastshesha.compute_rdm(WITH_ZERO_ROW, nan_policy="omit")  # noqa: E731
    assert message_of(call) == (
        "nan_policy='omit' cannot leave out 11 undefined distances, as the condensed-RDM shape "
        "has no gaps; use 'propagate' (NaN) or 'replace' (1.0)"
    )


@pytest.mark.parametrize("seed", [-1, "a", 1.5])
def test_seed(seed: object) -> None:
    with pytest.raises(
        (TypeError, ValueError), match=re.escape(f"or a sequence of such, got {seed!r}")
    ):
        SPLIT(X, seed=seed)


def test_the_bootstrap_of_a_result_takes_no_generator() -> None:
    with pytest.raises(TypeError, match="except for the bootstrap of a feature_split result"):
        SPLIT(X, seed=np.random.default_rng(0), n_bootstrap_ci=2, return_type="result")


ALL_IN_ALL = ", all that is made of them here {} bytes ({} GiB)"


@pytest.mark.parametrize(
    ("call", "all_in_all"),
    [
        (lambda X: fastshesha.compute_rdm(X, "correlation"), ""),
        (
            lambda X: fastshesha.rdm_similarity(X, X, n_bootstrap_ci=2),
            ALL_IN_ALL.format(17999982000000, 16763.8),
        ),
        (
            lambda X: fastshesha.replicate_stability(
                X, X, method="pearson", n_bootstrap_ci=2, return_type="result"
            ),
            ALL_IN_ALL.format(40999959000000, 38184.2),
        ),
        (
            lambda X: SPLIT(X, metric="correlation", max_samples=None, n_bootstrap_ci=2),
            ALL_IN_ALL.format(17999982000000, 16763.8),
        ),
    ],
)
def test_more_pairs_than_memory(call: Callable[[object], object], all_in_all: str) -> None:
    """Refused before anything is allocated, as a promise of memory could be given in vain."""
    with pytest.raises(MemoryError) as caught:
        call(np.broadcast_to(1.0, (10**6, 4)))
    assert str(caught.value) == (
        "the distances of all 499999500000 pairs of 1000000 samples take 3999996000000 bytes "
        f"(3725.3 GiB) per RDM{all_in_all}, more than can be had; use fewer samples, or max_pairs "
        "in feature_split, rdm_similarity, rdm_drift, replicate_stability and "
        "supervised_alignment, which compares a sample of the pairs"
    )
