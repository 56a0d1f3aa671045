"""Running a Keras model on probes."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import keras
from numpy.typing import NDArray

from fastshesha.monitor.callbacks.probes import Source


class KerasReader:
    """Reads the output of a layer, or what a callable of the user's returns."""

    def require(self, model: Any, name: str) -> None:
        """Raise ValueError where there is no such layer, or no graph that leads to it."""
        _up_to(model, name)

    def read(self, model: Any, source: Source, batch: Any) -> NDArray[Any]:
        """The embeddings of one batch, as in inference."""
        with _no_gradients():
            if isinstance(source, str):
                found = _up_to(model, source)(batch, training=False)
            else:
                found = source(model, batch)
            values: NDArray[Any] = keras.ops.convert_to_numpy(found)
        return values


def _up_to(model: Any, name: str) -> Any:
    """The part of the model that computes the output of a layer; the layers are shared."""
    layer = model.get_layer(name)
    inputs = getattr(model, "inputs", None)
    if not inputs:
        raise ValueError(
            f"embed={name!r} names a layer, which needs a functional or Sequential model; "
            "pass a callable of model and batch instead"
        )
    return keras.Model(inputs[0] if len(inputs) == 1 else model.input, layer.output)


def _no_gradients() -> AbstractContextManager[object]:
    if keras.backend.backend() != "torch":
        return nullcontext()
    import torch

    context: AbstractContextManager[object] = torch.no_grad()
    return context
