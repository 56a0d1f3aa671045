"""Running a torch module on probes, and leaving it as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

import torch
from numpy.typing import NDArray

from fastshesha.monitor.callbacks.probes import Source


class TorchReader:
    """Reads embeddings with a forward hook, or by a callable of the user's."""

    def require(self, model: Any, name: str) -> None:
        """Raise ValueError where the model has no module of that name."""
        known = [known for known, _ in model.named_modules()]
        if name not in known:
            near = get_close_matches(name, known) or [other for other in known if other][:8]
            raise ValueError(f"embed must name a module of the model, such as {near}; got {name!r}")

    def read(self, model: Any, source: Source, batch: Any) -> NDArray[Any]:
        """The embeddings of one batch, without gradients and in evaluation mode."""
        with torch.no_grad(), evaluating(model):
            placed = _placed(batch, *_place_of(model))
            if isinstance(source, str):
                found = _pooled(_hooked(model, source, placed), placed)
            else:
                found = source(model, placed)
        tensor: Any = torch.as_tensor(found).detach().cpu()
        values: NDArray[Any] = (
            tensor.float() if tensor.dtype == torch.bfloat16 else tensor
        ).numpy()
        return values


@contextmanager
def evaluating(model: Any) -> Iterator[None]:
    """Evaluation mode; afterwards every module is in the mode it was in, frozen ones too."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


def _place_of(model: Any) -> tuple[Any, Any]:
    """Device and floating-point type of the first parameter."""
    for parameter in model.parameters():
        if parameter.is_floating_point():
            return parameter.device, parameter.dtype
    return torch.device("cpu"), torch.get_default_dtype()


def _placed(batch: Any, device: Any, dtype: Any) -> Any:
    """The batch where the model is, floating-point values in the model's own type."""
    if isinstance(batch, Mapping):
        return {name: _placed(part, device, dtype) for name, part in batch.items()}
    if isinstance(batch, tuple | list):
        parts = [_placed(part, device, dtype) for part in batch]
        return parts if isinstance(batch, list) else tuple(parts)
    if not (isinstance(batch, torch.Tensor) or hasattr(batch, "__array__")):
        return batch
    tensor: Any = torch.as_tensor(batch)
    return tensor.to(device, dtype if tensor.is_floating_point() else None)


def _hooked(model: Any, name: str, batch: Any) -> Any:
    """What a module of the model returns for a batch; the last time, if it is run often."""
    returned: list[Any] = []
    handle = model.get_submodule(name).register_forward_hook(
        lambda _module, _inputs, output: returned.append(output)
    )
    try:
        _run(model, batch)
    finally:
        handle.remove()
    if not returned:
        raise ValueError(f"the model does not run its module {name!r}")
    return _first_tensor(returned[-1])


def _run(model: Any, batch: Any) -> None:
    if isinstance(batch, Mapping):
        model(**batch)
    elif isinstance(batch, tuple | list):
        model(*batch)
    else:
        model(batch)


def _first_tensor(output: Any) -> Any:
    if isinstance(output, Mapping):
        output = next(iter(output.values()))
    return output[0] if isinstance(output, tuple | list) else output


def _pooled(output: Any, batch: Any) -> Any:
    """One row a sample: the mean over the tokens that an attention mask keeps."""
    mask = batch.get("attention_mask") if isinstance(batch, Mapping) else None
    if mask is None or output.ndim != 3 or output.shape[:2] != mask.shape:
        return output
    kept = mask[:, :, None].to(output.dtype)
    return (output * kept).sum(dim=1) / kept.sum(dim=1).clamp(min=1)
