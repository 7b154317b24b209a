"""PARA whose yaw, too, is read relative to the camera: what a pixel shows of an object's yaw turns with the camera.

Published PARA states rotation in the robot's frame, where the same picture means another yaw once the camera has moved, and was never
tested with rotation (its simulation runs used none). Here the yaw is measured from the camera's right-hand direction, seen from above, and
mapped to world by the extrinsics, as the position is. All else is `para`.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from para_bench.geometry import wrap_yaw
from para_bench.heads.para import Para
from para_bench.heads.parts.headings import heading, turn
from para_bench.tensors import Batch, Features
from para_bench.types import ActionChunk, Observation


class ParaCameraYaw(Para):
    """Pixel-aligned robot actions, yaw in the camera's frame."""

    def loss(self, features: Features, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        away = -heading(batch.world_from_camera)
        state, actions = batch.state.clone(), batch.actions.clone()
        state[:, 3:5] = turn(batch.state[:, None, 3:5], away)[:, 0]
        actions[..., 3] = _wrap(batch.actions[..., 3] + away[:, None])
        return super().loss(features, replace(batch, state=state, actions=actions))

    @torch.no_grad()
    def predict(self, features: Features, observation: Observation, generator: torch.Generator) -> ActionChunk:
        right = observation.camera.world_from_camera[:3, 0]
        away = float(torch.atan2(torch.tensor(right[1]), torch.tensor(right[0])))
        chunk = super().predict(features, replace(observation, gripper_yaw=observation.gripper_yaw - away), generator)
        actions = chunk.actions.copy()
        actions[:, 3] = wrap_yaw(actions[:, 3] + away)
        return replace(chunk, actions=actions)


def _wrap(yaw: Tensor) -> Tensor:
    """Modulo pi, to [-pi/2, pi/2): the jaw is symmetric."""
    return torch.remainder(yaw + torch.pi / 2, torch.pi) - torch.pi / 2
