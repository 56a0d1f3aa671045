"""Pictures of a run: Axes in, Axes out. matplotlib is loaded when a picture is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from fastshesha import compute_rdm
from fastshesha.monitor.alarms import Alarm
from fastshesha.monitor.best import undominated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

# The tutorial's panel.
_LINES = {
    "stability": ("Stability", "b-o"),
    "alignment": ("Alignment", "r-s"),
    "var_ratio": ("Var Ratio", "g-^"),
}
_COLUMNS = 2


def new_axes(ax: Axes | None) -> Axes:
    """The Axes given, or those of a new figure."""
    return ax if ax is not None else _pyplot().subplots()[1]


def _pyplot() -> Any:
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("pictures need matplotlib: pip install 'fastshesha[plot]'") from error
    return plt


def plot_history(
    history: Mapping[str, Sequence[float]],
    alarms: Iterable[Alarm] = (),
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw stability, alignment and variance ratio over the epochs, and where alarms came.

    Parameters
    ----------
    history : mapping
        Curves, as :attr:`TrainingMonitor.history` or :func:`monitor_training` give them;
        'epoch' may be missing.
    alarms : iterable of Alarm
        Each is marked by a vertical line; the first of every kind gets a label.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    title : str
        Title of the panel.

    Returns
    -------
    matplotlib Axes
    """
    ax = new_axes(ax)
    for name, (label, style) in _LINES.items():
        if name in history:
            curve = history[name]
            epochs = history.get("epoch", range(len(curve)))
            ax.plot(epochs, curve, style, label=label, markersize=4)
    labelled: set[str] = set()
    for alarm in alarms:
        label = "_" if alarm.kind in labelled else alarm.kind.replace("_", " ")
        labelled.add(alarm.kind)
        colour = "tab:red" if alarm.is_failure else "tab:orange"
        ax.axvline(alarm.epoch, color=colour, linestyle="--", alpha=0.7, label=label)
    finish_axes(ax, "Epoch", "Score", title)
    ax.set_ylim(-0.1, 1.0)
    return ax


def finish_axes(ax: Axes, x_label: str, y_label: str, title: str) -> None:
    """Labels, grid, whole numbers for epochs, and a legend where something has a name."""
    from matplotlib.ticker import MaxNLocator

    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    ax.set_title(title)
    ax.grid(True, alpha=0.3)
    if x_label == "Epoch":
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if ax.get_legend_handles_labels()[1]:
        ax.legend(loc="best", fontsize="small")


def plot_training_dynamics(
    histories: Mapping[str, Mapping[str, Sequence[float]]], axes: Any = None
) -> NDArray[Any]:
    """Draw one panel for each of several runs, two in a row.

    Parameters
    ----------
    histories : mapping of str to mapping
        Curves of each run by its title, as for :func:`plot_history`.
    axes : array of matplotlib Axes, optional
        At least as many as there are runs; a new figure by default.

    Returns
    -------
    ndarray of matplotlib Axes
        In rows of two; those without a run are hidden.

    Raises
    ------
    ValueError
        There is no run, or there are fewer Axes than runs.
    """
    if not histories:
        raise ValueError("histories must hold at least one run; got none")
    if axes is None:
        n_rows = math.ceil(len(histories) / _COLUMNS)
        axes = _pyplot().subplots(n_rows, _COLUMNS, figsize=(12, 5 * n_rows), squeeze=False)[1]
    panels = np.asarray(axes, dtype=object)
    if panels.size < len(histories):
        raise ValueError(f"axes must hold {len(histories)} Axes; got {panels.size}")
    for ax in panels.flat[len(histories) :]:
        ax.set_visible(False)
    for ax, (title, history) in zip(panels.flat, histories.items(), strict=False):
        plot_history(history, ax=ax, title=title)
    return panels


def plot_tradeoff(
    history: Mapping[str, Sequence[float]],
    first: str = "stability",
    second: str = "alignment",
    ax: Axes | None = None,
) -> Axes:
    """Draw two curves against each other; the epochs that no other beats in both are circled.

    Parameters
    ----------
    history : mapping
        Curves, as for :func:`plot_history`.
    first, second : str
        Names of the curves on the horizontal and on the vertical axis.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes
    """
    ax = new_axes(ax)
    x, y = np.asarray(history[first], float), np.asarray(history[second], float)
    epochs = np.asarray(history.get("epoch", range(len(x))), float)
    ax.plot(x, y, color="tab:gray", alpha=0.5, linewidth=1)
    points = ax.scatter(x, y, c=epochs, cmap="viridis", zorder=2)
    best = undominated(x.tolist(), y.tolist())
    ax.scatter(x[best], y[best], s=120, facecolors="none", edgecolors="tab:red", label="best")
    for i in best:
        ax.annotate(f"{epochs[i]:.0f}", (x[i], y[i]), xytext=(6, 6), textcoords="offset points")
    ax.figure.colorbar(points, ax=ax, label="Epoch")
    finish_axes(ax, first.replace("_", " "), second.replace("_", " "), "")
    return ax


def plot_rdm(
    X: ArrayLike,
    *,
    metric: Literal["cosine", "correlation", "euclidean"] = "cosine",
    ax: Axes | None = None,
    **image: Any,
) -> Axes:
    """Draw the distances between all pairs of rows as a square image.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_features)
        Embeddings; what :func:`fastshesha.compute_rdm` accepts.
    metric : {'cosine', 'correlation', 'euclidean'}, default='cosine'
        Distance between rows.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **image
        Options of ``Axes.imshow``.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        Whatever :func:`fastshesha.compute_rdm` refuses; undefined distances are left blank.
    """
    condensed = compute_rdm(X, metric=metric, nan_policy="propagate")
    n_samples = round((1 + math.sqrt(1 + 8 * len(condensed))) / 2)
    square = np.zeros((n_samples, n_samples))
    square[np.triu_indices(n_samples, 1)] = condensed
    ax = new_axes(ax)
    shown = ax.imshow(square + square.T, **{"cmap": "viridis", **image})
    ax.figure.colorbar(shown, ax=ax, label=f"{metric} distance")
    return ax


def plot_similarity_matrix(
    similarity: ArrayLike,
    names: Sequence[str] | None = None,
    *,
    ax: Axes | None = None,
    **image: Any,
) -> Axes:
    """Draw a table of similarities, such as of layers or checkpoints, as a heat map.

    Parameters
    ----------
    similarity : array_like of shape (n_rows, n_columns)
        Such as :func:`fastshesha.sim.pairwise_similarity` gives.
    names : sequence of str, optional
        What each row is called, and each column where there are as many.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **image
        Options of ``Axes.imshow``.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        `similarity` is no matrix, or there are not as many names as rows.
    """
    table = np.asarray(similarity, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"similarity must be a 2-dimensional array; got shape {table.shape}")
    if names is not None and len(names) != len(table):
        raise ValueError(
            f"names must hold one name for each of {len(table)} rows; got {len(names)}"
        )
    ax = new_axes(ax)
    shown = ax.imshow(table, **{"cmap": "viridis", "vmax": 1.0, **image})
    ax.figure.colorbar(shown, ax=ax, label="similarity")
    if names is not None:
        ax.set_yticks(range(len(names)), names)
        if table.shape[1] == len(names):
            ax.set_xticks(range(len(names)), names, rotation=90)
    return ax
