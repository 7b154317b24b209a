"""From a backbone's name to the backbone."""

from __future__ import annotations

from pathlib import Path

from para_bench.backbones import BACKBONES, TIMM_PREFIX, backbone_row
from para_bench.backbones.base import Backbone, build_backbone


def create_backbone(name: str, image_size: int, weights: Path | None = None, pretrained: bool = True, frozen: bool = True) -> Backbone:
    """Makes the backbone `name` for square images.

    Args:
        name: A key of BACKBONES, or `timm:NAME`.
        image_size: Side of the images [px].
        weights: A .safetensors file (or a .pt, .pth, .bin of plain tensors) in timm's or the authors' names; default: the row's source.
        pretrained: False and no `weights`: the same random weights on every call.
        frozen: False: keeps batch norm and gradients, for fine-tuning (see `Backbone.parameter_groups`).

    Raises:
        ParaBenchError: Unknown name, weights not at hand, or weights of another model.
    """
    row = backbone_row(name)
    if name in BACKBONES.builtin or name.startswith(TIMM_PREFIX):
        backbone = build_backbone(name, row, image_size, weights, pretrained)
    else:
        fence = BACKBONES.plugins[name].fence
        backbone = fence("making it", build_backbone, name, row, image_size, weights, pretrained)
        backbone.fence = fence
    return backbone.freeze() if frozen else backbone
