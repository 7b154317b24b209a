"""Stored demonstrations -> training windows, with their labels in every copy's own camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from para_bench.data.store import Demonstrations
from para_bench.tensors import Batch, encode_actions, encode_state, pixel_shares, unit_intrinsics
from para_bench.types import ACTIONS, Camera

GPU_SHARE = 0.5
"""Share of a GPU's free memory for the inputs of one training."""
GPU_RESERVE = 2 << 30
"""Bytes of a GPU's memory that inputs leave free in any case: a training through the largest backbone, batch 16, needs about as much."""


@dataclass(frozen=True)
class Windows:
    """One window an image."""

    batch: Batch
    """All windows as one batch on the CPU."""
    inputs: Sequence[np.ndarray | torch.Tensor]
    """What a learner reads, first axis = sample: feature levels (and the summary), or the images alone; memory-mapped, or on a GPU."""

    def __len__(self) -> int:
        return len(self.batch.state)

    def take(self, index: np.ndarray) -> tuple[list[torch.Tensor], Batch]:
        """The windows at `index` (B,), inputs in the precision in which they are kept."""
        where = torch.from_numpy(index)
        inputs = [
            level[where.to(level.device)] if isinstance(level, torch.Tensor) else torch.from_numpy(level[index]) for level in self.inputs
        ]
        return inputs, self.batch.rows(where)

    def on(self, device: torch.device, share: float = GPU_SHARE) -> Windows:
        """The inputs moved to a GPU, where reading them costs no copy; as they are where it has no room for them.

        Args:
            device: Where the learner is.
            share: Of the memory that is free beyond GPU_RESERVE, what these inputs may take; the rest is for the training itself
                and for other processes.
        """
        size = sum(level.nbytes for level in self.inputs)
        if device.type != "cuda" or size > share * (torch.cuda.mem_get_info(device)[0] - GPU_RESERVE):
            return self
        try:
            moved = [torch.from_numpy(np.array(level)).to(device) for level in self.inputs]
        except torch.OutOfMemoryError:  # another process was faster
            moved = None
        if moved is None or torch.cuda.mem_get_info(device)[0] < GPU_RESERVE:  # or as fast, and both together took too much
            del moved
            torch.cuda.empty_cache()
            return self
        return replace(self, inputs=moved)


def make_windows(
    demonstrations: Demonstrations,
    cameras: Sequence[Camera],
    frame: np.ndarray,
    inputs: Sequence[np.ndarray],
    depth: np.ndarray | None = None,
) -> Windows:
    """Label every image, each in its own camera.

    Args:
        demonstrations: Where the frames are from.
        cameras: The camera of each image (S of them).
        frame: Index of the frame that each image is of. Shape (S,), int.
        inputs: As `Windows.inputs`.
        depth: As `Look.depth`, one map an image.
    """
    frames = demonstrations.frames
    chunks, valid = chunks_of(demonstrations)
    state = encode_state(frames.gripper_pose[:, :3], frames.gripper_yaw, frames.gripper_opening)
    gripper_pixel = np.stack([pixel_shares(frames.gripper_pose[f, :3], camera) for f, camera in zip(frame, cameras, strict=True)])
    action_pixels = np.stack([pixel_shares(chunks[f, :, :3], camera) for f, camera in zip(frame, cameras, strict=True)])
    batch = Batch(
        state=torch.from_numpy(state[frame]),
        gripper_pixel=torch.from_numpy(gripper_pixel.astype(np.float32)),
        actions=torch.from_numpy(chunks[frame].astype(np.float32)),
        encoded=torch.from_numpy(encode_actions(chunks)[frame]),
        action_pixels=torch.from_numpy(action_pixels.astype(np.float32)),
        valid=torch.from_numpy(valid[frame]),
        intrinsics=torch.from_numpy(np.stack([unit_intrinsics(c) for c in cameras]).astype(np.float32)),
        world_from_camera=torch.from_numpy(np.stack([c.world_from_camera for c in cameras]).astype(np.float32)),
        depth=None if depth is None else torch.from_numpy(np.array(depth)),
    )
    return Windows(batch, inputs)


def chunks_of(demonstrations: Demonstrations) -> tuple[np.ndarray, np.ndarray]:
    """The T waypoints from each frame on (N, T, 5), the last one repeated past the end, and where they are real (N, T).

    Where frames are stored between waypoints, these are the waypoints one, two, ... times a waypoint's duration after the frame.
    """
    episode, actions = demonstrations.frames.episode, demonstrations.frames.actions
    index = np.arange(len(episode))
    last = np.searchsorted(episode, episode, side="right") - 1
    wanted = index[:, None] + demonstrations.stride * np.arange(ACTIONS.horizon)
    return actions[np.minimum(wanted, last[:, None])], wanted <= last[:, None]
