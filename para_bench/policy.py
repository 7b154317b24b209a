"""A policy: backbone + head behind one call, on disk as config.json + model.safetensors."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from para_bench.backbones import backbone_row, create_backbone
from para_bench.backbones.base import Backbone
from para_bench.envs.pick_place import PickPlace
from para_bench.heads import create_head
from para_bench.heads.base import Head, HeadConfig, sees_depth
from para_bench.types import ACTION_HORIZON, ACTION_SPEC, ActionChunk, FeatureSpec, Observation, ParaBenchError, from_dict, to_dict

CONFIG, WEIGHTS, BACKBONE_WEIGHTS = "config.json", "model.safetensors", "backbone.safetensors"


class Policy(Protocol):
    """What a rollout asks for its waypoints."""

    looks: bool
    """Whether `act` needs an image; references do not, and none is drawn for them."""
    sees_depth: bool
    """Whether `act` needs a depth map with it; it is given to no other."""

    def begin(self, env: PickPlace, rng: np.random.Generator) -> None:
        """A new episode. Only the references may look into `env`."""
        ...

    def act(self, observation: Observation | None) -> ActionChunk:
        """The next T waypoints."""
        ...


@dataclass(frozen=True)
class HeadSpec:
    """What a checkpoint is made for."""

    head: str
    head_config: HeadConfig
    features: FeatureSpec
    action_spec: str = ACTION_SPEC
    action_horizon: int = ACTION_HORIZON


class LearnedPolicy:
    """Backbone and head on one device."""

    looks = True

    def __init__(self, backbone: Backbone, head: Head) -> None:
        self.backbone, self.head = backbone, head.eval()
        self.sees_depth = sees_depth(head)
        self._generator = torch.Generator()

    def begin(self, env: PickPlace, rng: np.random.Generator) -> None:
        self._generator.manual_seed(int(rng.integers(2**31)))

    @torch.inference_mode()
    def act(self, observation: Observation | None) -> ActionChunk:
        assert observation is not None
        device = next(self.head.parameters()).device
        image = torch.from_numpy(observation.image).to(device).permute(2, 0, 1)[None].float() / 255
        return self.head.predict(self.backbone(image), observation, self._generator)


def save_backbone(folder: Path, tuned: Backbone) -> Backbone:
    """Keep a fine-tuned backbone beside its head; returns it frozen, as `load_policy` will make it."""
    partial = folder / f"{BACKBONE_WEIGHTS}.partial"
    save_file({name: value.contiguous().cpu() for name, value in tuned.complete_state(backbone_row(tuned.name)).items()}, partial)
    partial.replace(folder / BACKBONE_WEIGHTS)
    return create_backbone(tuned.name, tuned.image_size, folder / BACKBONE_WEIGHTS)


def load_policy(folder: Path, backbone: str, image_size: int, weights: Path | None = None) -> LearnedPolicy:
    """A checkpoint with its backbone: its own where it was fine-tuned, else the named one with its weights.

    Raises:
        ParaBenchError: as `load_head`.
    """
    own = folder / BACKBONE_WEIGHTS
    frozen = create_backbone(backbone, image_size, own if own.exists() else weights)
    return LearnedPolicy(frozen, load_head(folder, frozen.spec)[0])


def save_head(folder: Path, spec: HeadSpec, head: torch.nn.Module, extra: dict[str, Any]) -> None:
    """Write config.json (written last: it makes the checkpoint complete) and model.safetensors."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{WEIGHTS}.partial"
    save_file({name: value.contiguous().cpu() for name, value in head.state_dict().items()}, partial)
    partial.replace(folder / WEIGHTS)
    partial = folder / f"{CONFIG}.partial"
    partial.write_text(json.dumps({"spec": to_dict(spec), **extra}, indent=2) + "\n")
    partial.replace(folder / CONFIG)


def load_head(folder: Path, features: FeatureSpec) -> tuple[Head, HeadSpec]:
    """Read what `save_head` wrote, for features as given.

    Raises:
        ParaBenchError: nothing there, damaged, or made for another spec (names both values).
    """
    if not (folder / CONFIG).exists():
        raise ParaBenchError(f"no checkpoint in {folder}; allowed: a folder with {CONFIG} and {WEIGHTS}")
    try:
        spec = from_dict(HeadSpec, json.loads((folder / CONFIG).read_text())["spec"])
    except Exception as error:  # json and cattrs each have their own
        raise ParaBenchError(f"{folder / CONFIG} is damaged ({type(error).__name__}); delete the folder to train again") from None
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
