"""Pictures and the page of a run: what is drawn, where, and what stays out."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fastshesha
from fastshesha.monitor import (
    TrainingMonitor,
    monitor_training,
    plot_rdm,
    plot_similarity_matrix,
    plot_training_dynamics,
)
from monitor.runs import LABELS, embeddings, small_monitor

matplotlib = pytest.importorskip("matplotlib")
pytest.importorskip("matplotlib.pyplot")
matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def _closed_figures() -> object:
    yield
    matplotlib.pyplot.close("all")


@pytest.fixture(scope="module")
def collapsed() -> TrainingMonitor:
    """A layer that collapses beside one that does not, with a name that HTML must escape."""
    monitor = small_monitor(signals=["stability", "alignment", "normalised_spread"])
    for size in (1.0, 1.0, 0.01, 0.001, 0.0001):
        X = embeddings()
        monitor.update({"a<b": X * size + 1.0, "kept": X}, LABELS, loss=size)
    return monitor


def new_axes() -> Any:
    return matplotlib.pyplot.figure().subplots()


def test_the_panel_shows_three_curves_and_the_alarms(collapsed: TrainingMonitor) -> None:
    ax = new_axes()
    assert collapsed.plot(ax, layer="a<b") is ax
    labels = ax.get_legend_handles_labels()[1]
    assert labels[:3] == ["Stability", "Alignment", "Var Ratio"]
    assert "collapse" in labels[3:]
    assert len(collapsed.plot(layer="kept").lines) == 3  # no alarm
    with pytest.raises(ValueError, match=r"layer must be one of .*'a<b', 'kept'.*; got ''"):
        collapsed.plot()


def test_the_tradeoff_circles_the_best_epochs(collapsed: TrainingMonitor) -> None:
    ax = collapsed.plot_tradeoff(layer="a<b")
    best = collapsed.best_epoch("a<b/stability", "a<b/alignment")
    assert best
    assert [text.get_text() for text in ax.texts] == [str(epoch) for epoch in best]


def test_runs_are_drawn_two_in_a_row() -> None:
    history = monitor_training([embeddings(0), embeddings(1)], LABELS)
    panels = plot_training_dynamics({"first": history, "second": history, "third": history})
    assert panels.shape == (2, 2)
    assert [ax.get_title() for ax in panels.flat] == ["first", "second", "third", ""]
    assert [ax.get_visible() for ax in panels.flat] == [True, True, True, False]
    with pytest.raises(ValueError, match="axes must hold 2 Axes; got 1"):
        plot_training_dynamics({"a": history, "b": history}, new_axes())
    with pytest.raises(ValueError, match="histories must hold at least one run"):
        plot_training_dynamics({})


def test_an_rdm_is_drawn_as_a_symmetric_square() -> None:
    X = embeddings()[:10]
    image = plot_rdm(X, metric="euclidean", ax=new_axes(), cmap="gray").images[0]
    square = np.asarray(image.get_array())
    assert np.array_equal(square[np.triu_indices(10, 1)], fastshesha.compute_rdm(X, "euclidean"))
    assert np.array_equal(square, square.T)


def test_similarities_are_drawn_with_their_names() -> None:
    ax = plot_similarity_matrix(np.eye(2), ["early", "late"])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["early", "late"]
    with pytest.raises(ValueError, match="names must hold one name for each of 2 rows; got 1"):
        plot_similarity_matrix(np.eye(2), ["early"])
    with pytest.raises(ValueError, match="similarity must be a 2-dimensional array"):
        plot_similarity_matrix([1.0])


class _Addresses(HTMLParser):
    """Collects what a page would fetch, and its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]


def test_the_page_is_whole_in_itself(collapsed: TrainingMonitor, tmp_path: Path) -> None:
    collapsed.report(tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = _Addresses()
    page.feed(text)
    assert page.addresses
    assert all(address.startswith("data:image/png;base64,") for address in page.addresses)
    assert not {"script", "link", "iframe"} & set(page.tags)
    assert not re.search(r"url\(|@import", text)
    assert "<strong>collapse</strong> after 5 epochs" in text
    assert "Layer a&lt;b" in text
    assert "a<b" not in text
    for word in (collapsed.alarms[0].reason, "max_samples", "normalised_spread"):
        assert word in text


def test_an_empty_run_has_a_page_too(tmp_path: Path) -> None:
    TrainingMonitor().report(tmp_path / "report.html")
    assert "<strong>undetermined</strong> after 0 epochs, 0 alarms" in (
        tmp_path / "report.html"
    ).read_text(encoding="utf-8")


def test_monitoring_loads_no_matplotlib() -> None:
    script = (
        "import sys, numpy as np; from fastshesha.monitor import TrainingMonitor;"
        "TrainingMonitor().update(np.eye(4)); sys.exit('matplotlib' in sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True)
