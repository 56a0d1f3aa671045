"""Tensors and checkpoints of torch itself, where it is installed."""

from __future__ import annotations

import io
from typing import Any

import pytest

from fastshesha import spectrum
from monitor.runs import LABELS, embeddings, small_monitor

torch: Any = pytest.importorskip("torch")


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "float64"])
def test_tensors_are_read_as_their_values(dtype: str) -> None:
    X = torch.from_numpy(embeddings()).to(getattr(torch, dtype)).requires_grad_()
    labels = torch.from_numpy(LABELS)
    found = small_monitor().update(X, labels, loss=torch.tensor(0.5, requires_grad=True))
    expected = small_monitor().update(X.detach().double().numpy(), LABELS, loss=0.5)
    assert found.to_dict() == pytest.approx(expected.to_dict(), rel=1e-9, nan_ok=True)
    assert found.to_dict("")["energy"] == pytest.approx(spectrum.energy(X.detach().double()))


def test_a_checkpoint_loads_under_weights_only() -> None:
    monitor = small_monitor()
    for seed in range(3):
        monitor.update({"a": embeddings(seed)}, LABELS, loss=float("nan"))
    file = io.BytesIO()
    torch.save({"monitor": monitor.state_dict()}, file)
    file.seek(0)
    resumed = small_monitor()
    resumed.load_state_dict(torch.load(file, weights_only=True)["monitor"])
    assert str(resumed.state_dict()) == str(monitor.state_dict())
