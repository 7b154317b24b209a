"""What is made again: for every option of `run`, and for every module behind a result, exactly what it decides."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.torch import save_file

from para_bench.arguments.running import Run
from para_bench.backbones import create_backbone
from para_bench.benchmarks.profiles import PROFILES
from para_bench.benchmarks.splits import find_split
from para_bench.demonstrations import stored
from para_bench.provenance import closure as closure_of
from para_bench.provenance.closure import OURS, forget
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.identity import episode_state, policy_state, reference_state
from para_bench.training.checkpoint import feature_spec
from para_bench.training.saved import HeadSpec, save_head
from para_bench.types import FeatureSpec, content_hash

HEAD, SPLIT = "para", "novel_view"
BASE = RunConfig(SPLIT, (HEAD,), PROFILES["smoke"], backbone="efficientnet_lite0", image_size=64)
SPEC = FeatureSpec("toy@01234567", 64, (4, 6), (8, 4))
MADE = ("demonstrations", "training", "policy", "episodes", "references")
"""What there is to make again: a set of demonstrations, a checkpoint; a policy's episodes, everybody's episodes, references' alone."""
TRAINING = {"training", "policy"}


@pytest.fixture
def fingerprints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[RunConfig], dict[str, str]]]:
    """Of each of MADE under a configuration, without making anything."""
    forget()

    def make(config: RunConfig) -> dict[str, str]:
        recipe = config.recipe(HEAD, 0, find_split(config.split).training)
        spec = feature_spec(recipe, config.backbone_weights)
        folder = recipe.folder(spec, Path("out"))
        saved = tmp_path / folder.name
        if not saved.exists():
            save_head(saved, HeadSpec(HEAD, recipe.head_config, spec), create_backbone("video", 64, pretrained=False, frozen=False).mean_, {}) if False else None
            write_spec(saved, HeadSpec(HEAD, recipe.head_config, spec))
        seen: list[str] = []
        monkeypatch.setattr(stored, "load", lambda where: seen.append(where.name))
        monkeypatch.setattr(stored.Path, "exists", lambda self: True)
        stored.demonstrations(recipe.training, recipe.demos, recipe.demo_seed, Path("out"))
        monkeypatch.undo()
        return {
            "demonstrations": seen[0],
            "training": folder.name,
            "policy": content_hash(policy_state(config, saved, HEAD, folder.name, recipe.backbone)),
            "episodes": content_hash(episode_state(config, find_split(config.split))),
            "references": content_hash([reference_state(config, name) for name in config.references]),
        }

    yield make
    forget()
