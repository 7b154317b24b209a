"""Entry points (see `para_bench.provenance`) of heads and backbones: of the row in use alone."""

from __future__ import annotations

from para_bench.backbones import BACKBONES, backbone_row
from para_bench.backbones.runtimes import TORCH
from para_bench.heads import HEADS, find_head, head_module

BACKBONE = "para_bench.backbones.base"
"""Runs every backbone."""
_ONNX_BACKBONE = "para_bench.backbones.onnx_backbone"
"""Runs those whose features ONNX Runtime computes, with the module above."""


def head_modules(name: str) -> tuple[str, ...]:
    """The module that a head's path names, and the one that defines its class; for a built-in head both are one, which is not imported."""
    named = head_module(name)
    if name in HEADS.builtin:
        return (named,)
    return tuple(dict.fromkeys((named, getattr(find_head(name), "__module__", named))))


def backbone_modules(name: str, runtime: str = TORCH) -> tuple[str, ...]:
    """Modules that run a backbone, and those of its model and its row where they are neither timm's nor built in.

    Args:
        name: Of the backbone.
        runtime: Row of RUNTIMES that computes its features.
    """
    row = backbone_row(name)
    if runtime != TORCH:
        return (*backbone_modules(name), _ONNX_BACKBONE)
    if name in BACKBONES.builtin:
        return (BACKBONE, row.module) if row.module else (BACKBONE,)
    import timm

    import para_bench.backbones.base  # registers our own models with timm

    model = timm.models.model_entrypoint(row.timm_name.partition(".")[0]).__module__
    plugged = (BACKBONES.plugins[name].module,) if name in BACKBONES.plugins else ()
    return tuple(dict.fromkeys((para_bench.backbones.base.__name__, *(() if model.startswith("timm.") else (model,)), *plugged)))
