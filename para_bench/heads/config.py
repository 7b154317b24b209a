"""Settings that heads may share, without torch: they are read before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HeadConfig:
    """Settings that heads may share; a head reads those it has a use for."""

    width: int = 64
    """D of the head's own layers per cell or token."""
    decode: str = "subcell"
    """How a heatmap becomes a place: `argmax`, or `subcell` (the expectation over the cells around it)."""
