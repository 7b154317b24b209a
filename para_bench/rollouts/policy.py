"""A policy: backbone + head behind one call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch

from para_bench.backbones.base import Backbone
from para_bench.backbones.runtimes import runtime_of
from para_bench.heads.base import Head, sees_depth
from para_bench.rollouts.ensembling import Ensemble
from para_bench.training.frozen import frozen_backbone
from para_bench.training.saved import BACKBONE_WEIGHTS, load_head
from para_bench.training.specification import read_spec
from para_bench.types import ActionChunk, HaltError, Observation

if TYPE_CHECKING:
    from para_bench.envs.env import TaskEnv


class Policy(Protocol):
    """Gives a rollout its waypoints."""

    looks: bool
    """Whether `act` needs an image; references do not, and none is drawn for them."""
    sees_depth: bool
    """Whether `act` needs a depth map with it; no other policy gets one."""

    def begin(self, env: TaskEnv, rng: np.random.Generator) -> None:
        """A new episode. Only the references may look into `env`."""
        ...

    def act(self, observation: Observation | None) -> ActionChunk:
        """The next T waypoints."""
        ...


class LearnedPolicy:
    """Backbone and head on one device."""

    looks = True

    def __init__(self, backbone: Backbone, head: Head) -> None:
        self.backbone, self.head = backbone, head.eval()
        self.sees_depth = sees_depth(head)
        self._generator = torch.Generator()
        self._decay: float | None = getattr(head, "ensemble", None)
        self._ensemble: Ensemble | None = None

    def begin(self, env: TaskEnv | None, rng: np.random.Generator) -> None:
        """`env` is None outside of an episode, where no chunks overlap.

        Raises:
            HaltError: images are not square: features are those of square ones.
        """
        if env is not None and not isinstance(env.image_size, int):
            height, width = env.image_size
            raise HaltError(f"images are {height} x {width} px; allowed for heads: square ones, image_size={self.backbone.image_size}")
        self.seed(int(rng.integers(2**31)))
        self._ensemble = None
        if self._decay is not None and env is not None and env.scene.rules.ensembles:
            self._ensemble, self._env = Ensemble(self._decay), env  # which counts the waypoints executed; nothing else of it is read

    def seed(self, seed: int) -> None:
        """Seed the policy's own noise for a new episode, with a number in [0, 2**31)."""
        self._generator.manual_seed(seed)

    @torch.inference_mode()
    def act(self, observation: Observation | None) -> ActionChunk:
        assert observation is not None
        device = next(self.head.parameters()).device
        image = torch.from_numpy(observation.image).to(device).permute(2, 0, 1)[None].float() / 255
        chunk = self.head.predict(self.backbone(image), observation, self._generator)
        return chunk if self._ensemble is None else self._ensemble.merged(chunk, self._env.steps)


def load_policy(folder: Path, backbone: str, image_size: int, weights: Path | None = None, decode: str | None = None) -> LearnedPolicy:
    """A checkpoint with its backbone: its own where it was fine-tuned, else the named one with its weights.

    The runtime that computed the features of its training computes those of its looks.

    `decode` says how heatmaps become places; None takes the checkpoint's own way.

    Raises:
        ParaBenchError: as `load_head`.
    """
    own = folder / BACKBONE_WEIGHTS
    runtime = runtime_of(read_spec(folder).features.backbone)
    frozen = frozen_backbone(backbone, image_size, own if own.exists() else weights, runtime=runtime)
    return LearnedPolicy(frozen, load_head(folder, frozen.spec, decode)[0])
