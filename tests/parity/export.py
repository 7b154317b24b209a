"""Our demonstrations -> dumps. Runs in para-bench's environment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from para_bench.backbones import create_backbone
from para_bench.benchmarks.training import VALIDATION_DEMOS, Recipe, demonstrations, windows
from para_bench.data.augmentation import Augmentation
from para_bench.data.store import Demonstrations
from para_bench.demonstrations import FrameImages
from para_bench.tensors import encode_actions
from parity.dump import Dump, load, save

PLAIN = Augmentation(copies=0)
"""Every frame as the camera saw it: our augmentation turns cameras, which a policy without calibration has no use for, and lerobot's
is another one; without either, both sides see the same pictures."""
TRAIN, VALIDATION = "train.npz", "validation.npz"


def export(recipe: Recipe, out: Path, device: torch.device) -> tuple[Dump, Dump, Path]:
    """The recipe's demonstrations and the validation demonstrations, and the folder of their dumps; drawn where they are not there yet."""
    found = demonstrations(recipe.training, recipe.demos, recipe.demo_seed, out)
    held_out = demonstrations(recipe.training, VALIDATION_DEMOS, -1, out)
    folder = out / f"dump-{recipe.demos}-{found.hash}"
    dumps = []
    for name, kept in ((TRAIN, found), (VALIDATION, held_out)):
        if not (folder / name).exists():
            save(dump(kept, recipe, device), folder / name)
        dumps.append(load(folder / name))
    return dumps[0], dumps[1], folder


def dump(found: Demonstrations, recipe: Recipe, device: torch.device) -> Dump:
    """Frames with their pictures, and the features that our heads read."""
    frames, size = found.frames, recipe.image_size
    backbone = create_backbone(recipe.backbone, size).to(device)
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
