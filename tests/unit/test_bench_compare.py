"""The benchmark: wrong values are refused, results are told, and no target is forgotten."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from bench.contest import Call
from bench.data import KINDS, Data
from bench.environments import ENVIRONMENTS
from bench.limit import Work, nanoseconds_per_entry
from bench.measuring import Conditions, Figure, Measured, measure
from bench.report import between_marks, write_report
from bench.scenario import OURS, Entry, Scenario, Turn
from bench.scenarios import SCENARIOS
from bench.table import markdown

FAST = "one split/1600x768/cosine/normal float64"
# Scenario, contestant ("" for the limit), what is aimed at.
TARGETS = [
    ("feature_split/500x256, 30 splits/normal", "shesha", 40),
    ("feature_split/1600x768, 30 splits/normal", "shesha", 45),
    ("feature_split/1600x768, 30 splits/normal float32", "fastshesha, as float64", 1),
    ("feature_split/1600x768, 30 splits/outlier dimension", "shesha", 40),
    ("feature_split/1600x768, 30 splits/binary 10%", "shesha", 15),
    ("feature_split/1600x768, 30 splits/integers 0..2", "shesha", 15),
    ("feature_split/1600x768, 30 splits/20 distinct rows", "shesha", 15),
    ("feature_split/4000x384, 5 splits/normal", "shesha", 45),
    ("replicate of feature_split/500x256/float", "shesha", 1000),
    ("replicate of feature_split/500x256/result", "shesha", 1000),
    ("replicate of feature_split/1600x768/float", "shesha", 600),
    ("replicate of rdm_similarity/500x256, spearman/float", "shesha", 400),
    ("replicate of rdm_similarity/500x256, spearman/result", "shesha", 400),
    ("replicate of replicate_stability/500x256, spearman/result", "shesha", 400),
    ("rdm_similarity/1600x768/spearman", "shesha", 25),
    ("replicate_stability/1600x768/spearman", "shesha", 25),
    ("class_separation_ratio/1600x768/euclidean", "shesha", 120),
    ("class_separation_ratio/1600x768/cosine", "shesha", 700),
    ("lda_stability/1600x768", "shesha", 2.5),
    ("sim.cka_debiased/20000x256", "shesha", 40),
    ("supervised_alignment/1600x768", "shesha", 15),
    ("variance_ratio/100000x256", "shesha", 8),
    ("perturbation_coherence_knn/5000x50, 5000 controls", "shesha", 5),
    ("compute_coherence/100000x50, 2000 groups of an AnnData", "shesha", 10),
    ("tutorial/80 evaluations of three metrics", "shesha", 40),
    *((FAST, peer, 10) for peer in ("scipy", "scikit-learn", "torch", "mne-rsa")),
    ("one split/1600x768/correlation/normal float64", "rsatoolbox", 10),
    *(("one split/500x256/cosine/normal float64", peer, 5) for peer in ("scipy", "torch")),
    ("feature_split/1600x768, 30 splits/normal", "", 0.95),
    ("feature_split/1600x768, 30 splits/5% of rows twice", "", 0.58),
    ("feature_split/10000x768, 6 splits/normal", "", 0.85),
    ("feature_split/10000x768, 6 splits/5% of rows twice", "", 0.60),
]


@pytest.mark.parametrize(("name", "contestant", "target"), TARGETS)
def test_every_target_has_its_scenario(name: str, contestant: str, target: float) -> None:
    (scenario,) = (s for s in SCENARIOS if s.name == name)
    aim = scenario.targets[contestant] if contestant else scenario.share_target
    assert aim == target


def test_names_are_distinct_and_a_few_scenarios_are_quick() -> None:
    assert len({s.name for s in SCENARIOS}) == len(SCENARIOS)
    assert 1 <= sum(s.quick for s in SCENARIOS) <= 5


def test_entries_run_in_known_environments_and_aim_at_each_other(tmp_path: Path) -> None:
    small = [s for s in SCENARIOS if "500x256" in s.name]
    for scenario in small:
        entries = scenario.entries(Data(tmp_path))
        assert entries[0].name == OURS
        assert {e.environment for e in entries} <= {OURS, *ENVIRONMENTS}
        assert set(scenario.targets) <= {e.name for e in entries}


def test_every_environment_is_pinned() -> None:
    for environment in ENVIRONMENTS.values():
        lines = environment.requirements.read_text(encoding="utf-8").splitlines()
        assert environment.version in environment.pins()
        assert all("==" in line or line.lstrip().startswith(("#", "--hash")) for line in lines)


def contest(tmp_path: Path, functions: Iterable[str], tolerance: float) -> Measured:
    """Functions of numpy, the first of which plays our part, on one small matrix."""
    X = Data(tmp_path).matrix((70, 6))
    entries = [
        Entry(OURS, (Turn((Call(function, (X,)),)),), tolerance, label=function)
        for function in functions
    ]
    scenario = Scenario("sums", lambda _: entries, targets={}, work=Work(70, 6, 1), repeat_for=0.0)
    # Every contestant is a process of this interpreter.
    conditions = Conditions(lambda _: sys.executable, 1, 2, lambda: [1e9])
    return measure(scenario, entries, conditions)


def test_equal_numbers_are_timed(tmp_path: Path) -> None:
    measured = contest(tmp_path, ("numpy.linalg.norm", "numpy.linalg.norm"), 0.0)
    assert not measured.refused
    assert [len(figure.seconds) for figure in measured.figures] == [2, 2]
    assert all(seconds > 0 for figure in measured.figures for seconds in figure.seconds)
    assert measured.share is not None


def test_a_wrong_value_is_refused(tmp_path: Path) -> None:
    measured = contest(tmp_path, ("numpy.linalg.norm", "numpy.sum"), 1e-12)
    assert "numpy.sum differs from fastshesha by" in measured.refused
    assert "**refused**" in markdown(MACHINE, [measured])


def test_a_failing_contestant_is_named(tmp_path: Path) -> None:
    measured = contest(tmp_path, ("numpy.linalg.norm", "numpy.linalg.inv"), 1e-12)
    assert "numpy.linalg.inv" in measured.refused
    assert "LinAlgError" in measured.refused


def test_a_time_below_nothing_is_refused(tmp_path: Path) -> None:
    call = Call("numpy.linalg.norm", (Data(tmp_path).matrix((70, 6)),))
    entries = [Entry(OURS, (Turn((call,), weight=-1.0),))]
    scenario = Scenario("difference", lambda _: entries, repeat_for=0.0)
    measured = measure(scenario, entries, Conditions(lambda _: sys.executable, 1, 1, list))
    assert measured.refused == "the time of fastshesha drowned in noise"


MACHINE = {
    "command": "python -m bench.compare",
    "date": "2000-01-01",
    "processor": "abacus",
    "cores": 2,
    "threads": 2,
    "rounds": 3,
    "load": 0.0,
    "fastshesha": "0",
    "python": "3",
    "numpy": "2",
    "contestants": ["shesha-geometry==0.3.0"],
}


def made_up() -> Measured:
    scenario = Scenario(
        "made up",
        lambda _: [],
        targets={"shesha": 40.0, "torch": 2.0},
        less_memory=True,
        work=Work(1600, 768, 30),
        share_target=0.5,
    )
    ours = Figure(OURS, [2.0, 1.0, 3.0], peak=1 << 20)
    original = Figure("shesha", [100.0, 90.0], peak=2 << 20)
    torch = Figure("torch", [1.0], peak=1 << 19)
    return Measured(scenario, [ours, original, torch], [1e9, 1e9])


def test_the_table_shows_targets_beside_what_was_measured() -> None:
    table = markdown(MACHINE, [made_up()])
    assert "| made up | fastshesha | 2 s | 1 s |  | 1 MiB | 1479% (>= 50%) |  |" in table
    assert "|  | shesha | 95 s | 90 s | 47.5 (>= 40) | 2 MiB |  |  |" in table
    assert "|  | torch | 1 s | 1 s | 0.5 (>= 2) | 0.5 MiB |  | **missed** |" in table
    assert "- made up: torch takes 0.5 times our time" in table
    assert "- made up: torch: no less memory" in table


def test_the_report_is_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    write_report(tmp_path / "out", MACHINE, [made_up()], into_readme=False)
    record = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    (scenario,) = record["scenarios"]
    assert scenario["figures"][1]["times_ours"] == 47.5
    assert scenario["figures"][2]["missed"] == ["0.5 times ours, not 2", "no less memory"]
    assert between_marks("a<!-- table -->old<!-- end of the table -->z", "new").count("new") == 1


def test_the_limit_is_the_products_and_the_order() -> None:
    work = Work(1600, 768, 2)
    products = 2 * 1600 * 1599 / 2 * 768 / 2e9
    order = 2 * 1600 * 1599 / 2 * 2.8e-9 / 2
    assert work.limit_seconds([1e9, 1e9]) == pytest.approx(2 * (products + order), rel=1e-12)
    assert [nanoseconds_per_entry(n) for n in (100, 10_000_000, 10**9)] == pytest.approx(
        [2.8, 2.8 + 6.2 * 0.5, 9.0]
    )


def test_kinds_of_data_are_what_they_say() -> None:
    made = {kind: make(np.random.default_rng(0), 100, 20) for kind, make in KINDS.items()}
    assert {X.shape for X in made.values()} == {(100, 20)}
    assert set(np.unique(made["binary 10%"])) == {0.0, 1.0}
    assert set(np.unique(made["integers 0..2"])) == {0.0, 1.0, 2.0}
    assert len(np.unique(made["20 distinct rows"], axis=0)) == 20
    assert len(np.unique(made["5% of rows twice"], axis=0)) == 95
