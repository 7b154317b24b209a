"""A checkpoint on disk: config.json + model.safetensors, and the backbone's weights where they were trained too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from para_bench.backbones import backbone_row
from para_bench.backbones.base import Backbone
from para_bench.backbones.create import create_backbone
from para_bench.files import write_json, writing
from para_bench.heads.base import Head
from para_bench.heads.create import create_head
from para_bench.optimisation.resume import STATE
from para_bench.training.specification import BACKBONE_WEIGHTS, CONFIG, WEIGHTS, HeadSpec, read_spec
from para_bench.types import ACTIONS, FeatureSpec, ParaBenchError, to_dict


def save_backbone(folder: Path, tuned: Backbone) -> Backbone:
    """Keep a fine-tuned backbone beside its head; returns it frozen, as `load_policy` will make it.

    Raises:
        ParaBenchError: as `save_head`.
    """
    _check_finite(tuned, f"trained weights of {tuned.name}")
    _write(folder / BACKBONE_WEIGHTS, tuned.complete_state(backbone_row(tuned.name)))
    return create_backbone(tuned.name, tuned.image_size, folder / BACKBONE_WEIGHTS)


def save_head(folder: Path, spec: HeadSpec, head: torch.nn.Module, extra: dict[str, Any]) -> None:
    """Write model.safetensors and config.json (last: it makes the checkpoint complete); then delete the state of the training.

    Raises:
        ParaBenchError: weights that are not finite, or a file that cannot be written; there is no checkpoint then.
    """
    _check_finite(head, f"trained weights of {spec.head}")
    _write(folder / WEIGHTS, head.state_dict())
    write_json(folder / CONFIG, {"spec": to_dict(spec), **extra})
    (folder / STATE).unlink(missing_ok=True)


def load_head(folder: Path, features: FeatureSpec, decode: str | None = None) -> tuple[Head, HeadSpec]:
    """Read what `save_head` wrote, for these features; `decode`, if given, replaces the head's own way to decode heatmaps.

    Raises:
        ParaBenchError: as `read_spec`, made for another spec (names both values), or weights that are damaged or not finite.
    """
    spec = read_spec(folder)
    spec = replace(spec, head_config=replace(spec.head_config, decode=decode or spec.head_config.decode))
    expected = replace(spec, features=features, action_spec=ACTIONS.text, action_horizon=ACTIONS.horizon)
    for name in ("features", "action_spec", "action_horizon"):
        if getattr(spec, name) != getattr(expected, name):
            raise ParaBenchError(f"checkpoint {folder} was made for {name} {getattr(spec, name)}; allowed here: {getattr(expected, name)}")
    head = create_head(spec.head, features, spec.head_config)
    try:
        weights, wanted = load_file(folder / WEIGHTS), head.state_dict()
        odd = [name for name, value in weights.items() if name in wanted and value.dtype != wanted[name].dtype]
        if odd:
            raise ValueError(f"{odd[0]} is {weights[odd[0]].dtype}, allowed: {wanted[odd[0]].dtype}")
        head.load_state_dict(weights)
    except (SafetensorError, RuntimeError, OSError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise ParaBenchError(f"{folder / WEIGHTS} is damaged ({first}); delete the folder to train again") from None
    _check_finite(head, str(folder / WEIGHTS), "delete the folder to train again")
    return head, spec


def _write(path: Path, weights: Mapping[str, torch.Tensor]) -> None:
    with writing(path, SafetensorError, RuntimeError) as partial:
        save_file({name: value.contiguous().cpu() for name, value in weights.items()}, partial)


def _check_finite(module: torch.nn.Module, what: str, remedy: str = "try a lower --learning-rate") -> None:
    """Parameters alone: a buffer may be a mask of -inf."""
    for name, value in module.named_parameters():
        if not value.isfinite().all():
            raise ParaBenchError(f"{what}: {name} is not finite; allowed: finite numbers ({remedy})")
