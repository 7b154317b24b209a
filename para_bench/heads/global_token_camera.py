"""Pooled-token regression in the camera's frame, mapped to world by the extrinsics.

A camera that moves with all it sees changes nothing in its own frame, so a head that answers there need not learn the pose; as in
OC-VLA (arXiv 2508.13103). The loss is taken after the mapping, in world, and is that of the other regression heads. The focal length
is an input: without it, nearer and magnified look alike.
"""

from __future__ import annotations

import torch
from torch import Tensor

from para_bench.heads.base import HeadConfig
from para_bench.heads.parts.headings import heading, turn
from para_bench.heads.parts.pooling import PooledToken
from para_bench.heads.parts.regression import ChunkMLP, Regression
from para_bench.tensors import STATE_DIM, Features, Look, decode_positions, encode_positions
from para_bench.types import ActionSpec, FeatureSpec

ORIGIN_M = (0.0, 0.0, 0.75)
SCALE_M = 0.26
"""Places in the camera's frame are relative to this point before it, in units of the workspace's longest half side: about [-1, 1]."""
USUAL_FOCAL = 1.3
"""Focal length of an image with side 1 and a field of view of 42 degrees; centres the input."""


class GlobalTokenCamera(Regression):
    """Pooled-token regression in the camera frame, mapped to world by the extrinsics."""

    sees = "RGB + calibration"

    def __init__(self, spec: FeatureSpec, config: HeadConfig) -> None:
        super().__init__(spec, config)
        width = 2 * config.width
        self.pool = PooledToken(spec, width, state_dim=STATE_DIM + 1)
        self.mlp = ChunkMLP(width, 4 * width, spec.actions.horizon)

    def regress(self, features: Features, look: Look) -> Tensor:
        focal = look.intrinsics[:, :1, 0] - USUAL_FOCAL
        pose, actions = look.world_from_camera, self.spec.actions
        state = torch.cat([camera_from_world(look.state[:, None], pose, actions)[:, 0], focal], dim=1)
        return world_from_camera(self.mlp(self.pool(features, look, state)), pose, actions)


def camera_from_world(encoded: Tensor, pose: Tensor, actions: ActionSpec) -> Tensor:
    """Encoded actions or states (B, T, 6) restated in the frames of cameras with these world poses (B, 4, 4).

    The yaw is then measured from the camera's right-hand direction, seen from above.
    """
    local = (decode_positions(encoded, actions) - pose[:, None, :3, 3]) @ pose[:, :3, :3]
    return torch.cat([(local - local.new_tensor(ORIGIN_M)) / SCALE_M, turn(encoded[..., 3:5], -heading(pose)), encoded[..., 5:]], dim=-1)


def world_from_camera(encoded: Tensor, pose: Tensor, actions: ActionSpec) -> Tensor:
    """Inverse of `camera_from_world`."""
    local = encoded[..., :3] * SCALE_M + encoded.new_tensor(ORIGIN_M)
    world = local @ pose[:, :3, :3].transpose(1, 2) + pose[:, None, :3, 3]
    return torch.cat([encode_positions(world, actions), turn(encoded[..., 3:5], heading(pose)), encoded[..., 5:]], dim=-1)
