"""From a training set to a checkpoint: demonstrations, features, head; each found again by a hash of all that decides it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode
from tqdm import tqdm

from para_bench.backbones import create_backbone
from para_bench.backbones.base import Backbone
from para_bench.benchmarks.backbone_plugins import PLUGINS as BACKBONE_PLUGINS
from para_bench.benchmarks.collected import DECIDES, VALIDATION_DEMOS, demonstrations
from para_bench.benchmarks.conditions import DEFAULT_TRAINING, TrainingSet
from para_bench.benchmarks.made_weights import is_made_here, make_weights, weights_path
from para_bench.benchmarks.plugged import head_sources, plugin_sources
from para_bench.benchmarks.sources import differences, sources
from para_bench.conformance import check_honest
from para_bench.data.augmentation import Augmentation
from para_bench.data.cache import cache_root
from para_bench.data.dataset import Windows, make_windows
from para_bench.data.features import cached_features
from para_bench.data.images import cached_depths, cached_images
from para_bench.data.store import Demonstrations
from para_bench.demonstrations import FrameImages
from para_bench.heads import HEADS, create_head, find_head
from para_bench.heads.base import HeadConfig, sees_depth
from para_bench.learner import Learner
from para_bench.plugins import file_name
from para_bench.policy import BACKBONE_WEIGHTS, CONFIG, HeadSpec, load_head, save_backbone, save_head
from para_bench.train import TrainConfig, train
from para_bench.types import DEFAULT_BACKBONE, SUITE_VERSION, Camera, FeatureSpec, Observation, content_hash, to_dict


@dataclass(frozen=True)
class Recipe:
    """All that decides a checkpoint beside its code."""

    head: str
    train_seed: int
    demos: int
    training: TrainingSet = DEFAULT_TRAINING
    base: Recipe | None = None
    """Fine-tuning starts from this checkpoint; None starts from fresh weights."""
    demo_seed: int = 0
    """Which set of demonstrations; the same for every head and train seed."""
    backbone: str = DEFAULT_BACKBONE
    image_size: int = 224
    head_config: HeadConfig = field(default_factory=HeadConfig)
    augmentation: Augmentation = field(default_factory=Augmentation)
    train: TrainConfig = field(default_factory=TrainConfig)
    finetune: bool = False
    """Train through the backbone instead of on its cached features."""
    pretrained: bool = True
    """False: the backbone starts from random weights."""
    backbone_steps: int = 0
    """Optimiser steps of the backbone's own training, for one whose weights are made here."""

    @property
    def all_demos(self) -> int:
        """Demonstrations seen, those of the checkpoint that it starts from included."""
        return self.demos + (self.base.all_demos if self.base else 0)

    @property
    def name(self) -> str:
        """What a person calls it, fit for a folder; several recipes may share it."""
        backbone = "" if self.backbone == DEFAULT_BACKBONE else f"-{file_name(self.backbone)}"
        how = ("-tuned" if self.finetune else "") + ("" if self.pretrained else "-scratch")
        return f"{file_name(self.head)}-{self.training.name}-{self.demos}{backbone}{how}-s{self.train_seed}"

    def state(self, spec: FeatureSpec) -> dict[str, Any]:
        """All that decides the checkpoint."""
        found = {**sources(DECIDES), **head_sources(self.head), **plugin_sources(BACKBONE_PLUGINS.get(self.backbone))}
        return {"suite_version": SUITE_VERSION, "recipe": to_dict(self), "features": to_dict(spec), "sources": found}

    def folder(self, spec: FeatureSpec, out: Path) -> Path:
        """Where its checkpoint lies, or will."""
        return out / "checkpoints" / f"{self.name}-{content_hash(self.state(spec))}"


def prepare(recipe: Recipe, out: Path, device: torch.device, weights: Path | None = None, progress: bool = True) -> tuple[Windows, Windows]:
    """Training and validation windows, their demonstrations collected and their features computed where they are not there yet."""
    backbone = _backbone(recipe, find_weights(recipe, out, weights, device, progress)).to(device)
    found = demonstrations(recipe.training, recipe.demos, recipe.demo_seed, out, progress)
    held_out = demonstrations(recipe.training, VALIDATION_DEMOS, -1, out, progress)
    depth = sees_depth(find_head(recipe.head))
    return (
        windows(found, backbone, recipe.augmentation, 0, progress, depth),
        windows(held_out, backbone, Augmentation(copies=0), 0, progress, depth),
    )


def windows(
    found: Demonstrations, backbone: Backbone, augmentation: Augmentation, seed: int, progress: bool = True, depth: bool = False
) -> Windows:
    """Training windows over cached features, or over cached images where the backbone is to be trained; with depth maps on request."""
    spec, cache = backbone.spec, cache_root()
    images = FrameImages(found, spec.image_size, augmentation, seed)
    if backbone.frozen:
        code = plugin_sources(BACKBONE_PLUGINS.get(backbone.name))  # the key holds our own backbones' weights, not their code
        key = content_hash([images.key, code]) if code else images.key
        inputs = cached_features(spec, backbone.extract, images, len(images), key, cache, progress=progress)
    else:
        inputs = [cached_images(images, len(images), spec.image_size, images.key, cache, progress)]
    depths = cached_depths(images.depths, len(images), images.key, cache, progress) if depth else None
    return make_windows(found, [images.camera(sample) for sample in range(len(images))], images.copies, inputs, depths)


def find_weights(recipe: Recipe, out: Path, given: Path | None, device: torch.device, progress: bool = True) -> Path | None:
    """The file of the backbone's weights; None where its row, or chance, is their source. Trains those that are made here."""
    if given or not recipe.pretrained or not is_made_here(recipe.backbone):
        return given if recipe.pretrained else None
    return make_weights(*_made_of(recipe), out, device, progress)


def _made_of(recipe: Recipe) -> tuple[str, int, TrainingSet, int, int, int]:
    root = recipe.base or recipe  # fine-tuning to a new view starts from the backbone that its base had
    return root.backbone, root.image_size, root.training, root.demos, root.demo_seed, root.backbone_steps


def _backbone(recipe: Recipe, weights: Path | None) -> Backbone:
    return create_backbone(recipe.backbone, recipe.image_size, weights, recipe.pretrained, frozen=not recipe.finetune)


def _spec(recipe: Recipe, weights: Path | None) -> FeatureSpec:
    """Of `_backbone`, which is made once a process: a suite asks for each of its trainings, and each would take most of a second."""
    written = weights.stat().st_mtime_ns if weights and weights.exists() else 0
    return _spec_of(recipe.backbone, recipe.image_size, weights, recipe.pretrained, not recipe.finetune, written)


@lru_cache(maxsize=64)
def _spec_of(name: str, image_size: int, weights: Path | None, pretrained: bool, frozen: bool, written: int) -> FeatureSpec:
    return create_backbone(name, image_size, weights, pretrained, frozen).spec


def find_checkpoint(recipe: Recipe, out: Path, weights: Path | None = None) -> Path | None:
    """Folder of the finished checkpoint; None where it is not there yet."""
    base = find_checkpoint(recipe.base, out, weights) if recipe.base else None
    if recipe.base and not base:
        return None
    own = base / BACKBONE_WEIGHTS if base and recipe.finetune else None
    if not own and not weights and recipe.pretrained and is_made_here(recipe.backbone):
        weights = weights_path(*_made_of(recipe), out)
        if not weights.exists():
            return None
    folder = recipe.folder(_spec(recipe, own or (weights if recipe.pretrained else None)), out)
    return folder if (folder / CONFIG).exists() else None


def checkpoint(recipe: Recipe, out: Path, device: torch.device, weights: Path | None = None, progress: bool = True) -> Path:
    """Folder of the finished checkpoint; trains it where it is not there yet.

    Args:
        recipe: What to train.
        out: Root of the results.
        device: Where to compute.
        weights: File of the backbone's weights instead of its row's source.
        progress: Show bars.
    """
    torch.set_flush_denormal(True)  # gradients below 1e-38 cost some CPUs four times a step; before threads start, which take it over
    base = checkpoint(recipe.base, out, device, weights, progress) if recipe.base else None
    own = base / BACKBONE_WEIGHTS if base and recipe.finetune else None
    source = find_weights(recipe, out, own or weights, device, progress)
    spec = _spec(recipe, source)
    state, folder = recipe.state(spec), recipe.folder(spec, out)
    if (folder / CONFIG).exists():
        return folder
    if progress and (changed := _changed(folder, recipe, state)):
        tqdm.write(f"{recipe.name} is trained again: {changed}")
    if recipe.head not in HEADS.builtin:
        check_honest(recipe.head, find_head(recipe.head), spec)
    backbone = _backbone(recipe, source).to(device)
    data, held_out_windows = prepare(recipe, out, device, source, progress)
    held_out = demonstrations(recipe.training, VALIDATION_DEMOS, -1, out, progress)
    with torch.random.fork_rng():
        torch.manual_seed(recipe.train_seed)  # initial weights; PyTorch's layers take no generator
        head = create_head(recipe.head, spec, recipe.head_config)
    if base:
        head.load_state_dict(load_head(base, spec)[0].state_dict())
    learner = Learner(head, backbone if recipe.finetune else None, spec.summary_dim > 0)
    measure = validation(held_out, held_out_windows)
    trained, seconds, devices = train(learner, data, measure, recipe.train, recipe.train_seed, folder, device, progress)
    if trained.backbone is not None:
        backbone = save_backbone(folder, trained.backbone)
    elif source and not weights:  # made here: the checkpoint keeps its own copy
        shutil.copyfile(source, folder / BACKBONE_WEIGHTS)
    record = {
        "state": state,
        "parameters": {"head": _count(trained.head), "backbone": _count(backbone)},
        "demonstrations_hash": demonstrations(recipe.training, recipe.demos, recipe.demo_seed, out).hash,
        "training_seconds": round(seconds, 1),
        "training_flops": recipe.train.steps * step_flops(learner, data, recipe.train.batch),
        "device": ", then ".join(devices),
    }
    save_head(folder, HeadSpec(recipe.head, recipe.head_config, backbone.spec), trained.head, record)
    return folder


def step_flops(learner: Learner, data: Windows, batch: int) -> int:
    """Floating point operations of one loss and its gradients, matrix products and convolutions alone; for the record."""
    with torch.random.fork_rng(), FlopCounterMode(display=False) as counter:
        learner.loss(*data.take(np.arange(batch) % len(data)))[0].backward()
    return counter.get_total_flops()


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


def _changed(folder: Path, recipe: Recipe, state: dict[str, Any]) -> str:
    """What differs from the last checkpoint of the same name; empty where there is none."""
    others = [path for path in folder.parent.glob(f"{recipe.name}-*/{CONFIG}") if path.parent != folder]
    if not others:
        return ""
    try:
        before = json.loads(max(others, key=lambda path: path.stat().st_mtime).read_text())["state"]
    except (OSError, ValueError, KeyError):
        return "by code that left no record of its state"
    return differences(before, json.loads(json.dumps(state)))


def _count(module: torch.nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())
