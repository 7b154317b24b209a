"""Our demonstrations -> dumps. Runs in para-bench's environment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from para_bench.backbones.base import Backbone
from para_bench.backbones.create import create_backbone
from para_bench.data.augmentation import Augmentation
from para_bench.data.store import Demonstrations
from para_bench.demonstrations.frames import FrameImages
from para_bench.demonstrations.stored import VALIDATION_DEMOS, demonstrations
from para_bench.tensors import encode_actions
from para_bench.training.recipe import Recipe
from para_bench.training.windows import windows
from para_bench.types import content_hash, to_dict
from parity.dump import Dump, load, save

PLAIN = Augmentation(copies=0)
"""Every frame as the camera saw it: our augmentation turns cameras, which a policy without calibration has no use for, and lerobot's
is another one; without either, both sides see the same pictures."""
TRAIN, VALIDATION = "train.npz", "validation.npz"


@dataclass(frozen=True)
class Dumps:
    train: Dump
    validation: Dump
    folder: Path
    hash: str
    """16 hex digits over both sets of demonstrations and the backbone."""


def export(recipe: Recipe, out: Path, device: torch.device) -> Dumps:
    """The recipe's demonstrations and the validation demonstrations, drawn where they are not there yet."""
    found = demonstrations(recipe.training, recipe.demos, recipe.demo_seed, out).at_waypoints()
    held_out = demonstrations(recipe.training, VALIDATION_DEMOS, -1, out)
    backbone = create_backbone(recipe.backbone, recipe.image_size).to(device)
    key = content_hash([found.hash, held_out.hash, to_dict(backbone.spec)])
    folder = out / f"dump-{recipe.demos}-{key}"
    for name, kept in ((TRAIN, found), (VALIDATION, held_out)):
        if not (folder / name).exists():
            save(dump(kept, backbone), folder / name)
    return Dumps(load(folder / TRAIN), load(folder / VALIDATION), folder, key)


def dump(found: Demonstrations, backbone: Backbone) -> Dump:
    """Frames with their pictures, and the features that our heads read."""
    frames, size = found.frames, backbone.spec.image_size
    read = windows(found, backbone, PLAIN, 0)
    pixels = np.array([size, size, 1])
    return Dump(
        episode=frames.episode.astype(np.int64),
        image=FrameImages(found, size, PLAIN, 0)(0, len(frames)),
        state=read.batch.state.numpy(),
        action=encode_actions(frames.actions),
        waypoint=frames.actions.astype(np.float32),
        intrinsics=(pixels[:, None] * frames.intrinsics).astype(np.float32),
        world_from_camera=frames.world_from_camera.astype(np.float32),
        gripper_pixel=(size * frames.gripper_pixel).astype(np.float32),
        levels=tuple(np.array(level) for level in read.inputs[: len(backbone.spec.channels)]),
    )
