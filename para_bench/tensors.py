"""What flows through a head as tensors: features, batches, and the encoding of states and actions.

Every head gets the same encoding, scaled by the box of the ActionSpec and never by the training set.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from para_bench.geometry import project, wrap_yaw
from para_bench.types import ACTIONS, ActionSpec, Camera, Observation

STATE_DIM = 6
"""Proprioception: x y z, sin and cos of twice the yaw, opening; all in about [-1, 1]."""
ENCODED_DIM = 6
"""An action as heads regress it: x y z, sin and cos of twice the yaw (the jaw is symmetric), opening; in about [-1, 1]."""
DEPTH_SIZE = 56
"""Side of the depth maps that heads get, whatever the image's: a point about every 10 mm of the table."""


class Features(NamedTuple):
    """What a backbone makes of images."""

    maps: tuple[Tensor, ...]
    """Finest first, shallow before deep. Shapes (B, D, H', W'), D and H' = W' as `FeatureSpec` says."""
    summary: Tensor | None = None
    """Class token. Shape (B, D); None for models without one."""

    def row(self, index: int) -> Features:
        """One image's features, B = 1."""
        summary = None if self.summary is None else self.summary[index : index + 1]
        return Features(tuple(level[index : index + 1] for level in self.maps), summary)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a head gets beside the features when the camera is read."""

    state: Tensor
    """Shape (B, STATE_DIM), see `encode_state`."""
    gripper_pixel: Tensor
    """The gripper now. Shape (B, 2): u, v as shares of the image, in [0, 1] when in view. Computed with the calibration, so part of it."""
    intrinsics: Tensor
    """Shape (B, 3, 3), pixels of an image with side 1."""
    world_from_camera: Tensor
    """Shape (B, 4, 4)."""
    depth: Tensor | None = None
    """Metres along the optical axis, 0 where unknown; only for heads that see it. Shape (B, DEPTH_SIZE, DEPTH_SIZE)."""


@dataclass(frozen=True, kw_only=True)
class Batch(Look):
    """Training windows: what was known at each frame, and the T waypoints that followed."""

    actions: Tensor
    """Shape (B, T, 5) as ActionSpec."""
    encoded: Tensor
    """The same as heads regress them, see `encode_actions`. Shape (B, T, ENCODED_DIM)."""
    action_pixels: Tensor
    """Projections of the waypoints into the present image. Shape (B, T, 2), shares of the image."""
    valid: Tensor
    """False where a timestep lies after the demonstration's end. Shape (B, T), bool."""

    def to(self, device: torch.device) -> Batch:
        return self._each(lambda value: value.to(device))

    def rows(self, index: Tensor) -> Batch:
        """The windows at `index` (B,)."""
        return self._each(lambda value: value[index])

    def _each(self, change: Callable[[Tensor], Tensor]) -> Batch:
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        return replace(self, **{name: change(value) for name, value in given.items() if value is not None})


def encode_state(position: np.ndarray, yaw: np.ndarray, opening: np.ndarray, spec: ActionSpec = ACTIONS) -> np.ndarray:
    """Proprioception (..., STATE_DIM), float32, from gripper position (..., 3) [m], yaw (...) [rad] and opening (...)."""
    return encode_actions(np.concatenate([position, np.asarray(yaw)[..., None], np.asarray(opening)[..., None]], axis=-1), spec)


def encode_actions(actions: np.ndarray, spec: ActionSpec = ACTIONS) -> np.ndarray:
    """Actions (..., 5) in the order and units of `spec` to (..., ENCODED_DIM), float32."""
    actions = np.asarray(actions, float)
    low, high = np.array(spec.low), np.array(spec.high)
    position = 2 * (actions[..., :3] - low) / (high - low) - 1
    double = 2 * actions[..., 3:4]
    return np.concatenate([position, np.sin(double), np.cos(double), 2 * actions[..., 4:] - 1], axis=-1).astype(np.float32)


def decode_actions(encoded: np.ndarray, spec: ActionSpec = ACTIONS) -> np.ndarray:
    """Inverse of `encode_actions`; the opening is clipped to [0, 1]."""
    encoded = np.asarray(encoded, float)
    low, high = np.array(spec.low), np.array(spec.high)
    position = (encoded[..., :3] + 1) / 2 * (high - low) + low
    yaw = wrap_yaw(np.arctan2(encoded[..., 3], encoded[..., 4]) / 2)
    opening = np.clip((encoded[..., 5] + 1) / 2, 0, 1)
    return np.concatenate([position, yaw[..., None], opening[..., None]], axis=-1)


def encode_positions(positions: Tensor, spec: ActionSpec = ACTIONS) -> Tensor:
    """World points (..., 3) [m] scaled as in `encode_actions`."""
    low, high = positions.new_tensor(spec.low), positions.new_tensor(spec.high)
    return 2 * (positions - low) / (high - low) - 1


def decode_positions(encoded: Tensor, spec: ActionSpec = ACTIONS) -> Tensor:
    """World points (..., 3) [m] of encoded actions or states (..., 6), inverse of `encode_positions`."""
    low, high = encoded.new_tensor(spec.low), encoded.new_tensor(spec.high)
    return (encoded[..., :3] + 1) / 2 * (high - low) + low


def pixel_shares(points: np.ndarray, camera: Camera) -> np.ndarray:
    """World points (..., 3) [m] to places in the image (..., 2) as shares of its sides."""
    return project(points, camera)[0] / [camera.width, camera.height]


def unit_intrinsics(camera: Camera) -> np.ndarray:
    """Intrinsics (3, 3) of the same view with image side 1."""
    return np.diag([1 / camera.width, 1 / camera.height, 1]) @ camera.intrinsics


def observation_tensors(observation: Observation, device: torch.device, spec: ActionSpec = ACTIONS) -> Look:
    """One observation in the form of a `Batch`, B = 1; `spec` is that of the head."""
    camera, position = observation.camera, observation.gripper_pose[:3]
    values = {
        "state": encode_state(position, np.array(observation.gripper_yaw), np.array(observation.gripper_opening), spec),
        "gripper_pixel": pixel_shares(position, camera),
        "intrinsics": unit_intrinsics(camera),
        "world_from_camera": camera.world_from_camera,
    }
    if observation.depth is not None:
        values["depth"] = thin_depth(observation.depth)
    return Look(**{name: torch.tensor(value, dtype=torch.float32, device=device)[None] for name, value in values.items()})


def thin_depth(depth: np.ndarray) -> np.ndarray:
    """A depth map (H, W) at DEPTH_SIZE: the value at each coarse cell's centre, since a mean over an edge lies on neither side."""
    rows, columns = ((((np.arange(DEPTH_SIZE) + 0.5) / DEPTH_SIZE) * side).astype(int) for side in depth.shape)
    return depth[np.ix_(rows, columns)]
