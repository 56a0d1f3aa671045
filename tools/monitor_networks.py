"""Small networks trained on scikit-learn's digits, in healthy ways and in ways that fail."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from torch import nn

ACTIVATIONS = {
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "elu": nn.ELU,
}
N_PROBES = 500
_BATCH = 64


@dataclass(frozen=True)
class Training:
    """How one network is trained; the defaults are a plain healthy run."""

    kind: str
    activation: str
    seed: int
    n_epochs: int = 25
    contrastive: bool = False
    negatives: bool = True
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    schedule: str = "constant"
    dropout: float = 0.0
    weight_decay: float = 0.0
    early_noise: float = 0.0
    pretrained: bool = False
    sparsity: float = 0.0
    half_precision: bool = False
    n_training: int = 1000
    wrong_labels: float = 0.0
    label_smoothing: float = 0.0


@dataclass(frozen=True)
class Epoch:
    """What a training loop hands to the monitor after an epoch."""

    embeddings: NDArray[Any]
    labels: NDArray[np.int64]
    loss: float


@dataclass
class _Data:
    images: Any
    targets: Any
    probes: Any
    probe_labels: NDArray[np.int64]


def train(plan: Training) -> Iterator[Epoch]:
    """Train as planned; one epoch before the first step, then one after each pass."""
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    data = _data(plan, rng)
    body, head = _network(plan)
    if plan.pretrained:
        pretraining = Training(plan.kind, plan.activation, plan.seed)
        for _ in range(15):
            _one_pass(pretraining, body, head, _optimizer(pretraining, body, head), data, 0)
        head = nn.Linear(64, 10)
    optimizer = _optimizer(plan, body, head)
    with torch.no_grad():
        untrained = float(_loss(plan, body, head, data.images, data.targets))
    yield Epoch(_embed(plan, body, data.probes), data.probe_labels, untrained)
    for epoch in range(plan.n_epochs):
        for group in optimizer.param_groups:
            group["lr"] = plan.learning_rate * _factor(plan, epoch)
        loss = _one_pass(plan, body, head, optimizer, data, epoch)
        yield Epoch(_embed(plan, body, data.probes), data.probe_labels, loss)


def _data(plan: Training, rng: np.random.Generator) -> _Data:
    images, labels = load_digits(return_X_y=True)
    order = rng.permutation(len(images))
    images, labels = images[order].astype(np.float32) / 8.0 - 1.0, labels[order].astype(np.int64)
    if plan.kind == "cnn":
        images = images.reshape(-1, 1, 8, 8)
    probes, training = slice(0, N_PROBES), slice(N_PROBES, N_PROBES + plan.n_training)
    targets = labels[training].copy()
    wrong = rng.random(len(targets)) < plan.wrong_labels
    targets[wrong] = rng.integers(0, 10, int(wrong.sum()))
    return _Data(
        torch.from_numpy(images[training]),
        torch.from_numpy(targets),
        torch.from_numpy(images[probes]),
        labels[probes],
    )


def _network(plan: Training) -> tuple[Any, Any]:
    act = ACTIVATIONS[plan.activation]
    drop = [nn.Dropout(plan.dropout)] if plan.dropout else []
    if plan.kind == "mlp":
        layers = [nn.Linear(64, 128), act(), *drop, nn.Linear(128, 64), act()]
    elif plan.kind == "deep":
        layers = [nn.Linear(64, 96), act(), nn.Linear(96, 96), act(), *drop,
                  nn.Linear(96, 96), act(), nn.Linear(96, 64), act()]  # fmt: skip
    else:
        layers = [nn.Conv2d(1, 16, 3, padding=1), act(), nn.MaxPool2d(2), *drop,
                  nn.Conv2d(16, 32, 3, padding=1), act(), nn.MaxPool2d(2), nn.Flatten(),
                  nn.Linear(128, 64), act()]  # fmt: skip
    return nn.Sequential(*layers), nn.Linear(64, 10)


def _optimizer(plan: Training, body: Any, head: Any) -> Any:
    parameters = [*body.parameters(), *head.parameters()]
    if plan.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=plan.learning_rate, weight_decay=plan.weight_decay)
    return torch.optim.SGD(
        parameters, lr=plan.learning_rate, momentum=0.9, weight_decay=plan.weight_decay
    )


def _factor(plan: Training, epoch: int) -> float:
    progress = epoch / plan.n_epochs
    if plan.schedule == "cosine":
        return 0.5 * (1 + math.cos(math.pi * progress))
    if plan.schedule == "warm-up":
        return min(1.0, (epoch + 1) / 8)
    if plan.schedule == "steps":
        return float(0.3 ** int(3 * progress))
    if plan.schedule == "runaway":
        return float(1.6**epoch)
    return 1.0


def _one_pass(
    plan: Training, body: Any, head: Any, optimizer: Any, data: _Data, epoch: int
) -> float:
    body.train()
    losses = []
    noise = plan.early_noise * max(0.0, 1.0 - epoch / 5)
    shuffled: Any = torch.randperm(len(data.images))
    for rows in shuffled.split(_BATCH):
        if len(rows) < 2:
            continue
        images = data.images[rows] + noise * torch.randn_like(data.images[rows])
        loss = _loss(plan, body, head, images, data.targets[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return float(np.mean(losses))


def _loss(plan: Training, body: Any, head: Any, images: Any, targets: Any) -> Any:
    if plan.contrastive:
        return _contrastive_loss(plan, body, images)
    features = body(images)
    if plan.half_precision:
        features = features.half().float()
    loss = nn.functional.cross_entropy(
        head(features), targets, label_smoothing=plan.label_smoothing
    )
    return loss + plan.sparsity * features.abs().mean()


def _contrastive_loss(plan: Training, body: Any, images: Any) -> Any:
    """NT-Xent of two noisy views; without negatives only their agreement counts."""
    views = [body(images + 0.4 * torch.randn_like(images)) for _ in range(2)]
    first, second = (nn.functional.normalize(view, dim=1) for view in views)
    if not plan.negatives:
        return -(first * second).sum(dim=1).mean()
    logits = first @ second.T / 0.2
    return nn.functional.cross_entropy(logits, torch.arange(len(logits)))


def _embed(plan: Training, body: Any, probes: Any) -> NDArray[Any]:
    body.eval()
    with torch.no_grad():
        features = body(probes)
    if plan.half_precision:
        features = features.half()
    embeddings: NDArray[Any] = features.numpy()
    return embeddings
