"""Settings of augmentation, without torch: they are read before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Augmentation:
    """How far each augmented copy may differ from its frame."""

    copies: int = 3
    """Augmented copies of every frame, beside the frame itself."""
    jitter: float = 0.4
    """Brightness, contrast and saturation factors in [1 - jitter, 1 + jitter]."""
    hue: float = 0.04
    """Largest turn of the hue, as a share of the circle."""
    field: float = 0.5
    """Largest weight of the colour field."""
    pan_deg: float = 4.0
    """Largest turn about the camera's vertical and horizontal axes."""
    roll_deg: float = 12.0
    """Largest turn about its optical axis."""
    zoom: float = 0.12
    """Field of view factor in [1 - zoom, 1 + zoom]."""
