"""What is said where no cell is a control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastshesha._warnings import warn

if TYPE_CHECKING:
    from fastshesha._typing import IndexArray


def require_controls(controls: IndexArray, key: str, control_label: object) -> None:
    """Warn where there are no controls, without which there are no scores."""
    if not len(controls):
        warn(
            f"no cell has control_label={control_label!r} in adata.obs[{key!r}], "
            "so all scores are NaN",
            RuntimeWarning,
        )
