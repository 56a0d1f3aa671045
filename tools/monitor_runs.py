"""Train small networks, healthy and failing, and count what the monitor says about each.

    python tools/monitor_runs.py develop
    python tools/monitor_runs.py held-out

The rules were made with the first part in sight; the held-out part has other networks and seeds.
Ends with 2 where a healthy run raises an alarm, or fewer than 95 % of the failures of a cause are
named. Needs torch and scikit-learn; ``nox -s monitor_runs`` installs them.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import count
from typing import Any

import torch

from fastshesha.monitor import MonitorWarning, TrainingMonitor
from monitor_networks import Training, train

PARTS: dict[str, tuple[int, list[tuple[str, str]]]] = {
    "develop": (
        0,
        [
            ("mlp", "tanh"),
            ("mlp", "relu"),
            ("cnn", "gelu"),
            ("mlp", "gelu"),
            ("cnn", "tanh"),
            ("cnn", "relu"),
        ],
    ),
    "held-out": (2000, [("deep", "relu"), ("mlp", "silu"), ("cnn", "elu")]),
}
SGD: dict[str, Any] = {"optimizer": "sgd", "learning_rate": 0.05}
MEMORISE: dict[str, Any] = {"n_training": 120, "wrong_labels": 0.4}
HEALTHY: list[dict[str, Any]] = [
    {},
    {"schedule": "cosine"},
    {"schedule": "warm-up", "learning_rate": 2e-3},
    {"dropout": 0.3},
    {"early_noise": 1.5},
    {"pretrained": True, "learning_rate": 3e-4},
    {"n_epochs": 5},
    {"n_epochs": 80},
    {**SGD, "schedule": "steps"},
    {"contrastive": True},
    {"contrastive": True, "n_epochs": 40, "schedule": "cosine"},
    {"weight_decay": 1e-4, "label_smoothing": 0.1},
    {"pretrained": True, "schedule": "warm-up", "n_epochs": 15},
    {"n_epochs": 4, "learning_rate": 3e-3},
]
COLLAPSE: list[dict[str, Any]] = [
    {"contrastive": True, "negatives": False},
    {**SGD, "weight_decay": 0.5},
    {"sparsity": 30.0, "activation": "relu"},
    {"contrastive": True, "negatives": False, "n_epochs": 15},
    {**SGD, "weight_decay": 1.0},
    {"sparsity": 100.0, "activation": "relu"},
]
DIVERGENCE: list[dict[str, Any]] = [
    {**SGD, "learning_rate": 2.0},
    {**SGD, "schedule": "runaway"},
    {**SGD, "schedule": "runaway", "half_precision": True},
    {"learning_rate": 0.3},
    {**SGD, "learning_rate": 10.0},
    {"learning_rate": 1.0},
]
OVERFIT: list[dict[str, Any]] = [
    {**MEMORISE, "n_epochs": 80, "learning_rate": 3e-3},
    {**MEMORISE, "n_epochs": 100, "learning_rate": 2e-3},
    {**MEMORISE, "n_epochs": 60, "learning_rate": 5e-3},
]
LEAST_RIGHT = 0.95
CAUSES = {"healthy": HEALTHY, "collapse": COLLAPSE, "divergence": DIVERGENCE, "overfit": OVERFIT}


def plans(part: str, n_runs: int) -> Iterator[tuple[str, Training]]:
    """The runs of one part, `n_runs` of every cause; networks and forms take turns."""
    first_seed, networks = PARTS[part]
    seeds = count(first_seed)
    for cause, forms in CAUSES.items():
        for run in range(n_runs):
            # Every form meets every network, also where their numbers have a common divisor.
            kind, activation = networks[(run + run // len(forms)) % len(networks)]
            changes = dict(forms[run % len(forms)])
            activation = changes.pop("activation", activation)
            yield cause, Training(kind, activation, next(seeds), **changes)


def watch(plan: Training) -> TrainingMonitor:
    """Train and monitor one network."""
    monitor = TrainingMonitor()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MonitorWarning)
        for epoch in train(plan):
            monitor.update(epoch.embeddings, epoch.labels, loss=epoch.loss)
    return monitor


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=list(PARTS))
    parser.add_argument("--runs", type=int, default=40, help="runs of every cause (default: 40)")
    parser.add_argument("--histories", help="file for the curves, one JSON object per line")
    options = parser.parse_args()
    torch.set_num_threads(1)
    named: dict[str, Counter[str]] = defaultdict(Counter)
    for cause, plan in plans(options.part, options.runs):
        monitor = watch(plan)
        diagnosis = monitor.diagnosis if monitor.diagnosis != "healthy" else _flags(monitor)
        named[cause][diagnosis] += 1
        if diagnosis != cause:
            print(f"{cause} is called {diagnosis}: {plan}", file=sys.stderr, flush=True)
        if options.histories:
            line = {"truth": cause, "plan": vars(plan), "history": monitor.history}
            with open(options.histories, "a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
    print(f"{options.part} part, {options.runs} runs of every cause")
    for cause, counted in named.items():
        print(f"{cause:>10}: {', '.join(f'{name} {n}' for name, n in counted.most_common())}")
    silent = named["healthy"]["healthy"] == options.runs
    found = all(counted[cause] >= LEAST_RIGHT * options.runs for cause, counted in named.items())
    return 0 if silent and found else 2


def _flags(monitor: TrainingMonitor) -> str:
    """'healthy', or the red flags of a run that did not fail."""
    return " and ".join(sorted({alarm.kind for alarm in monitor.alarms})) or "healthy"


if __name__ == "__main__":
    raise SystemExit(main())
