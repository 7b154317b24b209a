"""A checkpoint on disk: config.json + model.safetensors, and the backbone's weights where they were trained too."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from para_bench.backbones import backbone_row, create_backbone
from para_bench.backbones.base import Backbone
from para_bench.heads import create_head
from para_bench.heads.base import Head, HeadConfig
from para_bench.types import ACTION_HORIZON, ACTION_SPEC, FeatureSpec, ParaBenchError, from_dict, to_dict

CONFIG, WEIGHTS, BACKBONE_WEIGHTS = "config.json", "model.safetensors", "backbone.safetensors"


@dataclass(frozen=True)
class HeadSpec:
    """What a checkpoint is made for."""

    head: str
    head_config: HeadConfig
    features: FeatureSpec
    action_spec: str = ACTION_SPEC
    action_horizon: int = ACTION_HORIZON


def save_backbone(folder: Path, tuned: Backbone) -> Backbone:
    """Keep a fine-tuned backbone beside its head; returns it frozen, as `load_policy` will make it."""
    partial = folder / f"{BACKBONE_WEIGHTS}.partial"
    save_file({name: value.contiguous().cpu() for name, value in tuned.complete_state(backbone_row(tuned.name)).items()}, partial)
    partial.replace(folder / BACKBONE_WEIGHTS)
    return create_backbone(tuned.name, tuned.image_size, folder / BACKBONE_WEIGHTS)


def save_head(folder: Path, spec: HeadSpec, head: torch.nn.Module, extra: dict[str, Any]) -> None:
    """Write config.json (written last: it makes the checkpoint complete) and model.safetensors."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{WEIGHTS}.partial"
    save_file({name: value.contiguous().cpu() for name, value in head.state_dict().items()}, partial)
    partial.replace(folder / WEIGHTS)
    partial = folder / f"{CONFIG}.partial"
    partial.write_text(json.dumps({"spec": to_dict(spec), **extra}, indent=2) + "\n")
    partial.replace(folder / CONFIG)


def read_spec(folder: Path) -> HeadSpec:
    """What the checkpoint in a folder is made for.

    Raises:
        ParaBenchError: nothing there, or damaged.
    """
    if not (folder / CONFIG).exists():
        raise ParaBenchError(f"no checkpoint in {folder}; allowed: a folder with {CONFIG} and {WEIGHTS}")
    try:
        return from_dict(HeadSpec, json.loads((folder / CONFIG).read_text())["spec"])
    except Exception as error:  # json and cattrs each have their own
        raise ParaBenchError(f"{folder / CONFIG} is damaged ({type(error).__name__}); delete the folder to train again") from None


def load_head(folder: Path, features: FeatureSpec, decode: str | None = None) -> tuple[Head, HeadSpec]:
    """Read what `save_head` wrote, for features as given; `decode` replaces how the head was set to decode heatmaps.

    Raises:
        ParaBenchError: as `read_spec`, or made for another spec (names both values).
    """
    spec = read_spec(folder)
    spec = replace(spec, head_config=replace(spec.head_config, decode=decode or spec.head_config.decode))
    expected = replace(spec, features=features, action_spec=ACTION_SPEC, action_horizon=ACTION_HORIZON)
    for name in ("features", "action_spec", "action_horizon"):
        if getattr(spec, name) != getattr(expected, name):
            raise ParaBenchError(f"checkpoint {folder} was made for {name} {getattr(spec, name)}; allowed here: {getattr(expected, name)}")
    head = create_head(spec.head, features, spec.head_config)
    try:
        head.load_state_dict(load_file(folder / WEIGHTS))
    except (SafetensorError, RuntimeError, OSError) as error:
        first = str(error).splitlines()[0]
        raise ParaBenchError(f"{folder / WEIGHTS} is damaged ({first}); delete the folder to train again") from None
    return head, spec
