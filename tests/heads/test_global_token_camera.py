"""Encoded actions in the camera's frame and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from para_bench.geometry import turn
from para_bench.heads.global_token_camera import camera_from_world, world_from_camera
from para_bench.tensors import encode_actions
from para_bench.types import ACTIONS

FLOAT32 = 2e-6


def encoded_and_poses(camera) -> tuple[np.ndarray, torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(0)  # any waypoints
    actions = rng.uniform([0.1, -0.2, 0.0, -1.5, 0.0], [0.3, 0.2, 0.1, 1.5, 1.0], (3, 7, 5))
    cameras = [camera, turn(camera, 4, -3, 40, 50), replace(turn(camera, -30, 8, 12, 40), position=(0.5, -0.6, 0.4))]
    poses = torch.from_numpy(np.stack([c.world_from_camera for c in cameras])).float()
    return actions, torch.from_numpy(encode_actions(actions)), poses


def test_out_undoes_in(scene) -> None:
    _, encoded, poses = encoded_and_poses(scene.camera)
    local = camera_from_world(encoded, poses, ACTIONS)
    torch.testing.assert_close(world_from_camera(local, poses, ACTIONS), encoded, atol=FLOAT32, rtol=0)
    assert (local - encoded).abs().max() > 0.5


def test_a_world_that_moves_with_its_camera_looks_the_same(scene) -> None:
    """Camera and waypoints turned by one yaw about the vertical and shifted along the table: nothing changes in the camera's frame."""
    actions, encoded, poses = encoded_and_poses(scene.camera)
    yaw, shift = 0.4, np.array([0.05, -0.1, 0.0])
    motion = np.eye(4)
    motion[:2, :2] = [[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]]
    motion[:3, 3] = shift
    moved = actions.copy()
    moved[..., :3] = actions[..., :3] @ motion[:3, :3].T + shift
    moved[..., 3] += yaw
    turned = torch.from_numpy(motion).float() @ poses
    found = camera_from_world(torch.from_numpy(encode_actions(moved)), turned, ACTIONS)
    torch.testing.assert_close(found, camera_from_world(encoded, poses, ACTIONS), atol=5e-6, rtol=0)
