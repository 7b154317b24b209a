"""Entry points (see `para_bench.provenance`) of heads, backbones and splits: of the row in use alone."""

from __future__ import annotations

from para_bench.backbones import BACKBONES, backbone_row
from para_bench.heads import find_head, head_module


def head_modules(name: str) -> tuple[str, ...]:
    """The module that a head is named in, and the one that its class is defined in."""
    named = head_module(name)
    return tuple(dict.fromkeys((named, getattr(find_head(name), "__module__", named))))


def backbone_modules(name: str) -> tuple[str, ...]:
    """What runs a backbone, and the modules of its model and its row where they are neither timm's nor in the table."""
    import timm

    from para_bench.backbones.base import build_backbone  # registers our own models with timm

    model = timm.models.model_entrypoint(backbone_row(name).timm_name.partition(".")[0]).__module__
    plugged = (BACKBONES.plugins[name].module,) if name in BACKBONES.plugins else ()
    return tuple(dict.fromkeys((build_backbone.__module__, *(() if model.startswith("timm.") else (model,)), *plugged)))
