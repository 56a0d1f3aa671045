"""A network whose training depends on everything that a callback could disturb."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from monitor.callbacks.material import LABELS, N_CLASSES, N_FEATURES, PROBES


def network(seed: int = 0, dropout: float = 0.2) -> Any:
    """Dropout draws numbers, one normalisation counts batches, another is frozen."""
    torch.manual_seed(seed)
    body = nn.Sequential(
        nn.Linear(N_FEATURES, 16),
        nn.BatchNorm1d(16),
        nn.Tanh(),
        nn.Dropout(dropout),
        nn.Linear(16, 16),
    )
    frozen = nn.BatchNorm1d(16).eval()
    return nn.Sequential(body, frozen, nn.Linear(16, N_CLASSES))


def samples() -> Any:
    """Sixty-four, so that no batch of the training has a single row."""
    return torch.utils.data.TensorDataset(
        torch.from_numpy(PROBES[:64]), torch.from_numpy(LABELS[:64])
    )
