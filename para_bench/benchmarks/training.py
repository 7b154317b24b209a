"""From a training set to a checkpoint: demonstrations, features, head; each found again by a hash of all that decides it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch

from para_bench.backbones import create_backbone
from para_bench.backbones.base import Backbone
from para_bench.benchmarks.conditions import TrainingSet
from para_bench.benchmarks.scenes import training_scene, validation_scene
from para_bench.benchmarks.sources import source_hash
from para_bench.data.augmentation import Augmentation
from para_bench.data.cache import cache_root
from para_bench.data.dataset import Windows, make_windows
from para_bench.data.features import cached_features
from para_bench.data.images import cached_depths, cached_images
from para_bench.data.store import Demonstrations, load, save
from para_bench.demonstrations import FrameImages, collect
from para_bench.heads import HEADS, create_head
from para_bench.heads.base import HeadConfig, sees_depth
from para_bench.learner import Learner
from para_bench.policy import CONFIG, HeadSpec, save_backbone, save_head
from para_bench.train import TrainConfig, train
from para_bench.types import SUITE_VERSION, Camera, FeatureSpec, Observation, content_hash, to_dict

VALIDATION_DEMOS = 6
"""Demonstrations behind the validation curve."""
_DECIDES = ("types.py", "geometry.py", "tensors.py", "train.py", "learner.py", "demonstrations.py", "envs", "data", "backbones", "heads")
"""Source files whose change may change a checkpoint."""


@dataclass(frozen=True)
class Recipe:
    """All that decides a checkpoint beside its code."""

    head: str
    train_seed: int
    demos: int
    training: TrainingSet = field(default_factory=TrainingSet)
    demo_seed: int = 0
    """Which set of demonstrations; the same for every head and train seed."""
    backbone: str = "efficientnet_lite0"
    image_size: int = 224
    head_config: HeadConfig = field(default_factory=HeadConfig)
    augmentation: Augmentation = field(default_factory=Augmentation)
    train: TrainConfig = field(default_factory=TrainConfig)
    finetune: bool = False
    """Train through the backbone instead of on its cached features."""

    def key(self, spec: FeatureSpec) -> str:
        """16 hex digits over the recipe, the backbone's weights, the suite version and the code."""
        return content_hash([SUITE_VERSION, to_dict(self), to_dict(spec), code_hash()])


def code_hash() -> str:
    """16 hex digits over the sources that decide a checkpoint."""
    return source_hash(_DECIDES)


def demonstrations(training: TrainingSet, count: int, demo_seed: int, out: Path, progress: bool = True) -> Demonstrations:
    """Stored under `out`, collected where they are not there yet. A negative `demo_seed` means validation scenes."""
    key = content_hash([SUITE_VERSION, training, count, demo_seed, code_hash()])
    folder = out / "demonstrations" / f"{training.name}-{count}-{key}"
    if (folder / "meta.json").exists():
        return load(folder)
    scene = (lambda i: validation_scene(training, i)) if demo_seed < 0 else (lambda i: training_scene(training, i, demo_seed))
    found = collect([scene(i) for i in range(count)], progress)
    save(found, folder)
    return found


def windows(
    found: Demonstrations, backbone: Backbone, augmentation: Augmentation, seed: int, progress: bool = True, depth: bool = False
) -> Windows:
    """Training windows over cached features, or over cached images where the backbone is to be trained; with depth maps on request."""
    spec, cache = backbone.spec, cache_root()
    images = FrameImages(found, spec.image_size, augmentation, seed)
    if backbone.frozen:
        inputs = cached_features(spec, backbone.extract, images, len(images), images.key, cache, progress=progress)
    else:
        inputs = [cached_images(images, len(images), spec.image_size, images.key, cache, progress)]
    depths = cached_depths(images.depths, len(images), images.key, cache, progress) if depth else None
    return make_windows(found, [images.camera(sample) for sample in range(len(images))], images.copies, inputs, depths)


def checkpoint(recipe: Recipe, out: Path, device: torch.device, weights: Path | None = None, progress: bool = True) -> Path:
    """Folder of the finished checkpoint; trains it where it is not there yet.

    Args:
        recipe: What to train.
        out: Root of the results.
        device: Where to compute.
        weights: File of the backbone's weights instead of its row's source.
        progress: Show bars.
    """
    backbone = create_backbone(recipe.backbone, recipe.image_size, weights, frozen=not recipe.finetune)
    key = recipe.key(backbone.spec)
    folder = out / "checkpoints" / f"{recipe.head}-{recipe.training.name}-{recipe.demos}-s{recipe.train_seed}-{key}"
    if (folder / CONFIG).exists():
        return folder
    backbone.to(device)
    depth = sees_depth(HEADS[recipe.head])
    data = windows(
        demonstrations(recipe.training, recipe.demos, recipe.demo_seed, out, progress), backbone, recipe.augmentation, 0, progress, depth
    )
    held_out = demonstrations(recipe.training, VALIDATION_DEMOS, -1, out, progress)
    held_out_windows = windows(held_out, backbone, Augmentation(copies=0), 0, progress, depth)
    with torch.random.fork_rng():
        torch.manual_seed(recipe.train_seed)  # initial weights; PyTorch's layers take no generator
        head = create_head(recipe.head, backbone.spec, recipe.head_config)
    learner = Learner(head, backbone if recipe.finetune else None, backbone.spec.summary_dim > 0)
    started = time.monotonic()
    trained = train(learner, data, validation(held_out, held_out_windows), recipe.train, recipe.train_seed, folder, device, progress)
    seconds = round(time.monotonic() - started, 1)
    if trained.backbone is not None:
        backbone = save_backbone(folder, trained.backbone)
    record = {
        "recipe": to_dict(recipe),
        "key": key,
        "parameters": {"head": _count(trained.head), "backbone": _count(backbone)},
        "demonstrations_hash": demonstrations(recipe.training, recipe.demos, recipe.demo_seed, out).hash,
        "training_seconds": seconds,
        "device": str(device),
    }
    save_head(folder, HeadSpec(recipe.head, recipe.head_config, backbone.spec), trained.head, record)
    return folder


def validation(found: Demonstrations, data: Windows) -> Callable[[Learner], dict[str, float]]:
    """Measures a learner on held-out demonstrations: the loss, and how far its waypoints lie from the demonstrated ones [cm]."""
    starts = np.arange(0, len(data), 9)  # each phase of the task is met

    def measure(learner: Learner) -> dict[str, float]:
        errors, generator = [], torch.Generator().manual_seed(0)
        with torch.no_grad(), torch.random.fork_rng():
            torch.manual_seed(0)
            inputs, batch = data.take(starts)
            features = learner.features(inputs)
            loss = learner.head.loss(features, batch.to(learner.device))[0].item()
            for row, frame in enumerate(starts):
                seen = frame_observation(found, int(frame))
                if batch.depth is not None:
                    seen = replace(seen, depth=batch.depth[row].float().numpy())
                chunk = learner.head.predict(features.row(row), seen, generator)
                distance = np.linalg.norm(chunk.actions[:, :3] - batch.actions[row, :, :3].numpy(), axis=1)
                errors.append(np.where(batch.valid[row].numpy(), distance, np.nan))
        return {"val_loss": loss, "position_error_cm": 100 * float(np.nanmean(errors))}

    return measure


def frame_observation(found: Demonstrations, frame: int) -> Observation:
    """What was known at a stored frame, without its image (heads read features)."""
    frames = found.frames
    camera: Camera = found.scenes[int(frames.episode[frame])].camera
    pose, yaw, opening = frames.gripper_pose[frame], float(frames.gripper_yaw[frame]), float(frames.gripper_opening[frame])
    return Observation(np.empty((0, 0, 3), np.uint8), pose, yaw, opening, camera)


def _count(module: torch.nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())
