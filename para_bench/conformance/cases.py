"""Features, labels and observations that any head can be run on, made by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from para_bench.geometry import quat_from_matrix, rays, turn
from para_bench.tensors import DEPTH_SIZE, Batch, Features, encode_actions, encode_state, pixel_shares, unit_intrinsics
from para_bench.types import ACTIONS, Camera, FeatureSpec, Observation

SIZE_PX = 112
CAMERA = Camera((0.72033, 0.0, 0.55033), (0.27059805, -0.65328148, -0.65328148, 0.27059805), 42.0, SIZE_PX, SIZE_PX)
"""The default camera of the scenes, repeated here since heads and their rules know no simulator; a test checks that it is the same."""
SPECS = {
    "pyramid": FeatureSpec("toy@01234567", SIZE_PX, (6, 10), (14, 7)),
    "one map and a summary": FeatureSpec("toy@76543210", SIZE_PX, (8,), (8,), summary_dim=5),
}
DOWN = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
"""A gripper that points down and closes along y."""


@dataclass(frozen=True)
class Case:
    """Windows with their features, and the same windows as observations."""

    spec: FeatureSpec
    features: Features
    batch: Batch
    observations: list[Observation]

    def one(self, index: int) -> Features:
        """Features of one window, B = 1."""
        return self.features.row(index)


def make_case(spec: FeatureSpec, count: int = 4, seed: int = 0, camera: Camera | None = None) -> Case:
    """`count` windows: straight lines over the table, of which every other one ends early; seen by CAMERA if none is given."""
    camera = camera or CAMERA.resized(spec.image_size)
    rng = np.random.default_rng(seed)
    noise = torch.Generator().manual_seed(seed)
    low, high = [0.13, -0.15, 0.016, -1.5, 0], [0.26, 0.15, 0.075, 1.5, 1]
    start, end = rng.uniform(low, high, (count, 5)), rng.uniform(low, high, (count, 5))
    part = np.linspace(0, 1, ACTIONS.horizon)[None, :, None]
    actions = start[:, None] * (1 - part) + end[:, None] * part
    closing = (np.arange(count) // 2 % 2 == 0)[:, None]  # two windows close the jaw, the next two open it, each before its end
    start[:, 4:] = np.where(closing, 1.0, 0.4)
    actions[..., 4] = closing != (np.arange(ACTIONS.horizon) >= 3)
    valid = np.arange(ACTIONS.horizon) < np.where(np.arange(count) % 2, 5, ACTIONS.horizon)[:, None]
    depth = bumpy_table(rng, camera, count)
    batch = Batch(
        state=torch.from_numpy(encode_state(start[:, :3], start[:, 3], start[:, 4])),
        gripper_pixel=torch.from_numpy(pixel_shares(start[:, :3], camera).astype(np.float32)),
        actions=torch.from_numpy(actions.astype(np.float32)),
        encoded=torch.from_numpy(encode_actions(actions)),
        action_pixels=torch.from_numpy(pixel_shares(actions[..., :3], camera).astype(np.float32)),
        valid=torch.from_numpy(valid),
        intrinsics=torch.from_numpy(np.tile(unit_intrinsics(camera), (count, 1, 1)).astype(np.float32)),
        world_from_camera=torch.from_numpy(np.tile(camera.world_from_camera, (count, 1, 1)).astype(np.float32)),
        depth=torch.from_numpy(depth),
    )
    maps = tuple(torch.randn(count, d, s, s, generator=noise) for d, s in zip(spec.channels, spec.sizes, strict=True))
    features = Features(maps, torch.randn(count, spec.summary_dim, generator=noise) if spec.summary_dim else None)
    blank = np.zeros((camera.height, camera.width, 3), np.uint8)  # the features above stand for it
    pose = [np.r_[place[:3], quat_from_matrix(DOWN)] for place in start]
    observations = [Observation(blank, pose[i], float(start[i, 3]), float(start[i, 4]), camera, depth[i]) for i in range(count)]
    return Case(spec, features, batch, observations)


def bumpy_table(rng: np.random.Generator, camera: Camera, count: int) -> np.ndarray:
    """Depth maps (count, DEPTH_SIZE, DEPTH_SIZE) [m], float32, of surfaces 0 to 0.1 m above the table."""
    coarse = camera.resized(DEPTH_SIZE)
    down = rays(np.stack(np.meshgrid(*[np.arange(DEPTH_SIZE) + 0.5] * 2), axis=-1), coarse)[..., 2]
    return ((rng.uniform(0, 0.1, (count, DEPTH_SIZE, DEPTH_SIZE)) - camera.position[2]) / down).astype(np.float32)


def told_otherwise(case: Case) -> tuple[Batch, Observation]:
    """The same windows and the first observation with another calibration: a camera moved, turned and zoomed."""
    moved = replace(turn(case.observations[0].camera, 5.0, 3.0, 10.0, 46.0), position=(0.7, 0.3, 0.5))
    batch = replace(
        case.batch,
        gripper_pixel=case.batch.gripper_pixel + 0.1,
        intrinsics=torch.from_numpy(unit_intrinsics(moved)).float().expand_as(case.batch.intrinsics),
        world_from_camera=torch.from_numpy(moved.world_from_camera).float().expand_as(case.batch.world_from_camera),
    )
    return batch, replace(case.observations[0], camera=moved)
