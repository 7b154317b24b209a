"""Settings that heads may share, without torch: they are read before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass

from para_bench.plain import unstructure_without


@dataclass(frozen=True)
class HeadConfig:
    """Settings that heads may share; a head reads those it has a use for."""

    width: int = 64
    """D of the head's own layers per cell or token."""
    decode: str = "subcell"
    """How a heatmap becomes a place: `argmax`, or `subcell` (the expectation over the cells around it)."""
    as_source: bool = False
    """Details of a published head as in its authors' code (suite version 2), instead of as suite version 1 released them."""


unstructure_without(HeadConfig, ("as_source",))  # checkpoints of version 1 keep their names
